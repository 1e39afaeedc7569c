package io.lvs4j.linux.netlink;

import static io.lvs4j.linux.TwoHosts.in;
import static io.lvs4j.linux.TwoHosts.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.api.host.HardwareAddress;
import io.lvs4j.linux.TwoHosts;
import io.lvs4j.linux.kernel.NativeKernel;
import io.lvs4j.linux.netlink.RouteMonitor.News;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The kernel of this machine, beside what the {@code ip} command says. */
@Timeout(180)
class RealRouteNetlinkTest {
  private TwoHosts hosts;
  private RouteNetlink route;

  @BeforeEach
  void connect() throws Exception {
    assumeTrue(TwoHosts.obstacle().isEmpty(), TwoHosts.obstacle());
    hosts = TwoHosts.connect();
    route = in(hosts.here(), () -> RouteNetlink.open(new NativeKernel()));
  }

  @AfterEach
  void disconnect() throws Exception {
    try (var all = hosts) {
      if (route != null) {
        route.close();
      }
    }
  }

  @Test
  void linksAreListed() throws Exception {
    assertThat(route.links()).extracting(Link::name).containsExactlyInAnyOrder("lo", "eth0");
    var eth0 = route.link("eth0").orElseThrow();
    assertThat(ip(hosts.here(), "link show eth0"))
        .contains(eth0.hardwareAddress().orElseThrow().toString());
    assertThat(eth0.isAdministrativelyUp()).isTrue();
    assertThat(eth0.operationalState()).isEqualTo(6);
    assertThat(route.link("lo").orElseThrow().hardwareAddress()).isEmpty();
    assertThat(route.link("eth9")).isEmpty();
  }

  @Test
  void addressesComeBackAsTheyWerePut() throws Exception {
    int index = route.link("eth0").orElseThrow().index();
    var ipv4 =
        new InterfaceAddress(
            index,
            InetAddress.ofLiteral("10.77.0.100"),
            24,
            0,
            0,
            Optional.of("eth0:vip"),
            new Lifetime(Duration.ofSeconds(50), Duration.ofSeconds(100)));
    route.put(ipv4);

    assertThat(ip(hosts.here(), "address show dev eth0"))
        .contains("inet 10.77.0.100/24 scope global secondary dynamic eth0:vip")
        .containsPattern("valid_lft (100|99|98)sec preferred_lft (50|49|48)sec");
    var found =
        route.addresses().stream()
            .filter(address -> address.address().equals(ipv4.address()))
            .findFirst()
            .orElseThrow();
    assertThat(found.interfaceIndex()).isEqualTo(index);
    assertThat(found.prefixLength()).isEqualTo(24);
    assertThat(found.label()).contains("eth0:vip");
    assertThat(found.lifetime().valid()).isLessThanOrEqualTo(Duration.ofSeconds(100));

    assertThat(route.delete(ipv4)).isTrue();
    assertThat(route.delete(ipv4)).isFalse();
  }

  @Test
  void routesAndNeighboursAreListed() throws Exception {
    ip(hosts.here(), "route add default via 10.77.0.2 src 10.77.0.1");
    ip(hosts.here(), "neigh add 10.77.0.9 lladdr 02:00:00:00:00:09 dev eth0");
    int index = route.link("eth0").orElseThrow().index();

    var gateway =
        route.routes().stream()
            .filter(found -> found.gateway().isPresent())
            .findFirst()
            .orElseThrow();
    assertThat(gateway.destination()).isEmpty();
    assertThat(gateway.prefixLength()).isZero();
    assertThat(gateway.gateway()).contains(InetAddress.ofLiteral("10.77.0.2"));
    assertThat(gateway.preferredSource()).contains(InetAddress.ofLiteral("10.77.0.1"));
    assertThat(gateway.interfaceIndex()).hasValue(index);
    assertThat(gateway.table()).isEqualTo(254);
    assertThat(gateway.type()).isEqualTo(1);

    assertThat(route.neighbours())
        .anySatisfy(neighbour -> {
          assertThat(neighbour.address()).isEqualTo(InetAddress.ofLiteral("10.77.0.9"));
          assertThat(neighbour.interfaceIndex()).isEqualTo(index);
          assertThat(neighbour.hardwareAddress()).contains(new HardwareAddress(0x0200_0000_0009L));
        });
  }

  @Test
  void theKernelsOwnWordsAreInTheRefusal() throws Exception {
    var wrong =
        new InterfaceAddress(
            route.link("eth0").orElseThrow().index(),
            InetAddress.ofLiteral("10.77.0.100"),
            33,
            0,
            0,
            Optional.empty(),
            Lifetime.FOREVER);
    assertThatThrownBy(() -> route.put(wrong))
        .hasMessageStartingWith("add address 10.77.0.100/33 on interface ")
        .hasMessageContaining("EINVAL (the kernel says: ipv4: Invalid prefix length)");
  }

  @Test
  void newsArriveInTheOrderOfTheChanges() throws Exception {
    try (var monitor = in(hosts.here(), () -> RouteMonitor.open(new NativeKernel()))) {
      ip(hosts.here(), "address add 10.77.0.50/24 dev eth0");
      ip(hosts.here(), "address delete 10.77.0.50/24 dev eth0");
      ip(hosts.here(), "link set eth0 mtu 1400");

      var kinds = new ArrayList<Class<?>>();
      for (var news : monitor.read()) {
        kinds.add(news.getClass());
      }
      assertThat(kinds)
          .containsSubsequence(
              News.AddressChanged.class, News.AddressRemoved.class, News.LinkChanged.class);
      assertThat(monitor.read()).isEmpty();
    }
  }

  @Test
  void moreNewsThanFitAreToldAsLost() throws Exception {
    try (var monitor = in(hosts.here(), () -> RouteMonitor.open(new NativeKernel()))) {
      int index = route.link("eth0").orElseThrow().index();
      var address =
          new InterfaceAddress(
              index,
              InetAddress.ofLiteral("10.77.0.60"),
              24,
              0,
              0,
              Optional.empty(),
              Lifetime.FOREVER);
      for (int i = 0; i < 5_000; i++) {
        route.put(address);
        route.delete(address);
      }

      boolean lost = false;
      for (var news = monitor.read(); !news.isEmpty(); news = monitor.read()) {
        lost |= news.stream().anyMatch(News.Lost.class::isInstance);
      }
      assertThat(lost).isTrue();
    }
  }
}
