package io.lvs4j.lab.seeds;

import static io.lvs4j.lab.seeds.SeedRouter.Reader.KEEPALIVED;
import static io.lvs4j.lab.seeds.SeedRouter.Reader.LVS4J;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.lab.network.Capture;
import io.lvs4j.lab.network.LabNetwork;
import io.lvs4j.lab.peer.Keepalived;
import io.lvs4j.lab.seeds.SeedPair.Observed;
import io.lvs4j.lab.seeds.SeedRouter.Reader;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * keepalived and {@code lvs4j run} with the same files, those of the documents as they stand there:
 * the same events, and the same to be seen of them. Adverts are a second apart in these files, so
 * that most of it takes its time: {@code -Dlvs4j.seeds=side-by-side} runs it all.
 */
@Timeout(240)
class SameFileTest {
  private static final String BROKEN = "#!/bin/sh\nexit 1\n";

  /** What is done to a pair of routers. */
  private interface Story {
    Observed play(Reader master, Reader backup);
  }

  @BeforeEach
  void assumeThatTheyCanBeRun() {
    LabNetwork.obstacle().ifPresent(Assumptions::abort);
    Capture.obstacle().ifPresent(Assumptions::abort);
    assumeTrue(Keepalived.find().isPresent(), "keepalived is not installed");
    Machine.obstacle().ifPresent(Assumptions::abort);
  }

  private static void assumeAskedFor() {
    assumeTrue(
        "side-by-side".equals(System.getProperty("lvs4j.seeds")),
        "adverts of 1 s make it last: -Dlvs4j.seeds=side-by-side");
  }

  /** Seed 004, its scripts with it: who is told what, and what a script that fails moves. */
  @Test
  void seed004TheSameIsSeenOfBoth() throws Exception {
    same(SameFileTest::scripts, LVS4J, LVS4J);
  }

  @ParameterizedTest
  @CsvSource({"LVS4J, LVS4J", "KEEPALIVED, LVS4J", "LVS4J, KEEPALIVED"})
  void seed004AsPeersAndWithAllThatHappens(Reader master, Reader backup) throws Exception {
    assumeAskedFor();
    same(SameFileTest::scriptsAndAllElse, master, backup);
  }

  private static Observed scripts(Reader master, Reader backup) {
    return scripts(master, backup, false);
  }

  private static Observed scriptsAndAllElse(Reader master, Reader backup) {
    return scripts(master, backup, true);
  }

  private static Observed scripts(Reader master, Reader backup, boolean allElse) {
    try (var pair = new SeedPair("ens33", "192.168.199.10", master, backup)) {
      var good = Seed.file("004-ck_httpd.sh");
      pair.both(machine ->
          machine
              .daemon("httpd")
              .file("ck_httpd.sh", good)
              .file("start_haproxy.sh", Seed.file("004-start_haproxy.sh")));
      files(pair, Seed.file("004-vrrp.conf"));
      pair.start();

      pair.master.machine().file("ck_httpd.sh", BROKEN);
      pair.awaitHeld("the master's script fails", pair.backup);

      if (allElse) {
        pair.master.machine().file("ck_httpd.sh", good);
        pair.awaitHeld("the master's script is good again", pair.master);
        leavesAndComesBack(pair);
        isKilled(pair);
      } else {
        pair.backup.stop();
        pair.awaitHeld("the backup is stopped", pair.master);
      }
      return pair.observed();
    }
  }

  /** Seed 000: it has a file for each of the two. */
  @ParameterizedTest
  @CsvSource({"LVS4J, LVS4J", "KEEPALIVED, LVS4J", "LVS4J, KEEPALIVED"})
  void seed000(Reader master, Reader backup) throws Exception {
    assumeAskedFor();
    same(SameFileTest::stops, master, backup);
  }

  private static Observed stops(Reader master, Reader backup) {
    try (var pair = new SeedPair("ens33", "172.16.28.120", master, backup)) {
      pair.master.machine().file("keepalived.conf", Seed.file("000-master.conf"));
      pair.backup.machine().file("keepalived.conf", Seed.file("000-backup.conf"));
      pair.start();
      leavesAndComesBack(pair);
      isKilled(pair);
      return pair.observed();
    }
  }

  /**
   * Seed 001: its scripts, the one that never is good as keepalived runs it, and what goes away.
   */
  @ParameterizedTest
  @CsvSource({"LVS4J, LVS4J", "KEEPALIVED, LVS4J", "LVS4J, KEEPALIVED"})
  void seed001(Reader master, Reader backup) throws Exception {
    assumeAskedFor();
    same(SameFileTest::mistakes, master, backup);
  }

  private static Observed mistakes(Reader master, Reader backup) {
    try (var pair = new SeedPair("eth0", "192.168.0.200", master, backup)) {
      pair.both(machine -> machine.daemon("nginx"));
      files(pair, Seed.file("001-keepalived.conf"));
      pair.start();

      pair.master.machine().file("down", "");
      pair.awaitHeld("a down-file, which this script doesn't see", pair.master);

      pair.master.end("nginx");
      pair.awaitHeld("nginx is gone from the master", pair.backup);

      leavesAndComesBack(pair);
      isKilled(pair);
      return pair.observed();
    }
  }

  /** The documents say what is other in the backup's file. */
  private static void files(SeedPair pair, String master) {
    var backup =
        master
            .replaceFirst("state MASTER", "state BACKUP")
            .replaceFirst("priority 100", "priority 99");
    assertThat(backup).isNotEqualTo(master);
    pair.master.machine().file("keepalived.conf", master);
    pair.backup.machine().file("keepalived.conf", backup);
  }

  private static void leavesAndComesBack(SeedPair pair) {
    pair.master.stop();
    pair.awaitHeld("the master is stopped", pair.backup);
    pair.master.start();
    pair.master.awaitReady();
    pair.awaitHeld("the master is back", pair.master);
  }

  /** On purpose not the same: what lvs4j holds goes with its process. */
  private static void isKilled(SeedPair pair) {
    pair.master.kill();
    if (pair.master.reader() == KEEPALIVED) {
      pair.awaitHeld("the master is killed", pair.master, pair.backup);
    } else {
      pair.awaitHeld("the master is killed", pair.backup);
    }
    pair.different("the master is killed");
  }

  /** Two of keepalived, and these two; at the same time, for they mostly wait. */
  private static void same(Story story, Reader master, Reader backup) throws Exception {
    Callable<Observed> keepalived = () -> story.play(KEEPALIVED, KEEPALIVED);
    Callable<Observed> lvs4j = () -> story.play(master, backup);
    try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      var expected = threads.submit(keepalived);
      var seen = threads.submit(lvs4j);
      assertThat(seen.get()).isEqualTo(expected.get());
    }
  }
}
