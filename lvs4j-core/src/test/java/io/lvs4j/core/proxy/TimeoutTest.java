package io.lvs4j.core.proxy;

import static io.lvs4j.core.proxy.Peers.readAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.core.proxy.Peers.End;
import io.lvs4j.core.proxy.Peers.Received;
import io.lvs4j.core.proxy.ProxyDataPlane.Transport;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Silent connections end. */
class TimeoutTest {
  @EveryTransport
  void aSilentConnectionIsResetOnBothSides(Transport transport) throws Exception {
    var seen = new CompletableFuture<Received>();
    try (var front =
        Front.tcp(
            transport,
            settings -> settings.idleTimeout(Duration.ofMillis(200)),
            socket -> seen.complete(readAll(socket)))) {
      var client = front.connect();
      // Shorter than the connect timeout, which must not matter any more.
      client.setSoTimeout(3000);

      assertThat(readAll(client)).isEqualTo(new Received(0, End.RESET));
      assertThat(seen.get(10, TimeUnit.SECONDS)).isEqualTo(new Received(0, End.RESET));
      front.awaitNoConnections();
    }
  }

  @EveryTransport
  void aConnectionLivesWhileOneSideSends(Transport transport) throws Exception {
    int pieces = 20;
    var pause = Duration.ofMillis(50);
    try (var front =
        Front.tcp(
            transport,
            settings -> settings.idleTimeout(Duration.ofMillis(400)),
            socket -> {
              var clock = new java.util.concurrent.LinkedBlockingQueue<Integer>();
              for (int i = 0; i < pieces; i++) {
                // Nothing comes: a pause.
                assertThat(clock.poll(pause.toMillis(), TimeUnit.MILLISECONDS)).isNull();
                socket.getOutputStream().write(i);
              }
            })) {
      assertThat(readAll(front.connect())).isEqualTo(new Received(pieces, End.FIN));
    }
  }

  @EveryTransport
  void aHalfClosedConnectionIsResetAfterItsOwnTimeout(Transport transport) throws Exception {
    var seen = new CompletableFuture<Received>();
    try (var front =
        Front.tcp(
            transport,
            settings ->
                settings
                    .idleTimeout(Duration.ofMinutes(10))
                    .halfClosedTimeout(Duration.ofMillis(200)),
            socket -> {
              assertThat(socket.getInputStream().read()).isEqualTo(-1);
              // Waits for a client that has ended but not gone.
              seen.get(20, TimeUnit.SECONDS);
            })) {
      var client = front.connect();
      client.shutdownOutput();

      assertThat(readAll(client)).isEqualTo(new Received(0, End.RESET));
      front.awaitNoConnections();
      seen.complete(new Received(0, End.RESET));
    }
  }
}
