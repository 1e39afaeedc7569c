package io.lvs4j.ipvs.client;

import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.linux.kernel.Errno;
import java.util.Optional;

/**
 * Thrown when the kernel refuses something of IPVS. The message says what was tried on what, the
 * errno, and what would help: {@code add service TCP 10.0.0.1:80: EEXIST (there is one already; set
 * it, or delete it first)}.
 */
public final class IpvsException extends HostNetworkException {
  private static final long serialVersionUID = 1L;

  /** What kind of refusal it is. */
  public enum Kind {
    /** This kernel has no IPVS, or none that it has loaded. */
    UNAVAILABLE,
    /** The privilege is missing: CAP_NET_ADMIN in the initial user namespace. */
    NOT_PERMITTED,
    /** There is such a service, real server or daemon already. */
    ALREADY_EXISTS,
    /** There is no such service. */
    NO_SUCH_SERVICE,
    /** The service has no such real server. */
    NO_SUCH_DESTINATION,
    /** The kernel has no such scheduler or persistence engine; it doesn't say which of them. */
    NO_SUCH_SCHEDULER,
    /** There is no such interface for a sync daemon. */
    NO_SUCH_INTERFACE,
    /** No sync daemon of that role runs. */
    NO_SUCH_DAEMON,
    /** A number is out of range. */
    OUT_OF_RANGE,
    /** Something doesn't fit: a family, an address, a tunnel without its port. */
    INVALID,
    /** The kernel is short of memory. */
    NO_MEMORY,
    /** Another errno. */
    OTHER,
    /** There was no answer, or none that can be read; what the kernel did is not known. */
    NO_ANSWER
  }

  private final Kind kind;
  private final String operation;
  private final String subject;
  private final transient Optional<Errno> errno;
  private final String remedy;

  IpvsException(
      Kind kind,
      String operation,
      String subject,
      Optional<Errno> errno,
      String remedy,
      Throwable cause) {
    super(message(operation, subject, errno, remedy), cause);
    this.kind = kind;
    this.operation = operation;
    this.subject = subject;
    this.errno = errno;
    this.remedy = remedy;
  }

  private static String message(
      String operation, String subject, Optional<Errno> errno, String remedy) {
    String what = subject.isEmpty() ? operation : operation + " " + subject;
    return errno
        .map(code -> what + ": " + code + (remedy.isEmpty() ? "" : " (" + remedy + ")"))
        .orElse(what + ": " + remedy);
  }

  /** Returns what kind of refusal it is. */
  public Kind kind() {
    return kind;
  }

  /** Returns what was tried, such as {@code add service}. */
  public String operation() {
    return operation;
  }

  /** Returns what it was tried on, such as {@code TCP 10.0.0.1:80}; may be empty. */
  public String subject() {
    return subject;
  }

  /** Returns the kernel's number; empty when there was no answer. */
  public Optional<Errno> errno() {
    return errno;
  }

  /** Returns what would help; empty when that isn't known. */
  public String remedy() {
    return remedy;
  }
}
