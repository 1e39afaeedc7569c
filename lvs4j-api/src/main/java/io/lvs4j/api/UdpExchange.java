package io.lvs4j.api;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * keepalived's UDP_CHECK: a datagram is sent, and the real server is well unless the host answers
 * that nobody listens there. Silence until the connect timeout is a good sign too, unless a reply
 * is required.
 *
 * @param payload what to send, in hexadecimal digits; without it, 32 random bytes
 * @param isReplyRequired whether silence is a failure ({@code require_reply})
 * @param reply what a reply has to begin with, in hexadecimal digits; an {@code x} stands for any
 *     digit. A reply that is shorter is compared as far as it goes
 * @param leastReplyLength the least length of a reply in bytes, 0 to 65535
 * @param mostReplyLength the greatest length of a reply in bytes, 0 to 65535
 */
public record UdpExchange(
    Optional<String> payload,
    boolean isReplyRequired,
    Optional<String> reply,
    int leastReplyLength,
    int mostReplyLength)
    implements Probe {
  private static final int LONGEST = 65_535;

  public UdpExchange {
    payload = payload.map(UdpExchange::digits);
    reply = reply.map(UdpExchange::digits);
  }

  /** Returns a probe that sends 32 random bytes and takes silence for a good sign. */
  public static UdpExchange ofRandomBytes() {
    return new UdpExchange(Optional.empty(), false, Optional.empty(), 0, LONGEST);
  }

  /** Returns a probe that sends these bytes and takes silence for a good sign. */
  public static UdpExchange of(byte[] payload) {
    return ofHex(HexFormat.of().formatHex(payload));
  }

  /** Returns a probe that sends these bytes, in hexadecimal digits, blanks between them or not. */
  public static UdpExchange ofHex(String payload) {
    Objects.requireNonNull(payload, "payload");
    return new UdpExchange(Optional.of(payload), false, Optional.empty(), 0, LONGEST);
  }

  /** Returns the same taking silence for a failure. */
  public UdpExchange requireReply() {
    return new UdpExchange(payload, true, reply, leastReplyLength, mostReplyLength);
  }

  /**
   * Returns the same taking silence for a failure, and a reply that doesn't begin so.
   *
   * @param pattern hexadecimal digits, {@code x} for any; blanks between them or not
   */
  public UdpExchange requireReply(String pattern) {
    return new UdpExchange(payload, true, Optional.of(pattern), leastReplyLength, mostReplyLength);
  }

  /** Returns the same taking a reply of another length for a failure, both ends included. */
  public UdpExchange replyLength(int least, int most) {
    return new UdpExchange(payload, isReplyRequired, reply, least, most);
  }

  @Override
  public String name() {
    return "UDP_CHECK";
  }

  @Override
  public List<Problem> problems() {
    var problems = new ArrayList<Problem>();
    payload
        .filter(hex -> hex.length() % 2 != 0 || !hex.matches("[0-9a-f]*"))
        .ifPresent(hex -> problems.add(new Problem("payload", hex, "pairs of hexadecimal digits")));
    reply
        .filter(hex -> hex.length() % 2 != 0 || !hex.matches("[0-9a-fx]+"))
        .ifPresent(hex ->
            problems.add(
                new Problem("reply", hex, "pairs of hexadecimal digits, x for any digit")));
    Ranges.number(problems, "least reply length", leastReplyLength, 0, LONGEST);
    if (leastReplyLength >= 0 && leastReplyLength <= LONGEST) {
      Ranges.number(problems, "most reply length", mostReplyLength, leastReplyLength, LONGEST);
    }
    return problems;
  }

  private static String digits(String hex) {
    return hex.replaceAll("\\s", "").toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return name();
  }
}
