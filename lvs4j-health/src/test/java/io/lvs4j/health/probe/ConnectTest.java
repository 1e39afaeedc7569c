package io.lvs4j.health.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.Endpoint;
import io.lvs4j.health.ScriptedPeer;
import io.lvs4j.health.verdict.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an attempt says of servers that can, and that can't, be connected to, word for word. */
@ParameterizedClass
@MethodSource("transports")
class ConnectTest extends AttemptTester {
  @Test
  void tcpPassesWhenTheServerAcceptsAndClosesInAnOrderlyWay() throws Exception {
    var orderly = new CompletableFuture<Boolean>();
    try (var peer = ScriptedPeer.playing(c -> orderly.complete(c.awaitOrderlyClose()))) {
      assertThat(outcome(TCP, peer.endpoint()))
          .isEqualTo(new Outcome.Success("TCP_CHECK " + peer.endpoint() + ": connected"));
      assertThat(orderly.get(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void tcpAndHttpFailWhenNobodyListens() throws Exception {
    // Bound, so that nobody else takes the port; but not listening.
    try (var silent = new Socket()) {
      silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      var at = new Endpoint(silent.getLocalAddress(), silent.getLocalPort());
      assertThat(outcome(TCP, at))
          .isEqualTo(
              new Outcome.Failure(
                  "TCP_CHECK " + at + ": connection refused (expected: a connection within 5 s)"));
      assertThat(outcome(HTTP, at))
          .isEqualTo(
              new Outcome.Failure(
                  "HTTP_GET /health at "
                      + at
                      + ": connection refused (expected: a connection within 5 s)"));
    }
  }

  @Test
  void aServerThatTakesNoConnectionRunsIntoTheTimeout() throws Exception {
    List<Socket> waiting = new ArrayList<>();
    try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      fill(full, waiting);
      var at = new Endpoint(full.getInetAddress(), full.getLocalPort());
      assertThat(outcome(TCP.connectTimeout(SHORT), at))
          .isEqualTo(
              new Outcome.Failure(
                  "TCP_CHECK "
                      + at
                      + ": connect timed out (expected: a connection within 500 ms)"));
    } finally {
      for (var socket : waiting) {
        socket.close();
      }
    }
  }

  /** Connects until the backlog is full and a further SYN is dropped. */
  private static void fill(ServerSocket server, List<Socket> waiting) throws IOException {
    while (true) {
      var socket = new Socket();
      waiting.add(socket);
      try {
        socket.connect(server.getLocalSocketAddress(), 300);
      } catch (SocketTimeoutException full) {
        return;
      }
    }
  }

  @Test
  void aServerWithoutARouteIsCalledThat() throws Exception {
    // Linux refuses a TCP connection to a broadcast address with ENETUNREACH, and sends nothing.
    var at = new Endpoint(InetAddress.getByName("127.255.255.255"), 80);
    assertThat(outcome(TCP, at))
        .isEqualTo(
            new Outcome.Failure(
                "TCP_CHECK 127.255.255.255:80: no route to host"
                    + " (expected: a connection within 5 s)"));
  }

  @Test
  void theCheckMayBeAimedAtAnotherPort() throws Exception {
    try (var peer = ScriptedPeer.answering("HTTP/1.0 200 OK\r\n\r\n")) {
      var target = new Endpoint(peer.endpoint().address(), 1);
      assertThat(outcome(HTTP.port(peer.endpoint().port()), target).detail())
          .isEqualTo("HTTP_GET /health at " + peer.endpoint() + ": status 200");
    }
  }

  @Test
  void anIpv6ServerIsCheckedAndNamedInBrackets() throws Exception {
    var requests = new CompletableFuture<String>();
    try (var peer =
        ScriptedPeer.on(
            new InetSocketAddress("::1", 0),
            c -> {
              requests.complete(c.readRequest());
              c.send("HTTP/1.0 200 OK\r\n\r\n");
            })) {
      int port = peer.endpoint().port();
      assertThat(outcome(HTTP, peer.endpoint()).detail())
          .isEqualTo("HTTP_GET /health at [::1]:" + port + ": status 200");
      assertThat(requests.get()).contains("\r\nHost: [::1]:" + port + "\r\n");
    }
  }

  @Test
  void aCancelledAttemptClosesItsConnectionAndSaysNothing() throws Exception {
    var gone = new CompletableFuture<Boolean>();
    var outcomes = new ArrayList<Outcome>();
    var attempt = new CompletableFuture<Cancellable>();
    try (var peer =
        ScriptedPeer.playing(c -> {
          c.readRequest();
          gone.complete(c.awaitOrderlyClose());
        })) {
      loop.execute(
          () -> attempt.complete(loop.prober(peer.endpoint(), HTTP).attempt(0, outcomes::add)));
      await().until(() -> peer.accepted() == 1);
      loop.execute(() -> attempt.join().cancel());
      assertThat(gone.get(10, TimeUnit.SECONDS)).isNotNull();
      outcome(TCP, peer.endpoint());
      assertThat(outcomes).isEmpty();
    }
  }

  @Test
  void anAttemptThatIsCancelledAtOnceDoesNotEvenConnect() throws Exception {
    var outcomes = new ArrayList<Outcome>();
    try (var peer = ScriptedPeer.playing(c -> c.awaitOrderlyClose())) {
      loop.execute(() -> loop.prober(peer.endpoint(), HTTP).attempt(0, outcomes::add).cancel());
      outcome(TCP, peer.endpoint());
      await().until(() -> peer.accepted() > 0);
      assertThat(peer.accepted()).isEqualTo(1);
      assertThat(outcomes).isEmpty();
    }
  }
}
