package io.lvs4j.health.probe;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lvs4j.api.Endpoint;
import java.math.BigDecimal;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** How outcomes are put into words, the same whatever the transport and the operating system. */
final class Wording {
  private static final int MOST_QUOTED = 120;

  private Wording() {}

  /** Returns {@code 5 s}, {@code 1.5 s} or {@code 250 ms}. */
  static String duration(Duration duration) {
    boolean seconds = duration.compareTo(Duration.ofSeconds(1)) >= 0;
    var amount = BigDecimal.valueOf(duration.toNanos(), seconds ? 9 : 6).stripTrailingZeros();
    return amount.toPlainString() + (seconds ? " s" : " ms");
  }

  /** Returns status codes as ranges: {@code 200-299, 304}. */
  static String statuses(List<Integer> statuses) {
    var sorted = statuses.stream().distinct().sorted().toList();
    var ranges = new ArrayList<String>();
    for (int i = 0; i < sorted.size(); i++) {
      int first = sorted.get(i);
      while (i + 1 < sorted.size() && sorted.get(i + 1) == sorted.get(i) + 1) {
        i++;
      }
      int last = sorted.get(i);
      ranges.add(first == last ? Integer.toString(first) : first + "-" + last);
    }
    return String.join(", ", ranges);
  }

  /** Returns address and port as the Host header takes them: a zone means nothing to the server. */
  static String hostHeader(Endpoint at) {
    return at.toString().replaceFirst("%[^]]*", "");
  }

  /** Returns the address alone. */
  static String address(Endpoint at) {
    return Endpoint.literal(at.address());
  }

  /** Returns why a connection could not be made. */
  static String connectFailure(Throwable failure) {
    var text = message(failure);
    var lower = text.toLowerCase(Locale.ROOT);
    if (lower.contains("refused")) {
      return "connection refused";
    }
    if (failure instanceof NoRouteToHostException
        || lower.contains("no route to host")
        || lower.contains("is unreachable")) {
      // Host or network: netty's epoll transport makes no difference between the two.
      return "no route to host";
    }
    if (lower.contains("timed out")) {
      return "connect timed out";
    }
    return lower.contains("reset") ? "connection reset" : "connect failed: " + text;
  }

  /** Returns why a connection that stood has ended. */
  static String readFailure(Throwable failure) {
    var text = message(failure);
    var lower = text.toLowerCase(Locale.ROOT);
    return lower.contains("reset") || lower.contains("broken pipe") ? "connection reset" : text;
  }

  /** Returns the message of the innermost cause that has one. */
  static String message(Throwable failure) {
    String innermost = failure.getClass().getSimpleName();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause.getMessage() != null) {
        innermost = whole(cause, cause.getMessage());
      }
    }
    return innermost;
  }

  /**
   * Completes the message of those exceptions that say what by their message, why by their type.
   */
  private static String whole(Throwable failure, String message) {
    return switch (failure) {
      case NoSuchFileException _ -> message + ": no such file";
      case AccessDeniedException _ -> message + ": permission denied";
      case UnknownHostException _ when !message.contains(" ") -> message + ": unknown host";
      default -> message;
    };
  }

  /** Returns the begin of a text that a server sent, quoted and escaped as {@link #firstLine}. */
  static String quoted(String text) {
    var bytes = text.getBytes(UTF_8);
    int length = Math.min(bytes.length, MOST_QUOTED);
    return firstLine(Arrays.copyOf(bytes, length == bytes.length ? length + 1 : length), length);
  }

  /**
   * Returns the first line of what a server sent, quoted; bytes that are not printable ASCII as
   * {@code \x1b}, so that no server writes into a log what it likes.
   */
  static String firstLine(byte[] bytes, int length) {
    var text = new StringBuilder("\"");
    int end = 0;
    while (end < length && bytes[end] != '\r' && bytes[end] != '\n') {
      int octet = bytes[end++] & 0xff;
      if (octet >= ' ' && octet < 0x7f && octet != '"' && octet != '\\') {
        text.append((char) octet);
      } else {
        text.append("\\x").append(HexFormat.of().toHexDigits((byte) octet));
      }
    }
    return text.append(end == bytes.length ? "...\"" : "\"").toString();
  }
}
