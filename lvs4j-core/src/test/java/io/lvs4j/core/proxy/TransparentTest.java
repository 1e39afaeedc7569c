package io.lvs4j.core.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.api.ClientAddress;
import io.lvs4j.api.Problem;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.proxy.ProxyDataPlane.Transport;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Real servers that see the client's own address. */
class TransparentTest {
  private static final InetAddress CLIENT = InetAddress.ofLiteral("127.0.0.77");

  @Nested
  class WithThePrivilege {
    @BeforeEach
    void assumePrivilege() {
      assumeTrue(isPermitted(), "IP_TRANSPARENT needs CAP_NET_ADMIN, which these tests don't have");
    }

    @Test
    void aTcpServerSeesTheClientsAddress() throws Exception {
      try (var front =
          Front.tcp(
              Transport.EPOLL,
              settings -> settings.clientAddress(ClientAddress.TRANSPARENT),
              socket -> socket.getOutputStream().write(socket.getInetAddress().getAddress()))) {
        try (var client = new Socket()) {
          client.bind(new InetSocketAddress(CLIENT, 0));
          client.connect(front.address());
          assertThat(client.getInputStream().readAllBytes()).isEqualTo(CLIENT.getAddress());
        }
        front.awaitNoConnections();
      }
    }

    @Test
    void aUdpServerSeesTheClientsAddress() throws Exception {
      try (var server = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
          var front =
              Front.udp(
                  Transport.EPOLL,
                  settings -> settings.clientAddress(ClientAddress.TRANSPARENT),
                  (InetSocketAddress) server.getLocalSocketAddress());
          var client = new DatagramSocket(new InetSocketAddress(CLIENT, 0))) {
        client.setSoTimeout(10_000);
        server.setSoTimeout(10_000);
        client.send(new DatagramPacket(new byte[] {42}, 1, front.address()));

        var seen = new DatagramPacket(new byte[10], 10);
        server.receive(seen);
        assertThat(seen.getAddress()).isEqualTo(CLIENT);

        server.send(new DatagramPacket(new byte[] {43}, 1, seen.getSocketAddress()));
        client.receive(seen);
        assertThat(seen.getSocketAddress()).isEqualTo(front.address());
      }
    }
  }

  @Test
  void withoutEpollItIsRefusedInWordsThatNameAWay() {
    try (var plane = Front.plane(Transport.NIO)) {
      var definition =
          VirtualServer.tcp("127.0.0.1", 80)
              .realServer("127.0.0.1", 8080)
              .clientAddress(ClientAddress.TRANSPARENT)
              .build();
      assertThat(plane.unsupported(definition))
          .extracting(Problem::toString)
          .containsExactly(
              "virtual server 127.0.0.1:80/tcp: client address: TRANSPARENT without epoll"
                  + " (expected: the proxy data plane's epoll transport, or the ipvs or ebpf data"
                  + " plane, or the PROXY protocol)");
    }
  }

  @Test
  void aServerOfAnotherAddressFamilyIsRefused() {
    var definition =
        VirtualServer.tcp("127.0.0.1", 80)
            .realServer("::1", 8080)
            .clientAddress(ClientAddress.TRANSPARENT)
            .build();
    assertThat(Unsupported.of(definition, new EpollTransport()))
        .extracting(Problem::toString)
        .isEqualTo(
            List.of(
                "virtual server 127.0.0.1:80/tcp: client address: TRANSPARENT from"
                    + " 127.0.0.1:80/tcp to [::1]:8080 (expected: addresses of one family)"));
  }

  private static boolean isPermitted() {
    try {
      new EpollTransport().probeTransparency(CLIENT);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
