package io.lvs4j.linux;

import io.lvs4j.linux.kernel.SignalCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The signals that this process has ignored from its beginning, because its parent did: {@code
 * nohup} ignores SIGHUP, and a shell ignores SIGINT for what it starts in the background. A JVM
 * leaves such a signal alone, even when a program asks for it.
 */
public final class IgnoredSignals {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String MASK = "SigIgn:";

  private IgnoredSignals() {}

  /**
   * Says whether a signal is ignored.
   *
   * @param number 1 to 64
   * @throws IOException when /proc can't be read
   */
  public static boolean contains(int number) throws IOException {
    return (mask(Files.readString(STATUS)) >>> (number - 1) & 1) == 1;
  }

  /** Returns the mask of /proc/PID/status (proc_pid_status(5)): bit 0 is signal 1. */
  static long mask(String status) {
    return status
        .lines()
        .filter(line -> line.startsWith(MASK))
        .map(line -> Long.parseUnsignedLong(line.substring(MASK.length()).strip(), 16))
        .findFirst()
        .orElse(0L);
  }

  /**
   * Makes a signal that is ignored do again what it does by itself, so that a handler can be set;
   * does nothing to another one. Until there is a handler SIGHUP and SIGINT end the process.
   *
   * @param number 1 to 64
   * @throws IOException when /proc can't be read
   * @throws UnsupportedOperationException when this JVM may not make system calls, with the remedy
   */
  public static void heed(int number) throws IOException {
    if (contains(number)) {
      LinuxNative.ensureAvailability();
      SignalCalls.restoreDefault(number);
    }
  }
}
