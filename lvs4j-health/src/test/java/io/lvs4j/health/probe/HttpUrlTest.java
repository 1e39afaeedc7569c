package io.lvs4j.health.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.BodyPattern;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.HttpGet;
import io.lvs4j.api.HttpProtocol;
import io.lvs4j.health.ScriptedPeer;
import io.lvs4j.health.verdict.Outcome;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a URL may ask of an answer beside its status, and how it may be asked for. */
@ParameterizedClass
@MethodSource("transports")
class HttpUrlTest extends AttemptTester {
  /** Of {@code hello world}, by md5sum. */
  private static final String HELLO_WORLD = "5eb63bbbe01eeed093cb22bb8f5acdc3";

  private static final HttpGet GET = HttpGet.of("/health");

  private static ScriptedPeer sending(String body) throws Exception {
    return ScriptedPeer.answering(
        "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
  }

  private static HealthCheck body(BodyPattern pattern) {
    return HealthCheck.of(GET.expectBody(pattern));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "HTTP_1_0,1.0,",
    "HTTP_1_0_CLOSE,1.0,close",
    "HTTP_1_0_KEEP_ALIVE,1.0,keep-alive",
    "HTTP_1_1,1.1,close",
  })
  void theProtocolIsKeepalivedsChoice(HttpProtocol protocol, String version, String connection)
      throws Exception {
    var requests = new CompletableFuture<String>();
    try (var peer =
        ScriptedPeer.playing(c -> {
          requests.complete(c.readRequest());
          c.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
          c.awaitOrderlyClose();
        })) {
      assertHttpPasses(peer, HealthCheck.of(GET.protocol(protocol)), "status 200");
      var expected =
          "GET /health HTTP/"
              + version
              + "\r\nHost: "
              + peer.endpoint()
              + "\r\nUser-Agent: lvs4j\r\n";
      assertThat(requests.get())
          .isEqualTo(
              expected + (connection == null ? "" : "Connection: " + connection + "\r\n") + "\r\n");
    }
  }

  @Test
  void theBodyMayBeKnownByItsDigest() throws Exception {
    var check = HealthCheck.of(GET.expectDigest(HELLO_WORLD.toUpperCase(Locale.ROOT)));
    try (var peer = sending("hello world")) {
      assertHttpPasses(peer, check, "status 200, MD5 as expected");
    }
    try (var peer = sending("hello worle")) {
      assertHttpFails(
          peer,
          check,
          "MD5 18c5650581f01f1a52c87eee5baa754a of 11 bytes (expected: " + HELLO_WORLD + ")");
    }
  }

  @Test
  void aDigestIsOfTheWholeBodyHoweverItComes() throws Exception {
    // 3,000,000 times x, by md5sum.
    var check = HealthCheck.of(GET.expectDigest("8e32e22642bddc89698e25a4e9bf528b"));
    try (var peer = sending("x".repeat(3_000_000))) {
      assertHttpPasses(peer, check, "status 200, MD5 as expected");
    }
    var chunked = HealthCheck.of(GET.protocol(HttpProtocol.HTTP_1_1).expectDigest(HELLO_WORLD));
    try (var peer =
        ScriptedPeer.playing(c -> {
          c.readRequest();
          c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          c.sendSlowly("6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n", Duration.ofMillis(1));
        })) {
      assertHttpPasses(peer, chunked, "status 200, MD5 as expected");
    }
    try (var peer = ScriptedPeer.answering("HTTP/1.0 200 OK\r\n\r\nhello world")) {
      assertHttpPasses(peer, chunked, "status 200, MD5 as expected");
    }
  }

  @Test
  void aWrongStatusIsToldBeforeAWrongBody() throws Exception {
    var check = HealthCheck.of(GET.expectDigest(HELLO_WORLD).expectBody(BodyPattern.of("x")));
    try (var peer = ScriptedPeer.answering("HTTP/1.1 500 No\r\nContent-Length: 1\r\n\r\ny")) {
      assertHttpFails(peer, check, "status 500 (expected 200-299)");
    }
  }

  @Test
  void theBodyMayHaveToMatch() throws Exception {
    try (var peer = sending("status: ok\nload: 12\n")) {
      assertHttpPasses(
          peer, body(BodyPattern.of("load: \\d+")), "status 200, body has a match of /load: \\d+/");
      assertHttpFails(
          peer,
          body(BodyPattern.of("load: x")),
          "body of 20 bytes (expected: a match of /load: x/)");
    }
  }

  @Test
  void theBodyMayHaveToMatchNot() throws Exception {
    try (var peer = sending("status: ok")) {
      assertHttpPasses(
          peer, body(BodyPattern.of("error").not()), "status 200, body has no match of /error/");
      assertHttpFails(
          peer, body(BodyPattern.of("ok").not()), "body of 10 bytes (expected: no match of /ok/)");
    }
  }

  @ParameterizedTest(name = "of ab at {0} to {1}: {2}")
  @CsvSource({
    "0,1,false",
    "0,2,true",
    "2,2,true",
    "2,5,true",
    "3,5,false",
    "3,6,true",
    "9,9,false"
  })
  void aMatchMayHaveToBeginBetweenTwoOffsets(int from, int upTo, boolean found) throws Exception {
    try (var peer = sending("xxabxxab")) {
      var outcome = outcome(body(BodyPattern.of("ab").from(from).upTo(upTo)), peer.endpoint());
      assertThat(outcome instanceof Outcome.Success).as(outcome.detail()).isEqualTo(found);
    }
  }

  @Test
  void aMatchAcrossPiecesIsFound() throws Exception {
    try (var peer =
        ScriptedPeer.playing(c -> {
          c.readRequest();
          c.send("HTTP/1.1 200 OK\r\n\r\n");
          c.sendSlowly("<title>all is well</title>", Duration.ofMillis(1));
        })) {
      assertHttpPasses(
          peer,
          body(BodyPattern.of("all is well")),
          "status 200, body has a match of /all is well/");
    }
  }

  @Test
  void aSearchThatTakesAgesIsGivenUpAndHoldsNobodyUp() throws Exception {
    try (var peer = sending("a".repeat(60) + "b");
        var other = sending("ok")) {
      var ages = body(BodyPattern.of("(a|aa)+\\1c")).connectTimeout(SHORT);
      var slow = begin(ages, peer.endpoint());
      assertHttpPasses(other, HTTP, "status 200");
      assertThat(slow.get(20, TimeUnit.SECONDS))
          .isEqualTo(
              new Outcome.Failure(
                  "HTTP_GET /health at "
                      + peer.endpoint()
                      + ": body not searched to its end (expected: a search within 500 ms)"));
    }
  }

  @Test
  void ofAnEndlessBodyAMebibyteIsSearched() throws Exception {
    try (var peer =
        ScriptedPeer.playing(c -> {
          c.readRequest();
          c.send("HTTP/1.1 200 OK\r\n\r\n");
          c.sendForever("x".repeat(4096));
        })) {
      assertThat(outcome(body(BodyPattern.of("y")), peer.endpoint()).detail())
          .endsWith(" bytes (expected: a match of /y/)");
    }
  }
}
