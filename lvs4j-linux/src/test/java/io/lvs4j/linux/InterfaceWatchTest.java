package io.lvs4j.linux;

import static io.lvs4j.linux.TwoHosts.in;
import static io.lvs4j.linux.TwoHosts.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.host.HostEvent.AddressRemoved;
import io.lvs4j.api.host.HostEvent.InterfaceChanged;
import io.lvs4j.linux.kernel.Descriptor;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is reported of interfaces. */
class InterfaceWatchTest extends BetweenTwoHosts {
  @Test
  void interfacesAreReportedWhenTheyGoDownComeBackAndLoseTheirCarrier() throws Exception {
    var before = state(hosts.here(), ours);
    assertThat(before.isUp()).isTrue();
    assertThat(before.mtu()).isEqualTo(1500);
    assertThat(before.primaryIpv4()).contains(OUR_ADDRESS);

    ip(hosts.here(), "link set eth0 down");
    assertThat(
            next(ours, InterfaceChanged.class, event -> !event.state().orElseThrow().isUp())
                .state()
                .orElseThrow()
                .administrativelyUp())
        .isFalse();

    ip(hosts.here(), "link set eth0 up");
    next(ours, InterfaceChanged.class, event -> event.state().orElseThrow().isUp());

    ip(hosts.there(), "link set eth0 down");
    var state =
        next(ours, InterfaceChanged.class, event -> !event.state().orElseThrow().isUp())
            .state()
            .orElseThrow();
    assertThat(state.administrativelyUp()).isTrue();
    assertThat(state.carrier()).isFalse();
  }

  @Test
  void interfacesAreReportedWhenTheyGoAndComeAnew() throws Exception {
    int index = state(hosts.here(), ours).index();
    assertThat(in(hosts.here(), () -> ours.watch("eth1"))).isEmpty();

    ip(hosts.here(), "link delete eth0");
    assertThat(next(ours, InterfaceChanged.class, event -> event.state().isEmpty()))
        .isEqualTo(new InterfaceChanged("eth0", Optional.empty()));

    ip(hosts.here(), "link add eth0 type veth peer name peer0");
    assertThat(
            next(
                    ours,
                    InterfaceChanged.class,
                    event -> event.networkInterface().equals("eth0") && event.state().isPresent())
                .state()
                .orElseThrow()
                .index())
        .isNotEqualTo(index);

    ip(hosts.here(), "link add eth1 type veth peer name peer1");
    assertThat(next(ours, InterfaceChanged.class, event -> event.networkInterface().equals("eth1")))
        .isNotNull();
  }

  @Test
  void socketsOfInterfacesThatAreGoneAreClosed() throws Exception {
    inHere(() -> ours.claim(claim("10.77.0.100", 24)));
    inHere(() -> ours.claim(claim("2001:db8:77::100", 64)));
    assertThat(Descriptor.open())
        .contains("ARP socket on eth0", "neighbour discovery socket on eth0");

    ip(hosts.here(), "link delete eth0");

    assertThat(next(ours, AddressRemoved.class).claim()).isEqualTo(claim("2001:db8:77::100", 64));
    assertThat(Descriptor.open())
        .doesNotContain("ARP socket on eth0", "neighbour discovery socket on eth0");
    inHere(() -> ours.release(claim("10.77.0.100", 24)));
    assertThat(ours.await(System.nanoTime())).isEmpty();
  }

  @Test
  void claimedAddressesAreNotAmongThoseToSendFrom() throws Exception {
    reopen(AddressMechanism.REFRESHED_LIFETIME, Duration.ofSeconds(60));
    ip(hosts.here(), "address delete 10.77.0.1/24 dev eth0");
    inHere(() -> ours.claim(claim("10.77.0.100", 24)));
    assertThat(state(hosts.here(), ours).primaryIpv4()).isEmpty();

    ip(hosts.here(), "address add 10.77.0.3/24 dev eth0");

    var changed =
        next(ours, InterfaceChanged.class, event -> !addresses(event).isEmpty())
            .state()
            .orElseThrow();
    assertThat(changed.primaryIpv4()).contains(address("10.77.0.3"));
  }

  private static List<InetAddress> addresses(InterfaceChanged event) {
    return event.state().orElseThrow().addresses().stream()
        .filter(address -> address.getAddress().length == 4)
        .toList();
  }
}
