package io.lvs4j.linux.kernel;

import io.lvs4j.api.host.HostNetworkException;
import java.util.Optional;

/** Thrown when the kernel refuses a call: {@code operation: ERRNO (remedy)}. */
public final class SystemCallException extends HostNetworkException {
  private static final long serialVersionUID = 1L;

  private final transient Errno errno;
  private final transient Optional<String> kernelSays;

  SystemCallException(String operation, Errno errno, Optional<String> kernelSays, String remedy) {
    super(operation + ": " + errno + parenthesis(kernelSays, remedy));
    this.errno = errno;
    this.kernelSays = kernelSays;
  }

  private static String parenthesis(Optional<String> kernelSays, String remedy) {
    String said = kernelSays.map(words -> "the kernel says: " + words).orElse("");
    String both = said + (said.isEmpty() || remedy.isEmpty() ? "" : "; ") + remedy;
    return both.isEmpty() ? "" : " (" + both + ")";
  }

  /** Returns why. */
  public Errno errno() {
    return errno;
  }

  /** Returns what the kernel has put in words itself, NETLINK_EXT_ACK. */
  public Optional<String> kernelSays() {
    return kernelSays;
  }
}
