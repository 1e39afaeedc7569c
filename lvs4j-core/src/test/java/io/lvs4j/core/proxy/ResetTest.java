package io.lvs4j.core.proxy;

import static io.lvs4j.core.proxy.Peers.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.core.proxy.Peers.End;
import io.lvs4j.core.proxy.Peers.Received;
import io.lvs4j.core.proxy.ProxyDataPlane.Transport;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A RST on one side is a RST on the other. */
class ResetTest {
  @EveryTransport
  void aResetOfTheClientReachesTheServer(Transport transport) throws Exception {
    var seen = new CompletableFuture<Received>();
    try (var front = Front.tcp(transport, socket -> seen.complete(readAll(socket)))) {
      var client = front.connect();
      client.getOutputStream().write(new byte[10]);
      awaitRelaying(front);

      Peers.reset(client);

      assertThat(seen.get(10, TimeUnit.SECONDS).end()).isEqualTo(End.RESET);
      front.awaitNoConnections();
    }
  }

  @EveryTransport
  void aResetOfTheServerReachesTheClient(Transport transport) throws Exception {
    try (var front =
        Front.tcp(
            transport,
            socket -> {
              socket.getInputStream().readNBytes(10);
              Peers.reset(socket);
            })) {
      var client = front.connect();
      client.getOutputStream().write(new byte[10]);

      assertThat(readAll(client).end()).isEqualTo(End.RESET);
      front.awaitNoConnections();
    }
  }

  @EveryTransport
  void whatTheServerSentBeforeItsResetReachesTheClient(Transport transport) throws Exception {
    try (var front =
        Front.tcp(
            transport,
            socket -> {
              socket.getInputStream().readNBytes(10);
              socket.getOutputStream().write(new byte[1000]);
              Peers.reset(socket);
            })) {
      var client = front.connect();
      client.getOutputStream().write(new byte[10]);

      assertThat(readAll(client)).isEqualTo(new Received(1000, End.RESET));
      front.awaitNoConnections();
    }
  }

  @Test
  void aResetAfterTheFinEndsTheConnectionAtOnceWithEpollThoughNobodySendsAnything()
      throws Exception {
    var finSeen = new CompletableFuture<Void>();
    var release = new CompletableFuture<Void>();
    try (var front =
        Front.tcp(
            Transport.EPOLL,
            socket -> {
              assertThat(socket.getInputStream().read()).isEqualTo(-1);
              finSeen.complete(null);
              release.get(30, TimeUnit.SECONDS);
            })) {
      var client = front.connect();
      client.shutdownOutput();
      finSeen.get(10, TimeUnit.SECONDS);

      Peers.reset(client);

      front.awaitNoConnections();
      release.complete(null);
    }
  }

  @EveryTransport
  void aResetWhileTheServerDoesNotReadEndsTheConnection(Transport transport) throws Exception {
    var release = new CompletableFuture<Void>();
    try (var front = Front.tcp(transport, socket -> release.get(20, TimeUnit.SECONDS))) {
      var client = front.connect();
      var flood =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  while (true) {
                    client.getOutputStream().write(new byte[64 * 1024]);
                  }
                } catch (java.io.IOException e) {
                  // The reset below ends it.
                  release.complete(null);
                }
              });
      // The flood has come to a stand: nothing moves any more.
      BackPressureTest.awaitStandstill(front);

      Peers.reset(client);

      flood.join();
      if (transport == Transport.EPOLL) {
        front.awaitNoConnections();
      }
    }
  }

  private static void awaitRelaying(Front front) {
    await()
        .until(() ->
            front.plane.connections().stream().anyMatch(connection -> connection.inBytes() > 0));
  }
}
