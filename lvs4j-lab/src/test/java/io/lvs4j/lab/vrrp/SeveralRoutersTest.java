package io.lvs4j.lab.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.lvs4j.api.vrrp.AdvertError;
import io.lvs4j.api.vrrp.HmacAuthentication;
import io.lvs4j.api.vrrp.HmacKey;
import io.lvs4j.api.vrrp.SyncGroup;
import io.lvs4j.api.vrrp.Tracker;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpSnapshot;
import io.lvs4j.api.vrrp.VrrpState;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.lab.network.Capture;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.LabNetwork;
import io.lvs4j.lab.peer.Workspace;
import io.lvs4j.vrrp.router.VrrpRouter;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;

/** What only lvs4j on both sides can show: sync groups by Java trackers, and signed adverts. */
@Execution(CONCURRENT)
class SeveralRoutersTest {
  private static final Duration INTERVAL = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private LabNetwork network;
  private Workspace workspace;
  private Host a;
  private Host b;

  @BeforeEach
  void connect() {
    Peers.assumeLab();
    workspace = Workspace.create();
    network = LabNetwork.of("a", "b");
    a = network.host("a");
    b = network.host("b");
  }

  @AfterEach
  void disconnect() {
    try (var _ = network;
        var all = workspace) {
      assertThat(all).as("ended with its processes").isNotNull();
    }
  }

  @Test
  void theInstancesOfASyncGroupMoveTogether() {
    var well = new AtomicBoolean(true);
    var check = Tracker.check("well", well::get).every(Duration.ofMillis(50)).fall(1).rise(1);
    try (var stronger =
            start(
                a, group(instance("inside", 51, 150).track(check), instance("outside", 52, 150)));
        var weaker = start(b, group(instance("inside", 51, 100), instance("outside", 52, 100)))) {
      awaitStates(stronger, VrrpState.MASTER, VrrpState.MASTER);
      awaitStates(weaker, VrrpState.BACKUP, VrrpState.BACKUP);

      well.set(false);
      awaitStates(weaker, VrrpState.MASTER, VrrpState.MASTER);
      assertThat(states(stronger)).containsOnly(VrrpState.FAULT);
      assertThat(addresses(stronger)).isEmpty();
      assertThat(b.has(address(51)) && b.has(address(52))).as("both on b").isTrue();

      well.set(true);
      awaitStates(stronger, VrrpState.MASTER, VrrpState.MASTER);
      awaitStates(weaker, VrrpState.BACKUP, VrrpState.BACKUP);
      assertThat(b.has(address(51)) || b.has(address(52))).as("one on b").isFalse();
    }
  }

  @Test
  void signedAdvertsAreBelievedAndThoseOfAnotherKeyAreNot() {
    try (var master = start(a, signed(150, "the one key"));
        var backup = start(b, signed(100, "the one key"))) {
      awaitStates(master, VrrpState.MASTER);
      awaitStates(backup, VrrpState.BACKUP);
      await()
          .atMost(PATIENCE)
          .until(() -> backup.snapshot().getFirst().counters().advertsReceived() > 5);
      assertThat(backup.snapshot().getFirst().counters().errors()).isEmpty();
    }
    try (var one = start(a, signed(150, "the one key"));
        var other = start(b, signed(100, "another key"))) {
      // Neither believes the other, as with a wrong password: both are master, and both say why.
      awaitStates(one, VrrpState.MASTER);
      awaitStates(other, VrrpState.MASTER);
      for (var router : List.of(one, other)) {
        await()
            .atMost(PATIENCE)
            .until(() ->
                router.snapshot().getFirst().counters().errors().keySet().stream()
                    .anyMatch(AdvertError.AUTHENTICATION_FAILURE::equals));
      }
    }
  }

  @Test
  void aUnicastRouterWhoseFaultIsOverTellsTheLinkWhereItIs() {
    Capture capture = network.capture(workspace);
    var well = new AtomicBoolean(false);
    var check = Tracker.check("well", well::get).every(Duration.ofMillis(50)).fall(1).rise(1);
    var instance = Dialect.V3_UNICAST.instance(a, b, 100, INTERVAL).track(check).build();
    try (var router = start(a, VrrpRouter.builder().instance(instance))) {
      awaitStates(router, VrrpState.FAULT);
      assertThat(capture.announcements(a, a.ipv4(), Instant.EPOCH)).isEmpty();
      well.set(true);
      await()
          .atMost(PATIENCE)
          .until(() -> !capture.announcements(a, a.ipv4(), Instant.EPOCH).isEmpty());
    }
  }

  private VrrpInstance.Builder instance(String name, int id, int priority) {
    return VrrpInstance.builder(name)
        .networkInterface(Host.CARD)
        .virtualRouterId(id)
        .version(VrrpVersion.V3)
        .priority(priority)
        .advertisementInterval(INTERVAL)
        .virtualAddress(address(id).getHostAddress() + "/24");
  }

  private static InetAddress address(int id) {
    return InetAddress.ofLiteral("10.77.0." + (100 + id));
  }

  private static VrrpRouter.Builder group(VrrpInstance.Builder... instances) {
    var router = VrrpRouter.builder();
    var group = SyncGroup.builder("VG_1");
    for (var each : instances) {
      var instance = each.build();
      router.instance(instance);
      group.instance(instance.name());
    }
    return router.syncGroup(group.build());
  }

  private VrrpRouter.Builder signed(int priority, String secret) {
    var key = HmacKey.of(1, Arrays.copyOf(secret.getBytes(StandardCharsets.US_ASCII), 32));
    return VrrpRouter.builder()
        .instance(
            instance("VI_1", 51, priority).authentication(HmacAuthentication.of(key)).build());
  }

  private static VrrpRouter start(Host host, VrrpRouter.Builder builder) {
    return host.call(() -> {
      var router = builder.build();
      router.start();
      return router;
    });
  }

  private static List<VrrpState> states(VrrpRouter router) {
    return router.snapshot().stream().map(VrrpSnapshot::state).toList();
  }

  private static List<?> addresses(VrrpRouter router) {
    return router.snapshot().stream().flatMap(each -> each.heldAddresses().stream()).toList();
  }

  private static void awaitStates(VrrpRouter router, VrrpState... expected) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(states(router)).containsExactly(expected));
  }
}
