package io.lvs4j.core.proxy;

import static io.lvs4j.core.proxy.Peers.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.ConnectionSnapshot;
import io.lvs4j.core.proxy.Peers.End;
import io.lvs4j.core.proxy.Peers.Received;
import io.lvs4j.core.proxy.ProxyDataPlane.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A connection whose server doesn't answer gets another one, or a RST. */
class ConnectTest {
  @EveryTransport
  void aRefusedConnectIsTriedOnTheNextServer(Transport transport) throws Exception {
    try (var live = new Peers.Server(ConnectTest::greet);
        var front =
            Front.tcp(transport, settings -> settings, nobody(), nobody(), live.address())) {
      for (int i = 0; i < 20; i++) {
        try (var client = front.connect()) {
          client.getOutputStream().write('x');
          assertThat(client.getInputStream().read()).isEqualTo('x');
        }
      }
      front.awaitNoConnections();
      var counters = front.plane.counters(front.definition().id());
      assertThat(counters.destinations().values())
          .filteredOn(server -> !server.endpoint().toSocketAddress().equals(live.address()))
          .allSatisfy(server -> assertThat(server.connectFailures()).isPositive())
          .allSatisfy(server -> assertThat(server.open()).isZero());
    }
  }

  @EveryTransport
  void aConnectThatGetsNoAnswerIsTriedOnTheNextServer(Transport transport) throws Exception {
    try (var deaf = new DeafServer();
        var live = new Peers.Server(ConnectTest::greet);
        var front =
            Front.tcp(
                transport,
                settings -> settings.scheduler(Front::first).connectTimeout(Duration.ofMillis(200)),
                deaf.address(),
                live.address())) {
      var client = front.connect();
      client.getOutputStream().write('x');
      await()
          .untilAsserted(() ->
              assertThat(front.plane.connections())
                  .extracting(ConnectionSnapshot::state)
                  .containsAnyOf(
                      ConnectionSnapshot.State.SYN_SENT, ConnectionSnapshot.State.ESTABLISHED));

      assertThat(client.getInputStream().read()).isEqualTo('x');
      assertThat(live.sockets).hasSize(1);
    }
  }

  @EveryTransport
  void aClientIsResetWhenNoServerAnswers(Transport transport) throws Exception {
    try (var deaf = new DeafServer();
        var front =
            Front.tcp(
                transport,
                settings -> settings.connectTimeout(Duration.ofMillis(100)),
                nobody(),
                deaf.address())) {
      assertThat(front.connectAndReadAll()).isEqualTo(new Received(0, End.RESET));
      front.awaitNoConnections();
    }
  }

  @EveryTransport
  void aClientIsResetWhenThereIsNoServer(Transport transport) throws Exception {
    try (var front = Front.withoutServers(transport, settings -> settings)) {
      assertThat(front.connectAndReadAll()).isEqualTo(new Received(0, End.RESET));
      front.awaitNoConnections();
    }
  }

  @EveryTransport
  void aConnectIsTriedAgainOnlyAsOftenAsTheVirtualServerSays(Transport transport) throws Exception {
    try (var live = new Peers.Server(ConnectTest::greet);
        var front =
            Front.tcp(
                transport,
                settings -> settings.scheduler(Front::first).connectRetries(1),
                nobody(),
                nobody(),
                live.address())) {
      assertThat(front.connectAndReadAll()).isEqualTo(new Received(0, End.RESET));
    }
  }

  @EveryTransport
  void bytesThatAreThereBeforeARetryReachTheNextServer(Transport transport) throws Exception {
    try (var deaf = new DeafServer();
        var live =
            new Peers.Server(
                socket -> socket.getInputStream().transferTo(socket.getOutputStream()));
        var front =
            Front.tcp(
                transport,
                settings -> settings.scheduler(Front::first).connectTimeout(Duration.ofMillis(200)),
                deaf.address(),
                live.address())) {
      var client = front.connect();
      client.getOutputStream().write(new byte[100_000]);
      client.shutdownOutput();

      assertThat(readAll(client)).isEqualTo(new Received(100_000, End.FIN));
    }
  }

  private static void greet(Socket socket) throws IOException {
    socket.getOutputStream().write(socket.getInputStream().read());
  }

  /** Returns an address where nobody listens. */
  private static InetSocketAddress nobody() {
    return new InetSocketAddress("127.0.0.1", Peers.freePort());
  }

  /** A listener whose queue is full, so that a SYN gets no answer. */
  private static final class DeafServer implements AutoCloseable {
    private final ServerSocket listener =
        new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
    private final List<Socket> queued = new ArrayList<>();

    DeafServer() throws IOException {
      boolean full = false;
      while (!full) {
        var socket = new Socket();
        queued.add(socket);
        try {
          socket.connect(listener.getLocalSocketAddress(), 100);
        } catch (java.net.SocketTimeoutException e) {
          full = true;
        }
      }
    }

    InetSocketAddress address() {
      return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    @Override
    public void close() throws IOException {
      for (var socket : queued) {
        socket.close();
      }
      listener.close();
    }
  }
}
