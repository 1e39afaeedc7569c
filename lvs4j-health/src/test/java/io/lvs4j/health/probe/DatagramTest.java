package io.lvs4j.health.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.DnsQuery;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.UdpExchange;
import io.lvs4j.health.ScriptedDatagramPeer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** UDP_CHECK and DNS_CHECK before servers that answer, are silent, or are not there. */
@ParameterizedClass
@MethodSource("transports")
class DatagramTest extends AttemptTester {
  private static final HealthCheck DNS =
      HealthCheck.of(new DnsQuery(DnsQuery.Type.A, "www.example.org"));

  private static HealthCheck udp(UdpExchange exchange) {
    return HealthCheck.of(exchange).connectTimeout(SHORT);
  }

  private static ScriptedDatagramPeer sending(String hex) throws Exception {
    return ScriptedDatagramPeer.answering(_ -> List.of(HexFormat.of().parseHex(hex)));
  }

  @Test
  void silenceIsAGoodSign() throws Exception {
    try (var peer = ScriptedDatagramPeer.silent()) {
      assertPasses(
          udp(UdpExchange.ofRandomBytes()),
          peer.endpoint(),
          "UDP_CHECK " + peer.endpoint() + ": no error within 500 ms");
      assertThat(peer.received()).singleElement().satisfies(bytes -> assertThat(bytes).hasSize(32));
    }
  }

  @Test
  void unlessAReplyIsRequired() throws Exception {
    try (var peer = ScriptedDatagramPeer.silent()) {
      assertFails(
          udp(UdpExchange.ofHex("01 02").requireReply()),
          peer.endpoint(),
          "UDP_CHECK " + peer.endpoint() + ": no reply (expected: a reply within 500 ms)");
      assertThat(peer.received()).containsExactly(new byte[] {1, 2});
    }
  }

  @Test
  void aPortWhereNobodyListensFails() throws Exception {
    var nobody = ScriptedDatagramPeer.nobody();
    awaitRefusal(() ->
        assertFails(
            udp(UdpExchange.ofRandomBytes()),
            nobody,
            "UDP_CHECK "
                + nobody
                + ": port unreachable, nobody listens there"
                + " (expected: no refusal within 500 ms)"));
  }

  @Test
  void aReplyPassesAtOnce() throws Exception {
    try (var peer = sending("cafe")) {
      for (var exchange :
          List.of(UdpExchange.ofRandomBytes(), UdpExchange.ofRandomBytes().requireReply())) {
        assertPasses(
            udp(exchange),
            peer.endpoint(),
            "UDP_CHECK " + peer.endpoint() + ": a reply of 2 bytes");
      }
    }
  }

  @ParameterizedTest(name = "{0} for {1}: {2}")
  @CsvSource({
    "cafe, cafe, true",
    "cafe, CA FE, true",
    "cafe, cxxe, true",
    "cafe, ca, true",
    "cafe, cafe00, true",
    "cafe, cafd, false",
    "cafe, 0xfe, false",
    "cafe, xxfx, true",
  })
  void aReplyIsComparedAsFarAsItGoes(String reply, String pattern, boolean good) throws Exception {
    try (var peer = sending(reply)) {
      var check = udp(UdpExchange.ofRandomBytes().requireReply(pattern));
      var at = "UDP_CHECK " + peer.endpoint() + ": ";
      if (good) {
        assertPasses(check, peer.endpoint(), at + "a reply of 2 bytes");
      } else {
        assertFails(
            check,
            peer.endpoint(),
            at + "reply cafe (expected: a reply that begins with " + pattern + ")");
      }
    }
  }

  @ParameterizedTest(name = "{0} to {1}: {2}")
  @CsvSource({"2,2,", "0,2,", "2,9,", "3,9,3-9", "0,1,0-1", "3,3,3"})
  void aReplyMayHaveToBeOfSomeLength(int least, int most, String expected) throws Exception {
    try (var peer = sending("cafe")) {
      var check = udp(UdpExchange.ofRandomBytes().replyLength(least, most));
      var at = "UDP_CHECK " + peer.endpoint() + ": a reply of 2 bytes";
      if (expected == null) {
        assertPasses(check, peer.endpoint(), at);
      } else {
        assertFails(check, peer.endpoint(), at + " (expected: " + expected + " bytes)");
      }
    }
  }

  private static ScriptedDatagramPeer dns(UnaryOperator<byte[]> answer) throws Exception {
    return ScriptedDatagramPeer.answering(question -> List.of(answer.apply(question.clone())));
  }

  private static byte[] answer(byte[] question, int code) {
    question[2] |= (byte) 0x80;
    question[3] = (byte) code;
    return question;
  }

  private static String dnsAt(ScriptedDatagramPeer peer) {
    return "DNS_CHECK A www.example.org at " + peer.endpoint() + ": ";
  }

  @Test
  void anAnswerWithoutAnErrorPasses() throws Exception {
    try (var peer = dns(question -> answer(question, 0))) {
      assertPasses(DNS, peer.endpoint(), dnsAt(peer) + "NOERROR");
      // RFC 1035 §4.1: id, RD, one question; then its name, type and class.
      assertThat(HexFormat.of().formatHex(peer.received().getFirst()).substring(4))
          .isEqualTo(
              "0100" + "0001000000000000" + "03777777076578616d706c65036f726700" + "00010001");
    }
  }

  @ParameterizedTest
  @EnumSource(DnsQuery.Type.class)
  void everyTypeCanBeAskedFor(DnsQuery.Type type) throws Exception {
    try (var peer = dns(question -> answer(question, 0))) {
      assertPasses(
          HealthCheck.of(new DnsQuery(type, ".")),
          peer.endpoint(),
          "DNS_CHECK " + type + " . at " + peer.endpoint() + ": NOERROR");
    }
  }

  @ParameterizedTest
  @CsvSource({"1,FormErr(1)", "2,ServFail(2)", "3,NXDomain(3)", "5,Refused(5)"})
  void anErrorCodeFails(int code, String name) throws Exception {
    try (var peer = dns(question -> answer(question, code))) {
      assertFails(DNS, peer.endpoint(), dnsAt(peer) + name + " (expected: NOERROR)");
    }
  }

  @Test
  void anAnswerToAnotherQuestionIsWaitedPast() throws Exception {
    try (var peer =
        ScriptedDatagramPeer.answering(question -> {
          var foreign = answer(question.clone(), 3);
          foreign[0] ^= 1;
          return List.of(foreign, answer(question.clone(), 0));
        })) {
      assertPasses(DNS, peer.endpoint(), dnsAt(peer) + "NOERROR");
    }
  }

  @Test
  void silenceAndGarbageAreNoAnswer() throws Exception {
    try (var peer = ScriptedDatagramPeer.silent()) {
      assertFails(
          DNS.connectTimeout(SHORT),
          peer.endpoint(),
          dnsAt(peer) + "no answer (expected: an answer within 500 ms)");
    }
    for (var garbage : List.of("", "00", "0102", "ffffffffffffffffffffffffffffff")) {
      try (var peer = sending(garbage)) {
        assertThat(outcome(DNS.connectTimeout(SHORT), peer.endpoint()).detail())
            .startsWith(dnsAt(peer))
            .matches(".*: (not an answer in DNS: .*|no answer) \\(expected: an answer within .*");
      }
    }
    var nobody = ScriptedDatagramPeer.nobody();
    awaitRefusal(() ->
        assertThat(outcome(DNS, nobody).detail())
            .endsWith("port unreachable, nobody listens there (expected: an answer within 5 s)"));
  }

  /** Tries again: the kernel bounds how many refusals it sends a second, for the whole host. */
  private static void awaitRefusal(ThrowingRunnable assertion) {
    Awaitility.await().atMost(Duration.ofSeconds(90)).untilAsserted(assertion);
  }
}
