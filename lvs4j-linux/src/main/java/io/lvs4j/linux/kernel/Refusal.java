package io.lvs4j.linux.kernel;

import java.io.IOException;
import java.util.Optional;

/** Makes an exception of a refused system call, with what would help. */
public final class Refusal {
  private Refusal() {}

  /**
   * Returns the result, when it is one.
   *
   * @param result what {@link Kernel} returned
   * @param needed the capability that the call takes
   * @param operation what was tried, in words
   */
  public static int check(int result, Capability needed, String operation)
      throws SystemCallException {
    if (result < 0) {
      throw of(Errno.ofResult(result), needed, operation);
    }
    return result;
  }

  /** Returns the exception of a refusal. */
  public static SystemCallException of(Errno errno, Capability needed, String operation) {
    return new SystemCallException(operation, errno, Optional.empty(), remedy(errno, needed));
  }

  /** Returns the exception of a refusal that the kernel itself has put in words. */
  public static SystemCallException of(
      Errno errno, Capability needed, String operation, String kernelSays) {
    return new SystemCallException(
        operation, errno, Optional.of(kernelSays), remedy(errno, needed));
  }

  private static String remedy(Errno errno, Capability needed) {
    return switch (errno.toString()) {
      case "EPERM", "EACCES" -> privilege(needed);
      case "ENODEV", "ENXIO" -> "no such interface in this network namespace";
      case "ENETDOWN" -> "the interface is down";
      case "EADDRNOTAVAIL" -> "this host has no such address";
      case "ENETUNREACH" -> "no route; is the interface up and has it an address?";
      case "EAFNOSUPPORT" -> "the kernel lacks this family, or IPv6 is disabled on the interface";
      case "EMFILE" -> "this process has reached its limit of open files, ulimit -n";
      case "ENFILE" -> "the host has reached its limit of open files, fs.file-max";
      case "ENOBUFS", "ENOMEM" -> "the kernel is short of memory for sockets";
      case "ENOSYS" -> "this kernel, or a seccomp filter, doesn't know the call";
      default -> "";
    };
  }

  private static String privilege(Capability needed) {
    try {
      return Privileges.current().remedy(needed);
    } catch (IOException unknown) {
      return "needs " + needed + "; " + unknown.getMessage();
    }
  }
}
