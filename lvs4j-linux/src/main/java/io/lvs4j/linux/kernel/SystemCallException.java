package io.lvs4j.linux.kernel;

import io.lvs4j.api.host.HostNetworkException;

/** Thrown when the kernel refuses a call: {@code operation: ERRNO (remedy)}. */
public final class SystemCallException extends HostNetworkException {
  private static final long serialVersionUID = 1L;

  private final transient Errno errno;

  SystemCallException(String operation, Errno errno, String remedy) {
    super(operation + ": " + errno + (remedy.isEmpty() ? "" : " (" + remedy + ")"));
    this.errno = errno;
  }

  /** Returns why. */
  public Errno errno() {
    return errno;
  }
}
