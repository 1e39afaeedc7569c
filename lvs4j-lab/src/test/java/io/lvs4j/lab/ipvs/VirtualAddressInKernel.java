package io.lvs4j.lab.ipvs;

import static io.lvs4j.lab.lvs.Family.IPV6;
import static io.lvs4j.lab.lvs.LvsSite.PORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.core.Director;
import io.lvs4j.lab.lvs.LvsSite;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.Session;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A director that holds its virtual address itself, by VRRP: what the kernel takes it for. */
class VirtualAddressInKernel {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final InetAddress vip = IPV6.virtualAddress();

  private Director director(LvsSite site) {
    var instance =
        VrrpInstance.builder("VI_6")
            .networkInterface(Host.CARD)
            .virtualRouterId(61)
            .version(VrrpVersion.V3)
            .advertisementInterval(Duration.ofMillis(100))
            .virtualAddress("fe80::61")
            .virtualAddress(vip.getHostAddress())
            .build();
    var server =
        VirtualServer.tcp(vip.getHostAddress(), PORT)
            .forwarding(ForwardingMethod.TUNNEL)
            .realServer(site.real(1).ipv6().getHostAddress(), PORT)
            .build();
    return KernelDirector.start(
        site.director(), plane -> plane, builder -> builder.vrrp(instance).virtualServer(server));
  }

  private String held(LvsSite site) {
    return site.director().ip("-6 -oneline address show dev eth0 to " + vip.getHostAddress());
  }

  /**
   * A tunnel whose outer packets came from the virtual address would end at the real server, which
   * has that address itself. The kernel would choose it: no other is as like to the real server's.
   */
  @Test
  void ofIpv6ItIsNeverChosenAsTheSourceOfATunnel() {
    try (var site = LvsSite.of(1, 1)) {
      site.tunnels(vip);
      var capture = site.capture();
      try (var _ = director(site)) {
        await("the address").atMost(PATIENCE).until(() -> !held(site).isBlank());
        // It is held anew each second, which must not change what it is.
        await("deprecated")
            .during(Duration.ofMillis(2200))
            .atMost(PATIENCE)
            .until(() -> held(site).contains("deprecated"));
        assertThat(Session.once(site.client(), vip, PORT))
            .hasValue("real1 " + site.client().ipv6().getHostAddress());
        var opening = capture.awaitPackets(2, Seen::opening);
        assertThat(opening.get(1))
            .matches(Seen.between(site.director(), site.real(1)))
            .matches(Seen.outer(site.director().ipv6(), site.real(1).ipv6()));
      }
    }
  }
}
