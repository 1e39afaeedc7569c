package io.lvs4j.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerSnapshot;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Checks pause while the virtual address is elsewhere. */
class HaSuspendTest {
  private static final Endpoint A = RealServer.of("10.0.0.1", 80).endpoint();
  private static final InetAddress VIP = RealServer.of("192.0.2.1", 1).endpoint().address();
  private static final Duration LOOK = Duration.ofMillis(1100);

  private final VirtualLoop loop = new VirtualLoop();
  private final MemoryPlane plane = new MemoryPlane();
  private final ScriptedHealth health = new ScriptedHealth();
  private final Set<InetAddress> here = new HashSet<>();
  private int looks;
  private final Engine engine =
      new Engine(
          loop,
          plane,
          health,
          List.of(),
          (wanted, found) -> {
            looks++;
            var both = new HashSet<>(wanted);
            both.retainAll(here);
            found.accept(both);
          });

  @AfterEach
  void close() {
    engine.close();
  }

  private static VirtualServer.Builder web() {
    return VirtualServer.tcp("192.0.2.1", 80)
        .healthCheck(HealthCheck.tcp())
        .realServer("10.0.0.1", 80)
        .haSuspend();
  }

  private boolean checking() {
    assertThat(snapshot().checking()).isEqualTo(!health.watches.getLast().suspended);
    return snapshot().checking();
  }

  private VirtualServerSnapshot snapshot() {
    return engine.snapshot().join().virtualServers().getFirst();
  }

  @Test
  void checksFollowTheAddressOfTheHost() {
    engine.add(List.of(web().build())).join();
    assertThat(checking()).isFalse();
    here.add(VIP);
    loop.pass(LOOK);
    assertThat(checking()).isTrue();
    here.clear();
    loop.pass(LOOK);
    assertThat(checking()).isFalse();
  }

  @Test
  void anAddressThatIsHereAtTheStartIsFoundAtTheStart() {
    here.add(VIP);
    engine.add(List.of(web().build())).join();
    loop.pass(Duration.ZERO);
    assertThat(checking()).isTrue();
  }

  @Test
  void checksFollowTheInstanceAndNobodyLooksForTheAddress() {
    engine.add(List.of(web().whileMaster("VI_1").build())).join();
    assertThat(checking()).isFalse();
    engine.master("VI_2", true);
    assertThat(checking()).isFalse();
    engine.master("VI_1", true);
    assertThat(checking()).isTrue();
    engine.master("VI_1", false);
    assertThat(checking()).isFalse();
    assertThat(looks).isZero();
  }

  @Test
  void whatIsKnownStaysWhileChecksArePaused() {
    here.add(VIP);
    engine.add(List.of(web().sorryServer("10.0.0.9", 80).build())).join();
    health.verdict(A, false, "gone");
    here.clear();
    loop.pass(LOOK);
    assertThat(checking()).isFalse();
    assertThat(snapshot().realServers().getFirst().up()).isFalse();
    assertThat(snapshot().sorryServerActive()).isTrue();
  }

  @Test
  void serversAndChecksThatComeMeanwhileWaitToo() {
    var web = web().build();
    engine.add(List.of(web)).join();
    engine.addServer(web.id(), RealServer.of("10.0.0.2", 80)).join();
    assertThat(health.watches).hasSize(2).allMatch(each -> each.suspended);
    engine.update(web.toBuilder().healthCheck(HealthCheck.http("/")).build()).join();
    assertThat(checking()).isFalse();
  }

  @Test
  void itCanBeTurnedOnAndOffLive() {
    var off = VirtualServer.tcp("192.0.2.1", 80).realServer(RealServer.of("10.0.0.1", 80));
    var web = off.healthCheck(HealthCheck.tcp()).build();
    engine.add(List.of(web)).join();
    assertThat(checking()).isTrue();
    engine.update(web.toBuilder().haSuspend().build()).join();
    assertThat(checking()).isFalse();
    engine.update(web).join();
    assertThat(checking()).isTrue();
    loop.pass(LOOK);
    int before = looks;
    loop.pass(Duration.ofMinutes(1));
    assertThat(looks).as("nobody looks any more").isEqualTo(before);
  }

  @Test
  void theWildcardAddressIsAlwaysHere() {
    engine
        .add(
            List.of(
                VirtualServer.tcp("0.0.0.0", 80)
                    .healthCheck(HealthCheck.tcp())
                    .realServer("10.0.0.1", 80)
                    .haSuspend()
                    .build()))
        .join();
    assertThat(checking()).isTrue();
  }

  @Test
  void aFirewallMarkHasToFollowAnInstance() {
    var marked = VirtualServer.firewallMark(7, AddressFamily.IPV4).haSuspend();
    assertThatThrownBy(marked::build)
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("HA suspend: with a firewall mark");
    assertThat(marked.whileMaster("VI_1").build().isHaSuspended()).isTrue();
  }

  @Test
  void thisHostKnowsItsOwnAddresses() throws Exception {
    var found = new java.util.concurrent.CompletableFuture<Set<InetAddress>>();
    var loopback = InetAddress.getByName("127.0.0.77");
    new LocalAddresses().find(Set.of(loopback, VIP), found::complete);
    assertThat(found.get(10, java.util.concurrent.TimeUnit.SECONDS)).containsExactly(loopback);
  }
}
