package io.lvs4j.core.proxy;

import static io.lvs4j.core.proxy.Peers.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.ClientAddress;
import io.lvs4j.api.ConnectionSnapshot;
import io.lvs4j.api.ConnectionSnapshot.State;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.core.proxy.Peers.End;
import io.lvs4j.core.proxy.Peers.Received;
import io.lvs4j.core.proxy.ProxyDataPlane.Transport;
import io.lvs4j.core.scheduler.Schedulers;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Changes while connections are open, and the end of it all. */
class LifecycleTest {
  private static void echo(Socket socket) throws IOException {
    socket.getInputStream().transferTo(socket.getOutputStream());
  }

  private static void assertEchoes(Socket client) throws IOException {
    client.getOutputStream().write(7);
    assertThat(client.getInputStream().read()).isEqualTo(7);
  }

  @EveryTransport
  void anUpdateHoldsForNewConnectionsOnly(Transport transport) throws Exception {
    try (var front = Front.tcp(transport, LifecycleTest::echo)) {
      var before = front.connect();
      assertEchoes(before);

      front.update(settings -> settings.clientAddress(ClientAddress.PROXY_PROTOCOL_V1));

      assertThat(front.connect().getInputStream().readNBytes(11))
          .asString()
          .isEqualTo("PROXY TCP4 ");
      assertEchoes(before);
    }
  }

  @EveryTransport
  void aRemovedVirtualServersConnectionsLiveOn(Transport transport) throws Exception {
    try (var front = Front.tcp(transport, LifecycleTest::echo)) {
      var client = front.connect();
      assertEchoes(client);

      front.plane.remove(front.definition().id()).toCompletableFuture().get(10, TimeUnit.SECONDS);

      assertThatThrownBy(front::connect).isInstanceOf(ConnectException.class);
      assertEchoes(client);
      assertThat(front.plane.openConnections()).isOne();
      assertThat(front.plane.connections()).hasSize(1);
      // The address is free: somebody else can have it, or the same again.
      front.plane.add(front.definition(), java.util.List.of()).toCompletableFuture().get();
      client.close();
      front.awaitNoConnections();
    }
  }

  @EveryTransport
  void aRemovedDestinationsConnectionsLiveOnUntilTheyAreClosed(Transport transport)
      throws Exception {
    try (var server = new Peers.Server(LifecycleTest::echo);
        var other = new Peers.Server(LifecycleTest::echo);
        var front = Front.tcp(transport, settings -> settings, server.address())) {
      var id = front.definition().id();
      var client = front.connect();
      assertEchoes(client);
      var endpoint = Front.destination(server.address()).endpoint();
      var _ = front.plane.removeDestination(id, endpoint);
      var _ = front.plane.addDestination(id, Front.destination(other.address()));

      var later = front.connect();
      assertEchoes(later);
      assertEchoes(client);
      assertThat(server.sockets).hasSize(1);
      assertThat(other.sockets).hasSize(1);

      front.plane.closeConnections(id, endpoint);

      assertThat(readAll(client)).isEqualTo(new Received(0, End.RESET));
      assertEchoes(later);
    }
  }

  @EveryTransport
  void aQuiescedDestinationGetsNoMoreConnections(Transport transport) throws Exception {
    try (var front = Front.tcp(transport, LifecycleTest::echo)) {
      var client = front.connect();
      assertEchoes(client);
      var only = front.plane.connections().getFirst().realServer();
      var _ =
          front.plane.updateDestination(
              front.definition().id(), new Destination(io.lvs4j.api.RealServer.of(only), 0));

      assertThat(front.connectAndReadAll()).isEqualTo(new Received(0, End.RESET));
      assertEchoes(client);
    }
  }

  @EveryTransport
  void aSnapshotTellsWhereAConnectionIsInItsLife(Transport transport) throws Exception {
    var endServer = new CompletableFuture<Void>();
    try (var front =
        Front.tcp(
            transport,
            settings ->
                settings
                    .idleTimeout(Duration.ofMinutes(30))
                    .halfClosedTimeout(Duration.ofMinutes(1)),
            socket -> {
              socket.getOutputStream().write(socket.getInputStream().readNBytes(100));
              endServer.get(20, TimeUnit.SECONDS);
              socket.shutdownOutput();
              readAll(socket);
            })) {
      var client = front.connect();
      client.getOutputStream().write(new byte[100]);
      client.getInputStream().readNBytes(100);

      var snapshot = only(front);
      assertThat(snapshot.state()).isEqualTo(State.ESTABLISHED);
      assertThat(snapshot.virtualServer()).isEqualTo(front.definition().id());
      assertThat(snapshot.client().port()).isEqualTo(client.getLocalPort());
      assertThat(snapshot.inBytes()).isEqualTo(100);
      assertThat(snapshot.outBytes()).isEqualTo(100);
      assertThat(snapshot.expiresIn()).isBetween(Duration.ofMinutes(29), Duration.ofMinutes(30));
      var counters = front.plane.counters(front.definition().id());
      assertThat(counters.of(snapshot.realServer()).active()).isOne();
      assertThat(counters.total().inBytes()).isEqualTo(100);

      endServer.complete(null);
      assertThat(client.getInputStream().read()).isEqualTo(-1);
      assertThat(only(front).state()).isEqualTo(State.FIN_WAIT);
      assertThat(only(front).expiresIn()).isLessThanOrEqualTo(Duration.ofMinutes(1));
      counters = front.plane.counters(front.definition().id());
      assertThat(counters.of(snapshot.realServer()).active()).isZero();
      assertThat(counters.of(snapshot.realServer()).inactive()).isOne();

      client.close();
      front.awaitNoConnections();
      assertThat(front.plane.counters(front.definition().id()).of(snapshot.realServer()).open())
          .isZero();
    }
  }

  @EveryTransport
  void aClientThatHasEndedIsInCloseWait(Transport transport) throws Exception {
    try (var front =
        Front.tcp(
            transport,
            socket -> {
              readAll(socket);
              socket.getOutputStream().write(1);
              socket.getInputStream().read(); // not before the client goes
              new CompletableFuture<Void>().get(20, TimeUnit.SECONDS);
            })) {
      var client = front.connect();
      client.shutdownOutput();
      assertThat(client.getInputStream().read()).isEqualTo(1);
      assertThat(only(front).state()).isEqualTo(State.CLOSE_WAIT);
    }
  }

  @EveryTransport
  void aClosedPlaneLeavesNoConnectionThreadOrDescriptor(Transport transport) throws Exception {
    useOnceAndClose(transport);
    System.gc();
    int descriptors = Descriptors.count();
    for (int i = 0; i < 5; i++) {
      useOnceAndClose(transport);
    }
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(Descriptors.count()).isLessThanOrEqualTo(descriptors));
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("lvs4j-proxy"));
  }

  private static void useOnceAndClose(Transport transport) throws Exception {
    var seen = new CompletableFuture<Received>();
    try (var front =
        Front.tcp(
            transport,
            socket -> {
              socket.getOutputStream().write(socket.getInputStream().read());
              seen.complete(readAll(socket));
            })) {
      var client = front.connect();
      assertEchoes(client);
      front.plane.close();
      front.plane.close();
      assertThat(readAll(client)).isEqualTo(new Received(0, End.RESET));
      assertThat(seen.get(10, TimeUnit.SECONDS)).isEqualTo(new Received(0, End.RESET));
      assertThat(front.plane.openConnections()).isZero();
      assertThatThrownBy(front::connect).isInstanceOf(ConnectException.class);
      assertThatThrownBy(() ->
              front.plane.add(front.definition(), java.util.List.of()).toCompletableFuture().join())
          .hasMessageContaining("closed");
    }
  }

  @EveryTransport
  void ipv6AndAllAddressesWorkAsWell(Transport transport) throws Exception {
    var loopback = java.net.InetAddress.ofLiteral("::1");
    try (var server = new Peers.Server(loopback, LifecycleTest::echo);
        var v6 = Front.tcp("::1", transport, settings -> settings, server.address());
        var any =
            Front.tcp(
                "0.0.0.0",
                transport,
                settings ->
                    settings.scheduler((servers, flow) ->
                        flow.virtualAddress().getHostAddress().equals("127.0.0.5") ? 0 : -1),
                server.address());
        var both = Front.tcp("::", transport, settings -> settings, server.address())) {
      assertEchoes(v6.connect());
      int port = Service.address(any.definition()).endpoint().port();
      assertEchoes(any.clients.connect(new java.net.InetSocketAddress("127.0.0.5", port)));
      int dual = Service.address(both.definition()).endpoint().port();
      assertEchoes(both.clients.connect(new java.net.InetSocketAddress("127.0.0.1", dual)));
      assertEchoes(both.clients.connect(new java.net.InetSocketAddress(loopback, dual)));
      assertThat(both.plane.connections())
          .extracting(connection -> connection.client().address().getHostAddress())
          .contains("127.0.0.1");
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"EPOLL", "NIO"})
  void allOfIpv4LeavesTheAddressesOfIpv6ToAnother(Transport transport) throws Exception {
    int port = Peers.freePort();
    try (var one = new Peers.Server(socket -> socket.getOutputStream().write('4'));
        var two = new Peers.Server(socket -> socket.getOutputStream().write('6'));
        var plane = Front.plane(transport);
        var clients = new Peers.Clients()) {
      for (boolean udp : new boolean[] {false, true}) {
        for (var each : java.util.List.of("0.0.0.0", "::1")) {
          var builder = udp ? VirtualServer.udp(each, port) : VirtualServer.tcp(each, port);
          var definition = builder.scheduler(Schedulers.roundRobin()).build();
          var server = each.equals("::1") ? two : one;
          plane
              .add(definition, java.util.List.of(Front.destination(server.address())))
              .toCompletableFuture()
              .join();
        }
      }
      var v4 = new java.net.InetSocketAddress("127.0.0.3", port);
      var v6 = new java.net.InetSocketAddress(java.net.InetAddress.ofLiteral("::1"), port);
      assertThat(clients.connect(v4).getInputStream().read()).isEqualTo('4');
      assertThat(clients.connect(v6).getInputStream().read()).isEqualTo('6');
    }
  }

  private static ConnectionSnapshot only(Front front) {
    return front.plane.connections().getFirst();
  }
}
