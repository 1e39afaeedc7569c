package io.lvs4j.core.proxy;

import java.net.BindException;
import java.util.List;
import java.util.Locale;

/** Why a connect came to nothing, and whether the real server is to blame. */
final class ConnectFailure {
  /**
   * What the host says when it is itself that lacks something: descriptors, ports, memory, rights.
   */
  private static final List<String> OWN =
      List.of(
          "too many open files",
          "cannot assign requested address",
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
    return lower.contains("reset") ? "connection reset" : text;
  }
}
