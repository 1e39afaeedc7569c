package io.lvs4j.health.probe;

import io.netty.handler.ssl.NotSslRecordException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;

/** How failed TLS handshakes are put into words. */
final class TlsWording {
  private TlsWording() {}

  /** Returns what went wrong, the innermost known reason first. */
  static String failure(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      var known = known(cause);
      if (!known.isEmpty()) {
        return known;
      }
    }
    return "TLS handshake failed: " + Wording.message(failure);
  }

  private static String known(Throwable cause) {
    var text = cause.getMessage() == null ? "" : cause.getMessage();
    return switch (cause) {
      case CertificateExpiredException _ -> "certificate expired (" + text + ")";
      case CertificateNotYetValidException _ -> "certificate not valid yet (" + text + ")";
      case CertPathBuilderException _ -> "certificate signed by nobody who is trusted";
      case NotSslRecordException _ -> "not TLS";
      case ClosedChannelException _ -> "closed in the TLS handshake";
      case SSLException _ when text.contains("closed") -> "closed in the TLS handshake";
      default -> byText(text);
    };
  }

  private static String byText(String text) {
    if (text.startsWith("No name matching")
        || text.startsWith("No subject alternative")
        || text.contains("doesn't match")) {
      return "certificate for another name (" + text + ")";
    }
    return text.contains("onnection reset") ? "connection reset in the TLS handshake" : "";
  }
}
