package io.lvs4j.health.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.health.ScriptedPeer;
import io.lvs4j.health.verdict.Outcome;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of HTTP servers that don't answer, or not in HTTP, word for word. */
@ParameterizedClass
@MethodSource("transports")
class HttpBreakdownTest extends AttemptTester {
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
          loop.prober(peer.endpoint(), HTTP.connectTimeout(SHORT))
              .attempt(
                  0,
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
      assertHttpFails(
          peer,
          HTTP,
          "closed before an answer, as by a server that wants a PROXY header (expected: status 200-299 within 5 s)");
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
      assertHttpFails(
          peer,
          HTTP,
          "closed before an answer, as by a server that wants a PROXY header (expected: status 200-299 within 5 s)");
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
          peer,
          HTTP,
          "connection reset before an answer, as by a server that wants a PROXY header (expected: status 200-299 within 5 s)");
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

  @Test
  void aResetEndsAnAnswerThatDidNotSayHowLongItWouldBe() throws Exception {
    var begun = new CountDownLatch(1);
    try (var peer =
        ScriptedPeer.playing(c -> {
          c.send("HTTP/1.1 200 OK\r\n\r\nin sync");
          c.await(begun);
          c.reset();
        })) {
      var outcome = begin(HTTP, peer.endpoint());
      // Another server's answer comes after the first bytes of this one have been read.
      try (var other = ScriptedPeer.answering("HTTP/1.1 200 OK\r\n\r\n")) {
        outcome(HTTP, other.endpoint());
      }
      begun.countDown();
      assertThat(outcome.get(10, TimeUnit.SECONDS)).isInstanceOf(Outcome.Success.class);
    }
  }

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
}
