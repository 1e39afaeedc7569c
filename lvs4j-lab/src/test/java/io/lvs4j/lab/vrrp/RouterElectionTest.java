package io.lvs4j.lab.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpListener;
import io.lvs4j.api.vrrp.VrrpState;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.lab.network.Beacon;
import io.lvs4j.lab.network.Client;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.LabNetwork;
import io.lvs4j.lab.peer.Jvm;
import io.lvs4j.lab.peer.Workspace;
import io.lvs4j.vrrp.router.VrrpRouter;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;

/** Two routers on two hosts of one link, and a third host that looks for the virtual address. */
@Execution(CONCURRENT)
@Timeout(180)
class RouterElectionTest {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);
  private static final InetAddress VIP = InetAddress.ofLiteral("10.77.0.100");

  private final List<VrrpEvent> events = new CopyOnWriteArrayList<>();
  private LabNetwork network;
  private Host one;
  private Host two;
  private Client client;

  @BeforeEach
  void connect() {
    LabNetwork.obstacle().ifPresent(Assumptions::abort);
    network = LabNetwork.of("one", "two", "client");
    one = network.host("one");
    two = network.host("two");
    client = new Client(network.host("client"));
  }

  @AfterEach
  void disconnect() {
    if (network != null) {
      network.close();
    }
  }

  private VrrpInstance instance(int priority, Duration interval) {
    return VrrpInstance.builder("VI_1")
        .networkInterface("eth0")
        .virtualRouterId(51)
        .version(VrrpVersion.V3)
        .advertisementInterval(interval)
        .priority(priority)
        .virtualAddress(VIP.getHostAddress() + "/24")
        .build();
  }

  private VrrpRouter start(Host host, int priority) {
    return start(host, priority, Duration.ofMillis(100));
  }

  private VrrpRouter start(Host host, int priority, Duration interval) {
    return host.call(() -> {
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

  private boolean isServedBy(Host host) {
    return client.connect(VIP).equals(OptionalInt.of(host.number()));
  }

  private static VrrpState state(VrrpRouter router) {
    return router.snapshot("VI_1").orElseThrow().state();
  }

  @Test
  void theStrongerHoldsTheAddressAndTheOtherTakesOver() throws Exception {
    try (var here = Beacon.on(one);
        var there = Beacon.on(two);
        var backup = start(two, 100)) {
      var master = start(one, 150);
      try (master) {
        await().atMost(LONG_ENOUGH).until(() -> state(master) == VrrpState.MASTER);
        await().atMost(LONG_ENOUGH).until(() -> state(backup) == VrrpState.BACKUP);
        assertThat(network.holders(VIP)).containsExactly(one);
        await().atMost(LONG_ENOUGH).until(() -> isServedBy(one));
        assertThat(backup.snapshot().getFirst().master()).contains(one.ipv4());
      }
      assertThat(network.holders(VIP)).doesNotContain(one);
      assertThat(state(master)).isEqualTo(VrrpState.STOPPED);
      await().atMost(LONG_ENOUGH).until(() -> state(backup) == VrrpState.MASTER);
      assertThat(network.holders(VIP)).containsExactly(two);
      assertThat(isServedBy(two)).isTrue();
      var counters = backup.snapshot().getFirst().counters();
      assertThat(counters.priorityZeroReceived()).isOne();
      assertThat(counters.errors()).isEmpty();
      assertThat(events).anyMatch(event -> event instanceof VrrpEvent.Stopped);
    }
    assertThat(network.holders(VIP)).isEmpty();
  }

  /** The weakest backup waits for a whole interval, in which nobody would have the address. */
  @Test
  void aMasterThatEndsServesUntilItsSuccessorDoes() throws Exception {
    var interval = Duration.ofSeconds(3);
    try (var here = Beacon.on(one);
        var there = Beacon.on(two);
        var backup = start(two, 1, interval)) {
      var master = start(one, 255, interval);
      await().atMost(LONG_ENOUGH).until(() -> isServedBy(one));
      // Not on the common pool: with two processors it has one thread, and ip's end needs it.
      var closing = CompletableFuture.runAsync(master::close, Thread::startVirtualThread);
      await()
          .atMost(LONG_ENOUGH)
          .until(() -> backup.snapshot().getFirst().counters().priorityZeroReceived() == 1);

      boolean served = isServedBy(one);
      assertThat(network.holders(VIP)).containsExactly(one);
      assertThat(closing).isNotDone();
      assertThat(state(backup)).as("nobody has taken over meanwhile").isEqualTo(VrrpState.BACKUP);
      assertThat(served).as("served after the last advert").isTrue();

      await().atMost(LONG_ENOUGH).until(() -> state(backup) == VrrpState.MASTER);
      closing.get(20, TimeUnit.SECONDS);
      assertThat(state(master)).isEqualTo(VrrpState.STOPPED);
      assertThat(network.holders(VIP)).containsExactly(two);
      assertThat(isServedBy(two)).isTrue();
      assertThat(backup.snapshot().getFirst().counters().errors()).isEmpty();
    }
  }

  @Test
  void anAddressThatSomebodyRemovesIsPutBackAndToldOf() throws Exception {
    try (var router = start(one, 150)) {
      await().atMost(LONG_ENOUGH).until(() -> network.holders(VIP).equals(List.of(one)));
      var device = one.ip("-oneline address show to " + VIP.getHostAddress()).split(" +")[1];

      one.ip("address delete " + VIP.getHostAddress() + "/32 dev " + device);

      await()
          .atMost(LONG_ENOUGH)
          .until(() -> events.stream().anyMatch(VrrpEvent.AddressRestored.class::isInstance));
      assertThat(network.holders(VIP)).containsExactly(one);
      var shown = router.snapshot().getFirst();
      assertThat(shown.state()).isEqualTo(VrrpState.MASTER);
      assertThat(shown.counters().addressesRestored()).isOne();
    }
  }

  @Test
  void aCutCableIsAFaultAndTheMendedOneEndsIt() throws Exception {
    try (var weaker = start(two, 100);
        var stronger = start(one, 150)) {
      await().atMost(LONG_ENOUGH).until(() -> state(stronger) == VrrpState.MASTER);

      one.pullCable();
      await().atMost(LONG_ENOUGH).until(() -> state(stronger) == VrrpState.FAULT);
      assertThat(stronger.snapshot().getFirst().reason()).isEqualTo("interface eth0: no carrier");
      await().atMost(LONG_ENOUGH).until(() -> network.holders(VIP).equals(List.of(two)));
      assertThat(state(weaker)).isEqualTo(VrrpState.MASTER);

      one.plugCable();
      await().atMost(LONG_ENOUGH).until(() -> state(stronger) == VrrpState.MASTER);
      await().atMost(LONG_ENOUGH).until(() -> network.holders(VIP).equals(List.of(one)));
    }
  }

  @Test
  void anInterfaceThatIsDeletedAndMadeAnewIsSpokenOnAgain() throws Exception {
    try (var router = start(one, 150)) {
      await().atMost(LONG_ENOUGH).until(() -> state(router) == VrrpState.MASTER);
      one.removeCard();
      await().atMost(LONG_ENOUGH).until(() -> state(router) == VrrpState.FAULT);
      assertThat(router.snapshot().getFirst().reason())
          .isEqualTo("interface eth0: not on this host");
      assertThat(network.holders(VIP)).isEmpty();

      one.newCard();
      await().atMost(LONG_ENOUGH).until(() -> state(router) == VrrpState.MASTER);
      try (var other = start(two, 100)) {
        await().atMost(LONG_ENOUGH).until(() -> state(other) == VrrpState.BACKUP);
        var shown = other.snapshot().getFirst();
        await()
            .atMost(LONG_ENOUGH)
            .until(() -> other.snapshot().getFirst().counters().advertsReceived() > 5);
        assertThat(shown.state()).isEqualTo(VrrpState.BACKUP);
      }
    }
  }

  private static List<String> holder() {
    return Jvm.command(List.of(), HeldAddressProcess.class, "150", VIP.getHostAddress() + "/24");
  }

  @Test
  void aKilledProcessLeavesNoAddressBehindAndTheBackupTakesOver() throws Exception {
    try (var workspace = Workspace.create();
        var backup = start(two, 100)) {
      var process = one.start(workspace, holder());
      assertThat(process.line()).isEqualTo("master");
      assertThat(network.holders(VIP)).contains(one);
      await().atMost(LONG_ENOUGH).until(() -> state(backup) == VrrpState.BACKUP);

      process.kill();

      await().atMost(LONG_ENOUGH).until(() -> network.holders(VIP).equals(List.of(two)));
      assertThat(state(backup)).isEqualTo(VrrpState.MASTER);
      assertThat(backup.snapshot().getFirst().counters().priorityZeroReceived()).isZero();
    }
  }

  @Test
  void aProcessWithoutPrivilegeIsToldWhatItLacksAllAtOnce() throws Exception {
    var command = new ArrayList<>(List.of("setpriv", "--reuid=65534"));
    command.addAll(List.of("--clear-groups", "--inh-caps=-all"));
    command.addAll(holder());
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isOne();
    assertThat(output)
        .contains("io.lvs4j.api.StartException")
        .contains("CAP_NET_RAW: missing, needed to send and hear adverts (expected: run as root")
        .contains("CAP_NET_ADMIN: missing, needed to hold addresses (expected: run as root");
  }
}
