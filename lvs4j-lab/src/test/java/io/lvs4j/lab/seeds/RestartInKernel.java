package io.lvs4j.lab.seeds;

import static io.lvs4j.lab.lvs.Family.IPV4;
import static io.lvs4j.lab.lvs.LvsSite.PORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.lab.lvs.Ipvsadm;
import io.lvs4j.lab.lvs.LvsSite;
import io.lvs4j.lab.network.Session;
import io.lvs4j.lab.peer.RunningProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code lvs4j run} started over a table that serves already, well and in vain. */
class RestartInKernel {
  private static final String VIP = IPV4.virtualAddress().getHostAddress();
  private static final Duration LONG_ENOUGH = Duration.ofMinutes(1);
  private static final String REALS =
      """
        real_server 10.77.0.3 80 {
          TCP_CHECK {
          }
        }
        real_server 10.77.0.4 80 {
          TCP_CHECK {
          }
        }
      """;

  private final LvsSite site = LvsSite.of(1, 2);
  private final Ipvsadm ipvsadm = new Ipvsadm(site.director());

  @BeforeEach
  void prepare() {
    site.directRouting(IPV4.virtualAddress());
    site.hold(site.director(), IPV4.virtualAddress());
  }

  @AfterEach
  void close() {
    site.close();
  }

  private static String web(String settings) {
    return "virtual_server "
        + VIP
        + " 80 {\n"
        + settings
        + "lb_kind DR\nprotocol TCP\n"
        + REALS
        + "}\n";
  }

  /** A virtual server whose scheduler Debian's kernel for User-Mode-Linux hasn't got. */
  private static String twos() {
    return """
    virtual_server 10.77.0.101 80 {
      lb_algo twos
      lb_kind DR
      protocol TCP
      real_server 10.77.0.3 80 {
      }
    }
    """;
  }

  private Path file(String text) {
    try {
      return Files.writeString(site.workspace().directory("run").resolve("k.conf"), text);
    } catch (IOException refused) {
      throw new UncheckedIOException(refused);
    }
  }

  private RunningProcess start(String... arguments) {
    return site.director().start(site.workspace(), RunJvm.command(arguments));
  }

  private RunningProcess ready(String... arguments) {
    var process = start(arguments);
    RunProgram.awaitReady(site.director(), process);
    return process;
  }

  private static void awaitEnd(RunningProcess process) {
    await().atMost(LONG_ENOUGH).until(() -> !process.isAlive());
  }

  private TreeSet<String> table() {
    return new TreeSet<>(ipvsadm.save());
  }

  @Test
  void whatServesStaysUntilACheckSaysOtherwise() {
    var conf =
        file(
            web("alpha\ndelay_loop 60\nlb_algo rr\n" + "sorry_server 10.77.0.250 80\nwarmup 20\n"));
    var first = ready("run", conf.toString());
    await().atMost(LONG_ENOUGH).until(() -> ipvsadm.save().size() == 3);
    var served = table();
    first.kill();
    try (var session = Session.open(site.client(), IPV4.virtualAddress(), PORT)) {
      var over = new AtomicBoolean();
      var tables =
          CompletableFuture.supplyAsync(() -> {
            var seen = new ArrayList<TreeSet<String>>();
            while (!over.get()) {
              seen.add(table());
            }
            return seen;
          });
      var second = ready("run", conf.toString());
      over.set(true);
      assertThat(tables.join()).isNotEmpty().allSatisfy(seen -> assertThat(seen).isEqualTo(served));
      assertThat(table()).isEqualTo(served);
      assertThat(session.server()).startsWith("real");
      assertThat(second.log()).contains("taken over with 0 changes");
      RunProgram.end(second);
    }
    assertThat(table()).isEmpty();
  }

  @Test
  void aStartThatFailsChangesNothing() {
    var conf = file(web("lb_algo rr\n"));
    var first = ready("run", conf.toString(), "--admin", "127.0.0.1:7700");
    await().atMost(LONG_ENOUGH).until(() -> ipvsadm.save().size() == 3);
    var served = table();
    try (var session = Session.open(site.client(), IPV4.virtualAddress(), PORT)) {
      var again = start("run", conf.toString(), "--admin", "127.0.0.1:7700");
      awaitEnd(again);
      assertThat(again.log()).contains("--admin 127.0.0.1:7700");
      assertThat(table()).isEqualTo(served);
      first.kill();

      var strict = start("run", file(web("lb_algo wrr\n") + twos()).toString(), "--strict");
      awaitEnd(strict);
      assertThat(strict.log())
          .contains(
              "virtual_server 10.77.0.101:80/tcp: scheduler: twos, which this kernel doesn't have"
                  + " (expected: modprobe ip_vs_twos, or another one)");
      assertThat(table()).isEqualTo(served);
      assertThat(session.server()).startsWith("real");
    }
  }

  @Test
  void aVirtualServerThatThisKernelCanNotDoIsLeftOutAndTheCheckSaysSo() {
    var conf = file(web("lb_algo rr\n") + twos()).toString();
    var check = start("run", conf, "--check", "--plane", "ipvs");
    awaitEnd(check);
    var left = "scheduler: twos, which this kernel doesn't have";
    assertThat(check.log()).contains(left);
    assertThat(site.director().run("sh", "-c", "ipvsadm -S -n")).isBlank();

    var process = ready("run", conf);
    assertThat(process.log()).contains(left).contains("the virtual server is left out");
    assertThat(ipvsadm.save()).hasSize(3).allMatch(line -> line.contains(VIP));
    RunProgram.end(process);
  }

  @Test
  void theTimeoutsOfAFileAreSetForAsLongAsItRuns() {
    var before = ipvsadm.run("-L --timeout");
    for (var each :
        List.of(
            List.of("udp 30", "900 120 30"),
            List.of("tcp 7200", "7200 120 300"),
            List.of("tcp 100 tcpfin 20 udp 30", "100 20 30"))) {
      var conf =
          file("global_defs {\n lvs_timeouts " + each.getFirst() + "\n}\n" + web("lb_algo rr\n"));
      var process = ready("run", conf.toString());
      assertThat(ipvsadm.run("-L --timeout")).contains(each.getLast());
      RunProgram.end(process);
      assertThat(ipvsadm.run("-L --timeout")).isEqualTo(before);
    }
  }
}
