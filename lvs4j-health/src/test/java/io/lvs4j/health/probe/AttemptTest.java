package io.lvs4j.health.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.HttpGet;
import io.lvs4j.health.ScriptedPeer;
import io.lvs4j.health.verdict.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an attempt says of each way in which a real server can behave, word for word. */
@ParameterizedClass
@MethodSource("transports")
class AttemptTest {
  private static final HealthCheck TCP = HealthCheck.tcp();
  private static final HealthCheck HTTP = HealthCheck.http("/health");
  private static final Duration SHORT = Duration.ofMillis(500);

  @Parameter private Transport transport;

  private ProbeLoop loop;

  static Stream<Transport> transports() {
    return Stream.of(Transport.best(), Transport.NIO).distinct();
  }

  @BeforeEach
  void open() {
    loop = ProbeLoop.open(transport);
  }

  @AfterEach
  void close() {
    loop.close();
  }

  private CompletableFuture<Outcome> begin(HealthCheck check, Endpoint target) {
    var outcome = new CompletableFuture<Outcome>();
    loop.execute(() -> loop.attempt(target, check, outcome::complete));
    return outcome;
  }

  private Outcome outcome(HealthCheck check, Endpoint target) throws Exception {
    return begin(check, target).get(20, TimeUnit.SECONDS);
  }

  private void assertHttpFails(ScriptedPeer peer, HealthCheck check, String found)
      throws Exception {
    assertThat(outcome(check, peer.endpoint()))
        .isEqualTo(new Outcome.Failure("HTTP_GET /health at " + peer.endpoint() + ": " + found));
  }

  private void assertHttpPasses(ScriptedPeer peer, HealthCheck check, String found)
      throws Exception {
    assertThat(outcome(check, peer.endpoint()))
        .isEqualTo(new Outcome.Success("HTTP_GET /health at " + peer.endpoint() + ": " + found));
  }

  // Connecting

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

  // Asking

  @Test
  void theRequestIsAsPlainAsKeepalivedsIs() throws Exception {
    var requests = new CompletableFuture<String>();
    try (var peer =
        ScriptedPeer.playing(c -> {
          requests.complete(c.readRequest());
          c.send("HTTP/1.1 204 No Content\r\n\r\n");
        })) {
      assertHttpPasses(peer, HTTP, "status 204");
      assertThat(requests.get())
          .isEqualTo(
              "GET /health HTTP/1.0\r\nHost: "
                  + peer.endpoint()
                  + "\r\nUser-Agent: lvs4j\r\nConnection: close\r\n\r\n");
    }
  }

  @Test
  void theHostHeaderIsTheVirtualHostIfOneIsGiven() throws Exception {
    var requests = new CompletableFuture<String>();
    try (var peer =
        ScriptedPeer.playing(c -> {
          requests.complete(c.readRequest());
          c.send("HTTP/1.1 200 OK\r\n\r\n");
        })) {
      var check = HealthCheck.of(HttpGet.of("/a?b=c").virtualHost("www.example.org:8080"));
      assertThat(outcome(check, peer.endpoint())).isInstanceOf(Outcome.Success.class);
      assertThat(requests.get())
          .startsWith("GET /a?b=c HTTP/1.0\r\nHost: www.example.org:8080\r\n");
    }
  }

  // Answers

  @ParameterizedTest
  @ValueSource(ints = {199, 300, 301, 404, 503, 100, 599, 999})
  void aStatusThatIsNotExpectedFails(int status) throws Exception {
    try (var peer = ScriptedPeer.answering("HTTP/1.1 " + status + " So\r\n\r\n")) {
      assertHttpFails(peer, HTTP, "status " + status + " (expected 200-299)");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 204, 299})
  void anExpectedStatusPasses(int status) throws Exception {
    try (var peer = ScriptedPeer.answering("HTTP/1.1 " + status + " So\r\n\r\n")) {
      assertHttpPasses(peer, HTTP, "status " + status);
    }
  }

  @Test
  void theExpectedStatusesMayBeListed() throws Exception {
    var check = HealthCheck.of(HttpGet.of("/health").expectStatus(401, 200, 201, 202));
    try (var peer = ScriptedPeer.answering("HTTP/1.1 203 So\r\n\r\n")) {
      assertHttpFails(peer, check, "status 203 (expected 200-202, 401)");
    }
    try (var peer = ScriptedPeer.answering("HTTP/1.1 401 So\r\n\r\n")) {
      assertHttpPasses(peer, check, "status 401");
    }
  }

  @Test
  void aRedirectIsNotFollowed() throws Exception {
    try (var peer =
        ScriptedPeer.answering("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n")) {
      assertHttpFails(peer, HTTP, "status 302 (expected 200-299)");
      assertThat(peer.accepted()).isEqualTo(1);
    }
  }

  @Test
  void anAnswerMayComeByteByByteAndTakeLongerThanOneTimeoutInAll() throws Exception {
    try (var peer =
        ScriptedPeer.playing(c -> {
          c.readRequest();
          c.sendSlowly("HTTP/1.1 200 OK\r\n\r\nbody", Duration.ofMillis(25));
        })) {
      assertHttpPasses(peer, HTTP.connectTimeout(Duration.ofMillis(400)), "status 200");
    }
  }

  @Test
  void anAnswerThatTakesTenTimeoutsInAllIsGivenUp() throws Exception {
    try (var peer =
        ScriptedPeer.playing(c -> {
          c.readRequest();
          c.send("HTTP/1.1 200 OK\r\nX: ");
          c.sendSlowly("a".repeat(1_000), Duration.ofMillis(30));
        })) {
      assertHttpFails(
          peer,
          HTTP.connectTimeout(Duration.ofMillis(300)),
          "no complete answer after 3 s (expected: status 200-299 within 300 ms)");
    }
  }

  @Test
  void aBodyIsReadToItsEndSoThatTheServerIsNotCutOff() throws Exception {
    var orderly = new CompletableFuture<Boolean>();
    try (var peer =
        ScriptedPeer.playing(c -> {
          c.readRequest();
          c.send("HTTP/1.1 200 OK\r\nContent-Length: 40000\r\n\r\n" + "x".repeat(40_000));
          orderly.complete(c.awaitOrderlyClose());
        })) {
      assertHttpPasses(peer, HTTP, "status 200");
      assertThat(orderly.get(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aBodyInChunksIsReadToItsEndToo() throws Exception {
    var orderly = new CompletableFuture<Boolean>();
    try (var peer =
        ScriptedPeer.playing(c -> {
          c.readRequest();
          c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
          orderly.complete(c.awaitOrderlyClose());
        })) {
      assertHttpPasses(peer, HTTP, "status 200");
      assertThat(orderly.get(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void anEndlessBodyIsNotReadForever() throws Exception {
    try (var peer =
        ScriptedPeer.playing(c -> {
          c.readRequest();
          c.send("HTTP/1.1 200 OK\r\n\r\n");
          c.sendForever("x".repeat(4096));
        })) {
      assertHttpPasses(peer, HTTP, "status 200");
    }
  }

  @Test
  void aBodyThatIsClosedTooEarlyIsNoFailure() throws Exception {
    try (var peer = ScriptedPeer.answering("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")) {
      assertHttpPasses(peer, HTTP, "status 200");
    }
  }

  @Test
  void aServerThatHangsInItsBodyFails() throws Exception {
    try (var peer =
        ScriptedPeer.playing(c -> {
          c.readRequest();
          c.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
          c.awaitOrderlyClose();
        })) {
      assertHttpFails(
          peer,
          HTTP.connectTimeout(SHORT),
          "no complete answer (expected: status 200-299 within 500 ms)");
    }
  }

  @Test
  void aWrongStatusIsTheReasonEvenIfTheServerHangsInItsBody() throws Exception {
    try (var peer =
        ScriptedPeer.playing(c -> {
          c.readRequest();
          c.send("HTTP/1.1 503 Busy\r\nContent-Length: 9\r\n\r\nabc");
          c.awaitOrderlyClose();
        })) {
      assertHttpFails(peer, HTTP.connectTimeout(SHORT), "status 503 (expected 200-299)");
    }
  }

  @Test
  void oddHeadersDoNotMatter() throws Exception {
    try (var peer = ScriptedPeer.answering("HTTP/1.1 200 OK\r\nB\u0001d header: \u0002\r\n\r\n")) {
      assertHttpPasses(peer, HTTP, "status 200");
    }
  }

  // No answers

  @Test
  void aServerThatNeverAnswersFails() throws Exception {
    try (var peer = ScriptedPeer.playing(c -> c.awaitOrderlyClose())) {
      assertHttpFails(
          peer, HTTP.connectTimeout(SHORT), "no answer (expected: status 200-299 within 500 ms)");
    }
  }

  @Test
  void anAnswerAfterTheTimeoutComesTooLate() throws Exception {
    var timedOut = new CountDownLatch(1);
    var outcomes = new ArrayList<Outcome>();
    try (var peer =
        ScriptedPeer.playing(c -> {
          c.readRequest();
          c.await(timedOut);
          c.send("HTTP/1.1 200 OK\r\n\r\n");
        })) {
      loop.execute(() ->
          loop.attempt(
              peer.endpoint(),
              HTTP.connectTimeout(SHORT),
              outcome -> {
                outcomes.add(outcome);
                timedOut.countDown();
              }));
      assertThat(timedOut.await(10, TimeUnit.SECONDS)).isTrue();
      // Another attempt on the same loop gives the late answer of the first the time to arrive.
      outcome(HTTP, peer.endpoint());
      assertThat(outcomes)
          .containsExactly(
              new Outcome.Failure(
                  "HTTP_GET /health at "
                      + peer.endpoint()
                      + ": no answer (expected: status 200-299 within 500 ms)"));
    }
  }

  @Test
  void aServerThatHangsInItsHeadersFails() throws Exception {
    try (var peer =
        ScriptedPeer.playing(c -> {
          c.readRequest();
          c.send("HTTP/1.1 200 OK\r\nServer");
          c.awaitOrderlyClose();
        })) {
      assertHttpFails(
          peer,
          HTTP.connectTimeout(SHORT),
          "no complete answer (expected: status 200-299 within 500 ms)");
    }
  }

  @Test
  void aServerThatClosesAtOnceFails() throws Exception {
    try (var peer = ScriptedPeer.playing(c -> c.readRequest())) {
      assertHttpFails(peer, HTTP, "closed before an answer (expected: status 200-299 within 5 s)");
    }
  }

  @Test
  void aServerThatClosesItsHalfBeforeAnAnswerFails() throws Exception {
    try (var peer =
        ScriptedPeer.playing(c -> {
          c.readRequest();
          c.shutdownOutput();
          c.awaitOrderlyClose();
        })) {
      assertHttpFails(peer, HTTP, "closed before an answer (expected: status 200-299 within 5 s)");
    }
  }

  @Test
  void aServerThatClosesItsHalfAfterItsAnswerPasses() throws Exception {
    try (var peer =
        ScriptedPeer.playing(c -> {
          c.readRequest();
          c.send("HTTP/1.0 200 OK\r\n\r\nbody");
          c.shutdownOutput();
          c.awaitOrderlyClose();
        })) {
      assertHttpPasses(peer, HTTP, "status 200");
    }
  }

  @Test
  void aServerThatClosesInItsHeadersFails() throws Exception {
    try (var peer = ScriptedPeer.answering("HTTP/1.1 200 OK\r\nServer: x")) {
      assertHttpFails(
          peer, HTTP, "closed in the middle of the answer (expected: status 200-299 within 5 s)");
    }
  }

  @Test
  void aServerThatResetsFails() throws Exception {
    try (var peer =
        ScriptedPeer.playing(c -> {
          c.readRequest();
          c.reset();
        })) {
      assertHttpFails(
          peer, HTTP, "connection reset before an answer (expected: status 200-299 within 5 s)");
    }
  }

  @Test
  void aServerThatResetsInItsBodyFails() throws Exception {
    var begun = new CountDownLatch(1);
    try (var peer =
        ScriptedPeer.playing(c -> {
          c.readRequest();
          c.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
          c.await(begun);
          c.reset();
        })) {
      var outcome = begin(HTTP, peer.endpoint());
      // Another server's answer comes after the first bytes of this one have been read.
      try (var other = ScriptedPeer.answering("HTTP/1.1 200 OK\r\n\r\n")) {
        outcome(HTTP, other.endpoint());
      }
      begun.countDown();
      assertThat(outcome.get(10, TimeUnit.SECONDS))
          .isEqualTo(
              new Outcome.Failure(
                  "HTTP_GET /health at "
                      + peer.endpoint()
                      + ": connection reset in the middle of the answer"
                      + " (expected: status 200-299 within 5 s)"));
    }
  }

  // Garbage

  @Test
  void anotherProtocolIsQuoted() throws Exception {
    try (var peer = ScriptedPeer.playing(c -> c.send("SSH-2.0-OpenSSH_9.2p1\r\n"))) {
      assertHttpFails(
          peer, HTTP, "not HTTP: \"SSH-2.0-OpenSSH_9.2p1\" (expected: status 200-299 within 5 s)");
    }
  }

  @Test
  void aServerThatWaitsAfterItsGarbageIsFoundOutByTheTimeout() throws Exception {
    try (var peer =
        ScriptedPeer.playing(c -> {
          c.send("mysql");
          c.awaitOrderlyClose();
        })) {
      assertHttpFails(
          peer,
          HTTP.connectTimeout(SHORT),
          "not HTTP: \"mysql\" (expected: status 200-299 within 500 ms)");
    }
  }

  @Test
  void binaryGarbageIsEscapedAndCutShort() throws Exception {
    try (var peer =
        ScriptedPeer.playing(c -> {
          c.readRequest();
          c.send(new byte[] {0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46, (byte) 0xff});
        })) {
      assertHttpFails(
          peer,
          HTTP,
          "not HTTP: \"\\x15\\x03\\x01\\x00\\x02\\x02F\\xff\""
              + " (expected: status 200-299 within 5 s)");
    }
    try (var peer = ScriptedPeer.answering("y".repeat(60) + "\r\n")) {
      assertHttpFails(
          peer,
          HTTP,
          "not HTTP: \"" + "y".repeat(48) + "...\" (expected: status 200-299 within 5 s)");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 abc OK", "HTTP/x 200 OK"})
  void aBrokenStatusLineIsQuoted(String line) throws Exception {
    try (var peer = ScriptedPeer.answering(line + "\r\n\r\n")) {
      assertHttpFails(
          peer, HTTP, "not HTTP: \"" + line + "\" (expected: status 200-299 within 5 s)");
    }
  }

  @Test
  void anEndlessStatusLineIsNotKept() throws Exception {
    try (var peer =
        ScriptedPeer.playing(c -> {
          c.send("HTTP/1.1 200 ");
          c.sendForever("x".repeat(1000));
        })) {
      assertHttpFails(
          peer, HTTP, "status line longer than 4096 bytes (expected: status 200-299 within 5 s)");
    }
  }

  @Test
  void endlessHeadersAreNotKept() throws Exception {
    try (var peer =
        ScriptedPeer.playing(c -> {
          c.send("HTTP/1.1 200 OK\r\n");
          c.sendForever("X: y\r\n");
        })) {
      assertHttpFails(
          peer, HTTP, "headers longer than 8192 bytes (expected: status 200-299 within 5 s)");
    }
  }

  // Cancelling

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
      loop.execute(() -> attempt.complete(loop.attempt(peer.endpoint(), HTTP, outcomes::add)));
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
      loop.execute(() -> loop.attempt(peer.endpoint(), HTTP, outcomes::add).cancel());
      outcome(TCP, peer.endpoint());
      await().until(() -> peer.accepted() > 0);
      assertThat(peer.accepted()).isEqualTo(1);
      assertThat(outcomes).isEmpty();
    }
  }
}
