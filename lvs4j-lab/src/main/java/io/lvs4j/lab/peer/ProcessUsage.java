package io.lvs4j.lab.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a process has used, as Linux counts it.
 *
 * @param cpu time in user and kernel mode, of all threads, those that have ended too
 * @param residentBytes memory that is resident now
 */
public record ProcessUsage(Duration cpu, long residentBytes) {
  /** Nothing at all. */
  public static final ProcessUsage NONE = new ProcessUsage(Duration.ZERO, 0);

  private static final long TICKS_PER_SECOND = configuration("CLK_TCK");
  private static final long PAGE_BYTES = configuration("PAGESIZE");

  /** Reads the figures of a running process. */
  public static ProcessUsage of(long pid) {
    Path file = Path.of("/proc", Long.toString(pid), "stat");
    try {
      return parse(Files.readString(file), TICKS_PER_SECOND, PAGE_BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException("process " + pid + ": no figures in /proc", e);
    }
  }

  /** Reads the fields 14, 15 and 24 of proc_pid_stat(5); field 2, a name, may hold anything. */
  static ProcessUsage parse(String stat, long ticksPerSecond, long pageBytes) {
    String[] fromThird = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    long ticks = Long.parseLong(fromThird[11]) + Long.parseLong(fromThird[12]);
    long pages = Long.parseLong(fromThird[21]);
    return new ProcessUsage(
        Duration.ofNanos(ticks * 1_000_000_000L / ticksPerSecond), pages * pageBytes);
  }

  /** Returns both together. */
  public ProcessUsage plus(ProcessUsage other) {
    return new ProcessUsage(cpu.plus(other.cpu), residentBytes + other.residentBytes);
  }

  private static long configuration(String name) {
    return Program.find("getconf")
        .map(getconf -> Long.parseLong(getconf.answer(name)))
        .orElseThrow(
            () -> new IllegalStateException(name + ": unknown (expected: getconf installed)"));
  }
}
