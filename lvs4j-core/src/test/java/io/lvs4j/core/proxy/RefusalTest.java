package io.lvs4j.core.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.Persistence;
import io.lvs4j.api.Problem;
import io.lvs4j.api.Protocol;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.StartException;
import io.lvs4j.api.Tunnel;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.core.proxy.ProxyDataPlane.Transport;
import io.lvs4j.core.scheduler.Schedulers;
import io.netty.channel.unix.Errors.NativeIoException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the plane refuses, and in which words. */
class RefusalTest {
  @ParameterizedTest
  @EnumSource(names = {"DIRECT_ROUTING", "TUNNEL"})
  void aMethodThatItCannotDoIsRefusedNamingThePlanesThatCan(ForwardingMethod method) {
    try (var plane = Front.plane(Transport.NIO)) {
      var definition = VirtualServer.tcp("192.0.2.1", 80).forwarding(method).build();
      assertThat(plane.unsupported(definition))
          .extracting(Problem::toString)
          .containsExactly(
              "virtual server 192.0.2.1:80/tcp: forwarding: "
                  + method
                  + " with the proxy data plane (expected: NAT or FULL_NAT; or the ipvs or ebpf"
                  + " data plane, which can do "
                  + method
                  + ")");
      assertThatThrownBy(() -> plane.add(definition, List.of()).toCompletableFuture().join())
          .hasCauseInstanceOf(StartException.class);
    }
  }

  @Test
  void whatOnlyTheKernelCanDoIsRefusedByName() {
    try (var plane = Front.plane(Transport.NIO)) {
      var sticky = Persistence.byClientAddress(Duration.ofMinutes(6)).engine("sip");
      var all =
          VirtualServer.udp("192.0.2.1", 0)
              .persistence(sticky)
              .realServer(
                  RealServer.of("192.0.2.7", 0)
                      .forwarding(ForwardingMethod.TUNNEL)
                      .tunnel(Tunnel.gue(6080)))
              .build();
      var named = "virtual server 192.0.2.1:0/udp: ";
      assertThat(plane.unsupported(all))
          .extracting(Problem::toString)
          .containsExactly(
              named
                  + "port: 0, all ports, with the proxy data plane (expected: 1-65535; or the ipvs"
                  + " data plane, which can serve all ports)",
              named
                  + "persistence engine: sip with the proxy data plane (expected: none; or the ipvs"
                  + " data plane, which has the kernel's engines)",
              named
                  + "real server 192.0.2.7:0: forwarding: TUNNEL with the proxy data plane"
                  + " (expected: NAT or FULL_NAT; or the ipvs or ebpf data plane, which can do"
                  + " TUNNEL)",
              named
                  + "real server 192.0.2.7:0: tunnel: gue port 6080 nocsum with the proxy data plane"
                  + " (expected: no tunnel; or the ipvs data plane, which has them)");
      var marked = VirtualServer.firewallMark(5, AddressFamily.IPV4).build();
      assertThat(plane.unsupported(marked))
          .extracting(Problem::toString)
          .containsExactly(
              "virtual server FWM 5: firewall mark: with the proxy data plane (expected: an address"
                  + " and port; or the ipvs data plane, which sees the firewall's marks)");
      assertThatThrownBy(() -> plane.add(marked, List.of()).toCompletableFuture().join())
          .hasCauseInstanceOf(StartException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NAT", "FULL_NAT"})
  void bothKindsOfNatWork(ForwardingMethod method) {
    try (var plane = Front.plane(Transport.NIO)) {
      var definition = VirtualServer.tcp("192.0.2.1", 80).forwarding(method).build();
      assertThat(plane.unsupported(definition)).isEmpty();
    }
  }

  @EveryTransport
  void anAddressInUseIsAnErrorThatLeavesNothingOpen(Transport transport) throws Exception {
    try (var other = new ServerSocket(Peers.freePort(), 1, InetAddress.ofLiteral("127.0.0.1"))) {
      assertRefused(
          transport,
          VirtualServer.tcp("127.0.0.1", other.getLocalPort()),
          "bind 127.0.0.1:"
              + other.getLocalPort()
              + "/tcp: EADDRINUSE, address in use (expected: a port that nobody else serves;"
              + " ss -ltnp tells who does)");
    }
    try (var other = new DatagramSocket(new InetSocketAddress("127.0.0.1", Peers.freePort()))) {
      assertRefused(
          transport,
          VirtualServer.udp("127.0.0.1", other.getLocalPort()),
          "bind 127.0.0.1:"
              + other.getLocalPort()
              + "/udp: EADDRINUSE, address in use (expected: a port that nobody else serves;"
              + " ss -lunp tells who does)");
    }
  }

  @EveryTransport
  void anAddressThatAnotherSharesByReusePortIsInUseToo(Transport transport) throws Exception {
    try (var other = ServerSocketChannel.open()) {
      other.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      int port = Peers.freePort();
      other.bind(new InetSocketAddress("127.0.0.1", port));
      assertRefused(
          transport,
          VirtualServer.tcp("127.0.0.1", port),
          "bind 127.0.0.1:"
              + port
              + "/tcp: EADDRINUSE, address in use (expected: a port that nobody else serves;"
              + " ss -ltnp tells who does)");
    }
  }

  @EveryTransport
  void anAddressOfAnotherHostIsAnError(Transport transport) {
    int port = Peers.freePort();
    assertRefused(
        transport,
        VirtualServer.tcp("192.0.2.1", port),
        "bind 192.0.2.1:"
            + port
            + "/tcp: EADDRNOTAVAIL, address not on this host (expected: an address of this host;"
            + " ip address show tells them, ip address add 192.0.2.1 adds this one)");
    assertRefused(
        transport,
        VirtualServer.udp("192.0.2.1", port),
        "bind 192.0.2.1:"
            + port
            + "/udp: EADDRNOTAVAIL, address not on this host (expected: an address of this host;"
            + " ip address show tells them, ip address add 192.0.2.1 adds this one)");
  }

  @Test
  void aPrivilegedPortIsAnErrorThatNamesThePrivilege() {
    var id =
        new VirtualServerId.Address(Protocol.TCP, new Endpoint(InetAddress.ofLiteral("::1"), 80));
    for (var failure :
        List.of(
            new NativeIoException("bind", -13),
            new BindException("Permission denied"),
            new CompletionException(new BindException("Permission denied")))) {
      assertThat(BindFailure.of(id, failure))
          .hasMessage(
              "bind [::1]:80/tcp: EACCES, privileged port (expected: CAP_NET_BIND_SERVICE, or"
                  + " sysctl net.ipv4.ip_unprivileged_port_start at most 80)");
    }
  }

  @EveryTransport
  void whatIsServedAlreadyIsNotAddedAgain(Transport transport) throws Exception {
    try (var front = Front.tcp(transport, socket -> {})) {
      assertThatThrownBy(
              () -> front.plane.add(front.definition(), List.of()).toCompletableFuture().join())
          .hasMessageContaining("served already");
      assertThat(Peers.readAll(front.connect()).end()).isEqualTo(Peers.End.FIN);
    }
  }

  @Test
  void anUnknownVirtualServerIsAnError() {
    try (var plane = Front.plane(Transport.NIO)) {
      var id = VirtualServer.tcp("192.0.2.1", 80).build().id();
      assertThatThrownBy(() -> plane.remove(id))
          .hasMessage("virtual server 192.0.2.1:80/tcp: unknown (expected: one that was added)");
    }
  }

  @Test
  void settingsOutOfRangeAreErrors() {
    var builder = ProxyDataPlane.builder();
    assertThatThrownBy(() -> builder.eventLoops(0)).hasMessage("event loops: 0 (expected: 1-1024)");
    assertThatThrownBy(() -> builder.udpSessions(0))
        .hasMessage("UDP sessions: 0 (expected: 1-1000000)");
  }

  private static void assertRefused(
      Transport transport, VirtualServer.Builder settings, String message) {
    try (var plane = Front.plane(transport)) {
      var definition = settings.scheduler(Schedulers.roundRobin()).build();
      int before = Descriptors.count();
      assertThatThrownBy(() -> plane.add(definition, List.of()).toCompletableFuture().join())
          .cause()
          .isInstanceOf(StartException.class)
          .hasMessage(message);
      assertThat(Descriptors.count()).isEqualTo(before);
      assertThatThrownBy(() -> plane.counters(definition.id())).hasMessageContaining("unknown");
    }
  }
}
