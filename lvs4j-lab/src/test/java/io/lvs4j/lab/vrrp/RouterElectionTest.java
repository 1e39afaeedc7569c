package io.lvs4j.lab.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpListener;
import io.lvs4j.api.vrrp.VrrpState;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.vrrp.router.VrrpRouter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;

/** Two routers on two hosts of one link, and a third host that looks for the virtual address. */
@Execution(CONCURRENT)
@Timeout(180)
class RouterElectionTest {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);
  private static final String VIP = "10.88.0.100";

  private final List<VrrpEvent> events = new CopyOnWriteArrayList<>();
  private RouterHosts hosts;

  @BeforeEach
  void connect() throws Exception {
    assumeTrue(RouterHosts.obstacle().isEmpty(), RouterHosts.obstacle());
    hosts = RouterHosts.connect(3);
  }

  @AfterEach
  void disconnect() throws Exception {
    if (hosts != null) {
      hosts.close();
    }
  }

  private VrrpInstance instance(int priority, Duration interval) {
    return VrrpInstance.builder("VI_1")
        .networkInterface("eth0")
        .virtualRouterId(51)
        .version(VrrpVersion.V3)
        .advertisementInterval(interval)
        .priority(priority)
        .virtualAddress(VIP + "/24")
        .build();
  }

  private VrrpRouter start(int host, int priority) throws Exception {
    return start(host, priority, Duration.ofMillis(100));
  }

  private VrrpRouter start(int host, int priority, Duration interval) throws Exception {
    return hosts.in(
        host,
        () -> {
          var router =
              VrrpRouter.builder()
                  .instance(instance(priority, interval))
                  .listener(
                      new VrrpListener() {
                        @Override
                        public void onEvent(VrrpEvent event) {
                          events.add(event);
                        }
                      })
                  .build();
          router.start();
          return router;
        });
  }

  private static VrrpState state(VrrpRouter router) {
    return router.snapshot("VI_1").orElseThrow().state();
  }

  @Test
  void theStrongerHoldsTheAddressAndTheOtherTakesOver() throws Exception {
    try (var here = hosts.in(1, () -> new ServerSocket(8080));
        var there = hosts.in(2, () -> new ServerSocket(8080));
        var backup = start(2, 100)) {
      var master = start(1, 150);
      try (master) {
        await().atMost(LONG_ENOUGH).until(() -> state(master) == VrrpState.MASTER);
        await().atMost(LONG_ENOUGH).until(() -> state(backup) == VrrpState.BACKUP);
        assertThat(hosts.holders(VIP)).containsExactly(1);
        await().atMost(LONG_ENOUGH).until(() -> hosts.connects(3, VIP, 8080));
        assertThat(backup.snapshot().getFirst().master())
            .contains(InetAddress.ofLiteral("10.88.0.1"));
      }
      assertThat(hosts.holders(VIP)).doesNotContain(1);
      assertThat(state(master)).isEqualTo(VrrpState.STOPPED);
      await().atMost(LONG_ENOUGH).until(() -> state(backup) == VrrpState.MASTER);
      assertThat(hosts.holders(VIP)).containsExactly(2);
      assertThat(hosts.connects(3, VIP, 8080)).isTrue();
      var counters = backup.snapshot().getFirst().counters();
      assertThat(counters.priorityZeroReceived()).isOne();
      assertThat(counters.errors()).isEmpty();
      assertThat(events).anyMatch(event -> event instanceof VrrpEvent.Stopped);
    }
    assertThat(hosts.holders(VIP)).isEmpty();
  }

  /** The weakest backup waits for a whole interval, in which nobody would have the address. */
  @Test
  void aMasterThatEndsServesUntilItsSuccessorDoes() throws Exception {
    var interval = Duration.ofSeconds(3);
    try (var here = hosts.in(1, () -> new ServerSocket(8080));
        var there = hosts.in(2, () -> new ServerSocket(8080));
        var backup = start(2, 1, interval)) {
      var master = start(1, 255, interval);
      await().atMost(LONG_ENOUGH).until(() -> hosts.connects(3, VIP, 8080));
      var closing = CompletableFuture.runAsync(master::close);
      await()
          .atMost(LONG_ENOUGH)
          .until(() -> backup.snapshot().getFirst().counters().priorityZeroReceived() == 1);

      boolean served = hosts.connects(3, VIP, 8080);
      assertThat(hosts.holders(VIP)).containsExactly(1);
      assertThat(closing).isNotDone();
      assertThat(state(backup)).as("nobody has taken over meanwhile").isEqualTo(VrrpState.BACKUP);
      assertThat(served).as("served after the last advert").isTrue();

      await().atMost(LONG_ENOUGH).until(() -> state(backup) == VrrpState.MASTER);
      closing.get(20, TimeUnit.SECONDS);
      assertThat(state(master)).isEqualTo(VrrpState.STOPPED);
      assertThat(hosts.holders(VIP)).containsExactly(2);
      assertThat(hosts.connects(3, VIP, 8080)).isTrue();
      assertThat(backup.snapshot().getFirst().counters().errors()).isEmpty();
    }
  }

  @Test
  void anAddressThatSomebodyRemovesIsPutBackAndToldOf() throws Exception {
    try (var router = start(1, 150)) {
      await().atMost(LONG_ENOUGH).until(() -> hosts.holders(VIP).equals(List.of(1)));
      var device = hosts.ip(1, "-oneline address show to " + VIP).split(" +")[1];

      hosts.ip(1, "address delete " + VIP + "/32 dev " + device);

      await()
          .atMost(LONG_ENOUGH)
          .until(() -> events.stream().anyMatch(VrrpEvent.AddressRestored.class::isInstance));
      assertThat(hosts.holders(VIP)).containsExactly(1);
      var shown = router.snapshot().getFirst();
      assertThat(shown.state()).isEqualTo(VrrpState.MASTER);
      assertThat(shown.counters().addressesRestored()).isOne();
    }
  }

  @Test
  void aCutCableIsAFaultAndTheMendedOneEndsIt() throws Exception {
    try (var weaker = start(2, 100);
        var stronger = start(1, 150)) {
      await().atMost(LONG_ENOUGH).until(() -> state(stronger) == VrrpState.MASTER);

      hosts.cable(1, false);
      await().atMost(LONG_ENOUGH).until(() -> state(stronger) == VrrpState.FAULT);
      assertThat(stronger.snapshot().getFirst().reason()).isEqualTo("interface eth0: no carrier");
      await().atMost(LONG_ENOUGH).until(() -> hosts.holders(VIP).equals(List.of(2)));
      assertThat(state(weaker)).isEqualTo(VrrpState.MASTER);

      hosts.cable(1, true);
      await().atMost(LONG_ENOUGH).until(() -> state(stronger) == VrrpState.MASTER);
      await().atMost(LONG_ENOUGH).until(() -> hosts.holders(VIP).equals(List.of(1)));
    }
  }

  @Test
  void anInterfaceThatIsDeletedAndMadeAnewIsSpokenOnAgain() throws Exception {
    try (var router = start(1, 150)) {
      await().atMost(LONG_ENOUGH).until(() -> state(router) == VrrpState.MASTER);
      hosts.ip(1, "link delete eth0");
      await().atMost(LONG_ENOUGH).until(() -> state(router) == VrrpState.FAULT);
      assertThat(router.snapshot().getFirst().reason())
          .isEqualTo("interface eth0: not on this host");
      assertThat(hosts.holders(VIP)).isEmpty();

      hosts.plug(1);
      await().atMost(LONG_ENOUGH).until(() -> state(router) == VrrpState.MASTER);
      try (var other = start(2, 100)) {
        await().atMost(LONG_ENOUGH).until(() -> state(other) == VrrpState.BACKUP);
        var shown = other.snapshot().getFirst();
        await()
            .atMost(LONG_ENOUGH)
            .until(() -> other.snapshot().getFirst().counters().advertsReceived() > 5);
        assertThat(shown.state()).isEqualTo(VrrpState.BACKUP);
      }
    }
  }

  @Test
  void aKilledProcessLeavesNoAddressBehindAndTheBackupTakesOver() throws Exception {
    try (var backup = start(2, 100)) {
      var process =
          new ProcessBuilder(
                  "ip",
                  "netns",
                  "exec",
                  hosts.namespace(1),
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  "--enable-native-access=ALL-UNNAMED",
                  HeldAddressProcess.class.getName(),
                  "150",
                  VIP + "/24")
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try {
        assertThat(process.inputReader().readLine()).isEqualTo("master");
        assertThat(hosts.holders(VIP)).contains(1);
        await().atMost(LONG_ENOUGH).until(() -> state(backup) == VrrpState.BACKUP);
      } finally {
        process.destroyForcibly().waitFor();
      }
      await().atMost(LONG_ENOUGH).until(() -> hosts.holders(VIP).equals(List.of(2)));
      assertThat(state(backup)).isEqualTo(VrrpState.MASTER);
      assertThat(backup.snapshot().getFirst().counters().priorityZeroReceived()).isZero();
    }
  }

  @Test
  void aProcessWithoutPrivilegeIsToldWhatItLacksAllAtOnce() throws Exception {
    var process =
        new ProcessBuilder(
                "setpriv",
                "--reuid=65534",
                "--clear-groups",
                "--inh-caps=-all",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "--enable-native-access=ALL-UNNAMED",
                HeldAddressProcess.class.getName(),
                "150",
                VIP + "/24")
            .redirectErrorStream(true)
            .start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isOne();
    assertThat(output)
        .contains("io.lvs4j.api.StartException")
        .contains("CAP_NET_RAW: missing, needed to send and hear adverts (expected: run as root")
        .contains("CAP_NET_ADMIN: missing, needed to hold addresses (expected: run as root");
  }
}
