package io.lvs4j.core.proxy;

import java.net.BindException;
import java.util.List;
import java.util.Locale;

/** Why a connect came to nothing, and whether the real server is to blame. */
final class ConnectFailure {
  /** What is said when no local port, or no local address, is left to connect from. */
  private static final String NO_PORT = "EADDRNOTAVAIL";

  /**
   * What the host says when it is itself that lacks something: descriptors, ports, memory, rights.
   */
  private static final List<String> OWN =
      List.of(
          "too many open files",
          NO_PORT.toLowerCase(Locale.ROOT),
          "address already in use",
          "no buffer space",
          "cannot allocate memory",
          "permission denied",
          "operation not permitted",
          "bind(");

  private ConnectFailure() {}

  /** Says whether this host, and not the real server, was at fault. */
  static boolean isOwn(Throwable cause) {
    if (cause instanceof BindException) {
      return true;
    }
    var text = text(cause).toLowerCase(Locale.ROOT);
    return OWN.stream().anyMatch(text::contains);
  }

  /** Says whether this host has no local port left for one more connection to that server. */
  static boolean isOutOfPorts(Throwable cause) {
    var text = text(cause);
    // The second is what bind says, with which a UDP session begins.
    return text.equals(NO_PORT) || text.toLowerCase(Locale.ROOT).contains("already in use");
  }

  /** Returns the words for it, the same whatever the transport. */
  static String text(Throwable cause) {
    var text = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    var lower = text.toLowerCase(Locale.ROOT);
    if (lower.contains("refused")) {
      return "connection refused";
    }
    if (lower.contains("timed out")) {
      return "connect timed out";
    }
    if (lower.contains("cannot assign requested address")) {
      return NO_PORT;
    }
    return lower.contains("reset") ? "connection reset" : text;
  }
}
