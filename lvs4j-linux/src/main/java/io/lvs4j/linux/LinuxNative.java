package io.lvs4j.linux;

import io.lvs4j.linux.kernel.Descriptor;
import io.lvs4j.linux.kernel.Errno;
import io.lvs4j.linux.kernel.NativeKernel;
import io.lvs4j.linux.kernel.SocketConstants;
import java.util.Locale;
import java.util.Optional;

/** Says whether this JVM may make system calls, and if not, what to do about it. */
public final class LinuxNative {
  private LinuxNative() {}

  /** Says whether system calls can be made. The first call tries one, and takes some 100 ms. */
  public static boolean isAvailable() {
    return unavailabilityCause().isEmpty();
  }

  /** Returns why system calls can't be made, with the remedy; empty when they can. */
  public static Optional<UnsupportedOperationException> unavailabilityCause() {
    return Tried.CAUSE;
  }

  /**
   * Throws when system calls can't be made.
   *
   * @throws UnsupportedOperationException with the remedy
   */
  public static void ensureAvailability() {
    if (unavailabilityCause().isPresent()) {
      var cause = unavailabilityCause().get();
      throw new UnsupportedOperationException(cause.getMessage(), cause);
    }
  }

  /** Returns the flag of java that allows native access to this module, and to nothing else. */
  static String flag() {
    var module = LinuxNative.class.getModule();
    return "--enable-native-access=" + (module.isNamed() ? module.getName() : "ALL-UNNAMED");
  }

  static Optional<UnsupportedOperationException> unsupported(String system, String architecture) {
    if (!system.toLowerCase(Locale.ROOT).equals("linux")) {
      return Optional.of(
          new UnsupportedOperationException("operating system: " + system + " (expected: Linux)"));
    }
    return switch (architecture) {
      case "amd64", "x86_64", "aarch64" -> Optional.empty();
      default ->
          Optional.of(
              new UnsupportedOperationException(
                  "architecture: " + architecture + " (expected: x86-64 or aarch64)"));
    };
  }

  /** The one attempt; a failed link stays failed in this JVM. */
  private static final class Tried {
    static final Optional<UnsupportedOperationException> CAUSE =
        unsupported(System.getProperty("os.name"), System.getProperty("os.arch"))
            .or(Tried::attempt);

    private static Optional<UnsupportedOperationException> attempt() {
      try {
        var kernel = new NativeKernel();
        int counter = kernel.eventCounter(SocketConstants.EFD_CLOEXEC);
        if (counter < 0) {
          return Optional.of(
              new UnsupportedOperationException("eventfd: " + Errno.ofResult(counter)));
        }
        new Descriptor(kernel, counter, "attempt of a system call").close();
        return Optional.empty();
      } catch (IllegalCallerException | LinkageError refused) {
        // A static initializer wraps what it threw; the flag cures both forms.
        return Optional.of(
            new UnsupportedOperationException(
                "native access: denied to "
                    + LinuxNative.class.getModule()
                    + " (expected: java "
                    + flag()
                    + ", or JDK_JAVA_OPTIONS="
                    + flag()
                    + " in the environment)",
                refused));
      }
    }
  }
}
