package io.lvs4j.lab.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpState;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.LabNetwork;
import io.lvs4j.lab.peer.RunningProcess;
import io.lvs4j.lab.peer.Workspace;
import io.lvs4j.vrrp.router.VrrpRouter;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One VRID twice on one interface, each with a peer of its own by unicast: a keepalived that knows
 * nothing of the other.
 */
@Execution(CONCURRENT)
@Timeout(180)
class SharedRouterIdTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration INTERVAL = Duration.ofMillis(200);

  private record Family(boolean ipv6) {
    String of(Host host) {
      return (ipv6 ? host.ipv6() : host.ipv4()).getHostAddress();
    }

    String virtual(int number) {
      return (ipv6 ? "2001:db8:77::" : "10.77.0.") + number;
    }

    VrrpInstance.Builder instance(String name, Host host, Host other, int priority, int number) {
      var builder =
          VrrpInstance.builder(name)
              .networkInterface(Host.CARD)
              .virtualRouterId(51)
              .version(VrrpVersion.V3)
              .advertisementInterval(INTERVAL)
              .priority(priority)
              .sourceAddress(of(host))
              .unicastPeer(of(other));
      return ipv6
          ? builder
              .virtualAddress("fe80::" + number + "/64")
              .virtualAddress(virtual(number) + "/64")
          : builder.virtualAddress(virtual(number) + "/24");
    }
  }

  @ParameterizedTest(name = "over IPv6: {0}")
  @ValueSource(booleans = {false, true})
  void eachPeerCompetesWithItsOwnInstanceAlone(boolean ipv6) {
    Peers.assumeLab();
    var keepalived = Peers.KEEPALIVED.program();
    var family = new Family(ipv6);
    var first = InetAddress.ofLiteral(family.virtual(101));
    var second = InetAddress.ofLiteral(family.virtual(102));
    try (var network = LabNetwork.of("a", "b", "c");
        var workspace = Workspace.create()) {
      var a = network.host("a");
      var b = network.host("b");
      var c = network.host("c");
      try (var router =
          started(
              a,
              family.instance("VI_1", a, b, 150, 101).build(),
              family.instance("VI_2", a, c, 150, 102).build())) {
        awaitStates(router, VrrpState.MASTER, VrrpState.MASTER);

        // The stronger peer of the one, the weaker one of the other.
        var stronger =
            peer(b, workspace, keepalived, family.instance("VI_1", b, a, 200, 101).build());
        var weaker =
            peer(c, workspace, keepalived, family.instance("VI_2", c, a, 100, 102).build());
        awaitStates(router, VrrpState.BACKUP, VrrpState.MASTER);
        await()
            .atMost(PATIENCE)
            .untilAsserted(() -> {
              assertThat(network.holders(first)).containsExactly(b);
              assertThat(network.holders(second)).containsExactly(a);
            });
        await()
            .atMost(PATIENCE)
            .until(() -> router.snapshot("VI_1").orElseThrow().counters().advertsReceived() > 10);
        assertThat(router.snapshot("VI_1").orElseThrow().counters().errors()).isEmpty();
        assertThat(router.snapshot("VI_2").orElseThrow().counters().errors()).isEmpty();
        assertThat(keepalived.isListening(weaker.log())).isTrue();

        stronger.close();
        awaitStates(router, VrrpState.MASTER, VrrpState.MASTER);
        await().atMost(PATIENCE).until(() -> network.holders(first).equals(List.of(a)));
      }
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> {
            assertThat(network.holders(first)).isEmpty();
            assertThat(network.holders(second)).containsExactly(c);
          });
    }
  }

  private static RunningProcess peer(
      Host host, Workspace workspace, RouterProgram program, VrrpInstance instance) {
    return host.start(workspace, program.command(workspace, List.of(instance)));
  }

  private static VrrpRouter started(Host host, VrrpInstance... instances) {
    return host.call(() -> {
      var builder = VrrpRouter.builder();
      List.of(instances).forEach(builder::instance);
      var router = builder.build();
      router.start();
      return router;
    });
  }

  private static void awaitStates(VrrpRouter router, VrrpState first, VrrpState second) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          assertThat(router.snapshot("VI_1").orElseThrow().state()).isEqualTo(first);
          assertThat(router.snapshot("VI_2").orElseThrow().state()).isEqualTo(second);
        });
  }
}
