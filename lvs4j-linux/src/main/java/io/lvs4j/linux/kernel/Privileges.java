package io.lvs4j.linux.kernel;

import io.lvs4j.api.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a thread may do, and where it is.
 *
 * @param effective the capabilities that count
 * @param inInitialUserNamespace whether they count for the whole host, and not for a container only
 * @param networkNamespace the namespace its sockets belong to, such as {@code net:[4026531840]}
 */
public record Privileges(
    Set<Capability> effective, boolean inInitialUserNamespace, String networkNamespace) {

  // PROC_USER_INIT_INO, include/linux/proc_ns.h
  private static final String INITIAL_USER_NAMESPACE = "user:[4026531837]";

  public Privileges {
    effective = Set.copyOf(effective);
  }

  /**
   * Returns those of the calling thread.
   *
   * @throws IOException when /proc can't be read
   */
  public static Privileges current() throws IOException {
    return read(Path.of("/proc/thread-self"));
  }

  /** Returns those of the thread that a directory of /proc describes. */
  static Privileges read(Path thread) throws IOException {
    var effective = EnumSet.noneOf(Capability.class);
    long mask = effectiveMask(thread.resolve("status"));
    for (var capability : Capability.values()) {
      if (capability.isIn(mask)) {
        effective.add(capability);
      }
    }
    var user = Files.readSymbolicLink(thread.resolve("ns/user")).toString();
    var network = Files.readSymbolicLink(thread.resolve("ns/net")).toString();
    return new Privileges(effective, user.equals(INITIAL_USER_NAMESPACE), network);
  }

  private static long effectiveMask(Path status) throws IOException {
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("CapEff:")) {
        return Long.parseUnsignedLong(line.substring(7).strip(), 16);
      }
    }
    throw new IOException(status + ": no CapEff (expected: one, as proc_pid_status(5) says)");
  }

  /** Returns what to tell of a capability that is missing; empty when it is there. */
  public Optional<Problem> problem(Capability needed, String purpose) {
    return effective.contains(needed)
        ? Optional.empty()
        : Optional.of(new Problem(needed.toString(), "missing, needed " + purpose, grant(needed)));
  }

  private static String grant(Capability needed) {
    return "run as root, give it to the service (AmbientCapabilities="
        + needed
        + ") or to the container (--cap-add "
        + needed.name()
        + ")";
  }

  /** Returns what would help a thread with these privileges to use a capability. */
  String remedy(Capability needed) {
    if (!effective.contains(needed)) {
      return "needs " + needed + ": " + grant(needed);
    }
    return "this process has "
        + needed
        + (inInitialUserNamespace
            ? ", so a security module or a seccomp filter refuses"
            : " in its own user namespace only; it must own the network namespace "
                + networkNamespace);
  }
}
