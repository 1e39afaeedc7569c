package io.lvs4j.health.verdict;

import java.time.Duration;

/**
 * Tells a deadline that has passed from a process that stood still while it passed: a collector's
 * pause, a suspended container, a migrated machine. A deadline that was noticed only long after it
 * was due says more of the watcher than of the watched.
 */
public final class Stall {
  /** The lateness that any busy process may show. */
  private static final Duration TOLERANCE = Duration.ofMillis(100);

  private Stall() {}

  /**
   * Says whether a timeout was noticed so late that what it seems to say of the other side is not
   * to be believed: later than half of its own length, and than 100 ms.
   *
   * @param dueAt when the timeout ran out
   * @param now when that was noticed, on the same clock of nanoseconds, which may wrap around
   * @param timeout its whole length
   */
  public static boolean discredits(long dueAt, long now, Duration timeout) {
    return lateness(dueAt, now) > atLeastTolerance(timeout.dividedBy(2));
  }

  /**
   * Says whether a periodic task was missed by so much that it should wait for its next turn: by an
   * eighth of its period, and 100 ms. Whoever is less late than that goes at once, so an eighth of
   * all is the most that can start together after a pause.
   *
   * @param dueAt when the task was due
   * @param now the present moment, on the same clock of nanoseconds, which may wrap around
   * @param period from one turn to the next
   */
  public static boolean missed(long dueAt, long now, Duration period) {
    return lateness(dueAt, now) > atLeastTolerance(period.dividedBy(8));
  }

  private static long lateness(long dueAt, long now) {
    return now - dueAt;
  }

  private static long atLeastTolerance(Duration most) {
    return Math.max(most.toNanos(), TOLERANCE.toNanos());
  }
}
