package io.lvs4j.health.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.HttpGet;
import io.lvs4j.health.ScriptedPeer;
import io.lvs4j.health.verdict.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of an HTTP server, and what is said of its answers, word for word. */
@ParameterizedClass
@MethodSource("transports")
class HttpAnswerTest extends AttemptTester {
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 102\r\n\r\nHTTP/1.1 103\r\n\r\nHTTP/1.0 200 OK\r\n\r\nok",
        "HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
        "HTTP/1.0 200 OK\n\nok",
        "HTTP/1.1 100 Continue\n\nHTTP/1.1 200 OK\n\n",
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\nok\n0\n\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        "HTTP/1.1 200\r\n\r\n",
        "HTTP/1.1 200 \r\n\r\n",
        "HTTP/1.1 200 OK\r\nX-Long: a\r\n b\r\n\tc\r\n\r\n"
      })
  void whatServersSendThatMostClientsTakeIsAGoodAnswer(String answer) throws Exception {
    try (var peer = ScriptedPeer.answering(answer)) {
      assertHttpPasses(peer, HTTP, "status 200");
    }
  }

  @Test
  void aFinalAnswerCountsBehindInterimOnesAndABodyIsItsOwn() throws Exception {
    var answer = "HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 503 Busy\r\n\r\n";
    try (var peer = ScriptedPeer.answering(answer)) {
      assertHttpFails(peer, HTTP, "status 503 (expected 200-299)");
    }
  }

  @RepeatedTest(5)
  void anAnswerBeforeTheRequestIsAnAnswer() throws Exception {
    var answer =
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nin sync\r\n";
    // As a script under inetd: it answers whoever connects, and reads nothing.
    try (var peer = ScriptedPeer.playing(c -> c.send(answer))) {
      for (int i = 0; i < 20; i++) {
        assertHttpPasses(peer, HTTP, "status 200");
      }
    }
  }

  @Test
  void anAnswerIsOneThoughTheRequestIsNeverReadAndTheConnectionResetForIt() throws Exception {
    var answer = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nin sync\r\n";
    try (var peer =
        ScriptedPeer.playing(c -> {
          c.send(answer);
          // What is left unread makes a reset of the close.
          c.awaitSomething();
        })) {
      for (int i = 0; i < 20; i++) {
        assertHttpPasses(peer, HTTP, "status 200");
      }
    }
  }

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
}
