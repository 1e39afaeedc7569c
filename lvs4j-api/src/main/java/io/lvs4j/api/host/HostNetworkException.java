package io.lvs4j.api.host;

import java.io.IOException;

/**
 * Thrown when the host refuses something. The message says what was tried, what the host answered
 * and, where it is known, what would help: {@code open /dev/net/tun: EPERM (needs CAP_NET_ADMIN)}.
 */
public class HostNetworkException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception. */
  public HostNetworkException(String message) {
    super(message);
  }

  /** Creates the exception. */
  public HostNetworkException(String message, Throwable cause) {
    super(message, cause);
  }
}
