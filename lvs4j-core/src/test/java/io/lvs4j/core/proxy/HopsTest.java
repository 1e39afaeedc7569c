package io.lvs4j.core.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.core.proxy.Peers.End;
import io.lvs4j.core.proxy.ProxyDataPlane.Transport;
import io.lvs4j.core.scheduler.Schedulers;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** Connections that come back to the plane, where nobody saw it in the configuration. */
class HopsTest {
  private static void serve(ProxyDataPlane plane, VirtualServer.Builder settings, int to) {
    List<Destination> destinations =
        List.of(Front.destination(new InetSocketAddress("127.0.0.1", to)));
    plane
        .add(settings.scheduler(Schedulers.roundRobin()).build(), destinations)
        .toCompletableFuture()
        .join();
  }

  @EveryTransport
  void aConnectionInACircleIsResetAfterAFewRounds(Transport transport) throws Exception {
    try (var plane = Front.plane(transport);
        var clients = new Peers.Clients()) {
      int one = Peers.freePort();
      int two = Peers.freePort();
      serve(plane, VirtualServer.tcp("127.0.0.1", one), two);
      serve(plane, VirtualServer.tcp("127.0.0.1", two), one);

      assertThat(Peers.readAll(clients, new InetSocketAddress("127.0.0.1", one)).end())
          .isEqualTo(End.RESET);
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(plane.openConnections()).isZero());
    }
  }

  @EveryTransport
  void aSessionInACircleIsRefusedAfterAFewRounds(Transport transport) throws Exception {
    try (var plane = Front.plane(transport);
        var client = new DatagramSocket()) {
      int port = Peers.freePort();
      serve(plane, VirtualServer.udp("127.0.0.1", port), port);
      var to = new InetSocketAddress("127.0.0.1", port);
      for (int i = 0; i < 10; i++) {
        client.send(new DatagramPacket(new byte[1], 1, to));
      }
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() ->
              plane.counters(plane.connections().getFirst().virtualServer()).total().connections()
                  > Hops.MOST);
      assertThat(plane.openConnections()).isEqualTo(Hops.MOST + 1);
    }
  }

  @EveryTransport
  void aChainOfVirtualServersIsServed(Transport transport) throws Exception {
    try (var server =
            new Peers.Server(
                socket -> socket.getInputStream().transferTo(socket.getOutputStream()));
        var plane = Front.plane(transport);
        var clients = new Peers.Clients()) {
      int to = server.address().getPort();
      for (int i = 0; i < Hops.MOST; i++) {
        int port = Peers.freePort();
        serve(plane, VirtualServer.tcp("127.0.0.1", port), to);
        to = port;
      }
      for (int again = 0; again < 20; again++) {
        try (var client = clients.connect(new InetSocketAddress("127.0.0.1", to))) {
          client.getOutputStream().write('x');
          assertThat(client.getInputStream().read()).isEqualTo('x');
        }
      }
    }
  }
}
