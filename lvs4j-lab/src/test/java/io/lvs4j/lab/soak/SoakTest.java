package io.lvs4j.lab.soak;

import static io.lvs4j.lab.soak.Traffic.answers;
import static io.lvs4j.lab.soak.Traffic.echoes;
import static io.lvs4j.lab.soak.Traffic.flood;
import static io.lvs4j.lab.soak.Traffic.hold;
import static io.lvs4j.lab.soak.Traffic.start;
import static io.lvs4j.lab.soak.Traffic.unfinishedHeader;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.lab.peer.FreePorts;
import io.lvs4j.lab.peer.Jvm;
import io.lvs4j.lab.peer.Program;
import io.lvs4j.lab.peer.RunningProcess;
import io.lvs4j.lab.peer.Workspace;
import io.lvs4j.lab.soak.Traffic.DatagramEcho;
import io.lvs4j.lab.soak.Traffic.Echo;
import io.lvs4j.lab.soak.Traffic.Endless;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Load of all kinds, exhaustion and faults, on a director with 128 MiB of heap and 300 descriptors,
 * in a process of its own. {@code -Dlvs4j.soak.minutes=30} lets it last; without that it is over in
 * half a minute. It prints its figures once a minute.
 */
class SoakTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofSeconds(15);
  private static final int DESCRIPTORS = 300;
  private static final int MOST_RECORDS_A_MINUTE = 100;

  /** What the director says of itself. */
  private record Figures(
      boolean running,
      int loopsLost,
      long faults,
      int descriptors,
      long direct,
      long heap,
      int connections) {
    static Figures of(RunningProcess director) {
      var words = director.ask("figures").split(" ", -1);
      return new Figures(
          Boolean.parseBoolean(words[0]),
          Integer.parseInt(words[1]),
          Long.parseLong(words[2]),
          Integer.parseInt(words[3]),
          Long.parseLong(words[4]),
          Long.parseLong(words[5]),
          Integer.parseInt(words[6]));
    }
  }

  private final SplittableRandom random =
      new SplittableRandom(Long.getLong("lvs4j.seed", 20261201L));
  private int[] ports = {};

  @Test
  void aDirectorInWantOfEverythingLosesNoLoopAndLeaksNothing() throws Exception {
    var prlimit = Program.find("prlimit");
    assumeTrue(prlimit.isPresent(), "prlimit is not installed");
    long minutes = Long.getLong("lvs4j.soak.minutes", 0);
    var duration = minutes == 0 ? SHORT : Duration.ofMinutes(minutes);
    ports = IntStream.generate(FreePorts::next).distinct().limit(9).toArray();
    try (var workspace = Workspace.create();
        var first = new Echo(ports[5]);
        var second = new Echo(ports[6]);
        var stream = new Endless(ports[7]);
        var datagrams = new DatagramEcho(ports[8])) {
      var command =
          new ArrayList<>(prlimit.get().command("--nofile=" + DESCRIPTORS + ":" + DESCRIPTORS));
      command.addAll(
          Jvm.command(
              List.of("-Xmx128m"),
              SoakDirector.class,
              Arrays.stream(ports).mapToObj(Integer::toString).toArray(String[]::new)));
      var director = workspace.start("soak", command).awaitListening(ports[0]);
      assertServes();
      round(director, second);
      var before = quiet(director);
      long began = System.nanoTime();
      long nextMinute = began + TimeUnit.MINUTES.toNanos(1);
      int records = records(director);
      int recordsBefore = records;
      while (System.nanoTime() - began < duration.toNanos()) {
        round(director, second);
        assertServes();
        if (System.nanoTime() - nextMinute > 0) {
          nextMinute += TimeUnit.MINUTES.toNanos(1);
          var now = Figures.of(director);
          System.out.println(
              "soak: " + now + ", " + (records(director) - records) + " records logged");
          assertThat(records(director) - records).isLessThan(MOST_RECORDS_A_MINUTE);
          records = records(director);
          assertThat(now.running()).isTrue();
          assertThat(now.loopsLost()).isZero();
        }
      }
      var after = quiet(director);
      System.out.println(
          "soak: before "
              + before
              + ", after "
              + after
              + ", "
              + (records(director) - recordsBefore)
              + " records logged in "
              + duration);
      assertThat(after.running()).isTrue();
      assertThat(after.loopsLost()).isZero();
      assertThat(after.faults()).isGreaterThan(before.faults());
      assertThat(after.descriptors()).isLessThanOrEqualTo(before.descriptors() + 10);
      assertThat(after.direct()).isLessThanOrEqualTo(before.direct() + (16L << 20));
      assertThat(after.heap()).isLessThanOrEqualTo(before.heap() + (16L << 20));
    }
  }

  /** Waits until nothing is open, and returns what the director takes then. */
  private static Figures quiet(RunningProcess director) {
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> Figures.of(director).connections() == 0);
    return Figures.of(director);
  }

  private static int records(RunningProcess director) {
    return Traffic.records(director.log());
  }

  /** Each virtual server does its work, as soon as what exhausts it has gone. */
  private void assertServes() {
    await("plain TCP").atMost(SOON).until(() -> echoes(ports[0], ""));
    await("TCP with headers")
        .atMost(SOON)
        .until(() -> echoes(ports[1], "PROXY TCP4 192.0.2.1 198.51.100.2 1 80\r\n"));
    await("UDP").atMost(SOON).until(() -> answers(ports[4]));
    await("a scheduler that works once in four times")
        .atMost(SOON)
        .until(() -> echoes(ports[3], ""));
  }

  /** Five seconds' worth of trouble, all of it at once. */
  private void round(RunningProcess director, Echo flapping) throws Exception {
    long seed = random.nextLong();
    var all = new ArrayList<Thread>();
    all.add(start(() -> hold(60 + (int) (seed & 0xff), ports[0], new byte[] {1})));
    all.add(start(() -> hold(60, ports[1], unfinishedHeader())));
    all.add(start(() -> hold(60, ports[2], new byte[] {1})));
    all.add(start(() -> flood(400, ports[4])));
    all.add(
        start(() -> {
          for (int i = 0; i < 50; i++) {
            var _ = echoes(ports[3], "");
          }
        }));
    if ((seed & 0x700) == 0) {
      flapping.pause();
    } else {
      flapping.resume();
    }
    // It may be refused for want of descriptors, as a whole.
    assertThat(director.ask("reload")).isIn("reloaded", "refused");
    for (var each : all) {
      each.join();
    }
    await("a reload with descriptors to be had")
        .atMost(SOON)
        .until(() -> director.ask("reload").equals("reloaded"));
  }
}
