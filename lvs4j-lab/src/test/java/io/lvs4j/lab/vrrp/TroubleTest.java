package io.lvs4j.lab.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.lvs4j.api.host.HardwareAddress;
import io.lvs4j.api.vrrp.Authentication;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.lab.network.Capture;
import io.lvs4j.lab.network.Client;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.Injector;
import io.lvs4j.lab.network.LabNetwork;
import io.lvs4j.lab.network.Probe;
import io.lvs4j.lab.peer.Program;
import io.lvs4j.lab.peer.Workspace;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What goes wrong around a router: each is a clear error or a state, none ends the router or makes
 * a second master without a word.
 */
@Execution(CONCURRENT)
class TroubleTest {
  private static final Duration INTERVAL = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final InetAddress VIP = Dialect.V3.virtualAddress();

  private LabNetwork network;
  private Workspace workspace;
  private Host a;
  private Host b;
  private Capture capture;

  @BeforeEach
  void connect() {
    Peers.assumeLab();
    workspace = Workspace.create();
    network = LabNetwork.of("a", "b", "c");
    a = network.host("a");
    b = network.host("b");
    capture = network.capture(workspace);
  }

  @AfterEach
  void disconnect() {
    try (var _ = network;
        var all = workspace) {
      assertThat(all).as("ended with its processes").isNotNull();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"V3", "V3_IPV6"})
  void anAddressRemovedBehindOurBackIsPutBack(Dialect dialect) {
    var vip = dialect.virtualAddress();
    try (var router = router(a, dialect.instance(a, b, 150, INTERVAL).build());
        var probe = Probe.from(network.host("c"), vip, Duration.ofMillis(1))) {
      router.start();
      awaitMaster(router);
      await().atMost(PATIENCE).until(() -> probe.answering(Duration.ofMillis(50)).isPresent());
      String[] words = a.ip("-oneline address show to " + vip.getHostAddress()).split(" +");
      a.ip("address delete " + words[3] + " dev " + words[1]);
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(snapshot(router)).contains("addressesRestored=1"));
      awaitLog(router, "AddressRestored");
      assertThat(a.has(vip)).isTrue();
      await().atMost(PATIENCE).until(() -> probe.answering(Duration.ofMillis(50)).isPresent());
      assertThat(snapshot(router)).contains("state=MASTER");
    }
  }

  @Test
  void aWrongPasswordIsCountedAndToldOf() {
    var ours = Dialect.V2_PASS.instance(a, b, 150, Duration.ofSeconds(1)).build();
    var theirs =
        Dialect.V2_PASS
            .instance(b, a, 100, Duration.ofSeconds(1))
            .authentication(Authentication.password("other"))
            .build();
    try (var first = router(a, ours);
        var second = router(b, theirs)) {
      first.start();
      second.start();
      // Neither can tell the other's adverts from a stranger's: both are masters, but not silently.
      for (var each : List.of(first, second)) {
        await()
            .atMost(PATIENCE)
            .untilAsserted(() ->
                assertThat(snapshot(each)).contains("AUTHENTICATION_FAILURE=").contains("MASTER"));
        awaitLog(each, "password");
        assertThat(each.log()).doesNotContain("secret12");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Peers.class)
  void anotherListOfAddressesMakesNoSecondMaster(Peers master) {
    try (var first =
            new Router(
                workspace,
                a,
                master.program(),
                List.of(Dialect.V3.instance(a, b, 150, INTERVAL).build()));
        var second =
            router(
                b,
                Dialect.V3
                    .instance(b, a, 100, INTERVAL)
                    .virtualAddress("10.77.0.101/24")
                    .build())) {
      first.start();
      awaitMaster(first);
      second.start();
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(snapshot(second)).containsPattern("ADDRESS_LIST=\\d{2}"));
      assertThat(snapshot(second)).contains("state=BACKUP");
      awaitLog(second, "10.77.0.101");
      assertThat(capture.adverts(b)).isEmpty();
    }
  }

  @Test
  void aVirtualRouterIdThatAnotherGroupUsesIsToldOf() {
    var otherGroup =
        VrrpInstance.builder("VI_51")
            .networkInterface(Host.CARD)
            .virtualRouterId(51)
            .priority(100)
            .version(VrrpVersion.V3)
            .advertisementInterval(INTERVAL)
            .virtualAddress("10.77.0.200/24")
            .build();
    try (var first = router(a, Dialect.V3.instance(a, b, 150, INTERVAL).build());
        var second = router(b, otherGroup)) {
      first.start();
      second.start();
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(snapshot(second)).contains("ADDRESS_LIST="));
      awaitLog(second, "10.77.0.100");
      awaitLog(second, "10.77.0.200");
    }
  }

  @Test
  void anAddressThatIsInUseElsewhereIsToldOf() {
    var c = network.host("c");
    try (var router = router(a, Dialect.V3.instance(a, b, 150, INTERVAL).build());
        var station = Injector.on(c)) {
      router.start();
      awaitMaster(router);
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> {
            station.send(gratuitousArp(c.card(), VIP));
            assertThat(snapshot(router)).containsPattern("addressConflicts=[1-9]");
          });
      awaitLog(router, "also used by 02:00:00:00:00:03");
    }
  }

  private static byte[] gratuitousArp(HardwareAddress station, InetAddress address) {
    return ByteBuffer.allocate(42)
        .put(HexFormat.of().parseHex("ffffffffffff"))
        .put(station.bytes())
        .put(HexFormat.of().parseHex("08060001080006040001"))
        .put(station.bytes())
        .put(address.getAddress())
        .put(HexFormat.of().parseHex("ffffffffffff"))
        .put(address.getAddress())
        .array();
  }

  @Test
  void anInterfaceThatIsMissingIsAFaultUntilItComes() {
    var instance =
        VrrpInstance.builder("VI_51")
            .networkInterface("eth9")
            .virtualRouterId(51)
            .version(VrrpVersion.V3)
            .advertisementInterval(INTERVAL)
            .virtualAddress("10.78.0.100/24")
            .build();
    try (var router = router(a, instance)) {
      router.start();
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(snapshot(router)).contains("state=FAULT").contains("eth9"));
      awaitLog(router, "Fault[");
      a.ip("link add eth9 type veth peer name eth10");
      a.ip("address add 10.78.0.1/24 dev eth9");
      a.ip("link set eth10 up");
      a.ip("link set eth9 up");
      awaitState(router, "MASTER");
      a.ip("link delete eth9");
      awaitState(router, "FAULT");
      assertThat(a.has(InetAddress.ofLiteral("10.78.0.100"))).isFalse();
    }
  }

  @Test
  void anInterfaceThatIsDownIsAFaultUntilItIsUp() {
    a.ip("link set eth0 down");
    try (var router = router(a, Dialect.V3.instance(a, b, 150, INTERVAL).build())) {
      router.start();
      awaitState(router, "FAULT");
      assertThat(a.has(VIP)).isFalse();
      var up = Instant.now();
      a.ip("link set eth0 up");
      awaitState(router, "MASTER");
      assertThat(capture.adverts(a)).noneMatch(advert -> advert.at().isBefore(up));
      var client = new Client(network.host("c"));
      await().atMost(PATIENCE).until(() -> client.ping(VIP));
    }
  }

  @Test
  void withoutPrivilegeTheStartFailsAndSaysWhatIsMissing() {
    var setpriv = Program.find("setpriv");
    assumeTrue(setpriv.isPresent(), "setpriv is not installed");
    var command =
        new ArrayList<>(
            setpriv
                .orElseThrow()
                .command("--bounding-set=-net_raw,-net_admin", "--inh-caps=-net_raw,-net_admin"));
    command.addAll(
        Lvs4jProgram.small()
            .command(workspace, List.of(Dialect.V3.instance(a, b, 150, INTERVAL).build())));
    var process = a.start(workspace, command);
    assertThatThrownBy(() -> process.finish(PATIENCE))
        .hasMessageContaining("exit status 3")
        .hasMessageContaining("CAP_NET_RAW")
        .hasMessageContaining("CAP_NET_ADMIN");
  }

  @Test
  void twoInstancesWithOneIdOnOneLinkAreRefused() {
    var one = Dialect.V3.instance(a, b, 150, INTERVAL).build();
    var other =
        VrrpInstance.builder("VI_other")
            .networkInterface(Host.CARD)
            .virtualRouterId(51)
            .version(VrrpVersion.V3)
            .virtualAddress("10.77.0.101/24")
            .build();
    var process = a.start(workspace, Lvs4jProgram.small().command(workspace, List.of(one, other)));
    assertThatThrownBy(() -> process.finish(PATIENCE))
        .hasMessageContaining("exit status 2")
        .hasMessageContaining("VI_other");
  }

  private Router router(Host host, VrrpInstance instance) {
    return new Router(workspace, host, Lvs4jProgram.small(), List.of(instance));
  }

  private void awaitMaster(Router router) {
    capture.awaitAdvert(router.host(), Instant.MIN, PATIENCE, advert -> advert.priority() > 0);
  }

  /** The log is written by another thread than the state is shown by. */
  private static void awaitLog(Router router, String text) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(router.log()).containsIgnoringCase(text));
  }

  private static void awaitState(Router router, String state) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(snapshot(router)).contains("state=" + state));
  }

  private static String snapshot(Router router) {
    return router.running().ask("");
  }
}
