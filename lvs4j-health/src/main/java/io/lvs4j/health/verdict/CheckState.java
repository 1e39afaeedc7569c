package io.lvs4j.health.verdict;

import io.lvs4j.api.HealthCheck;
import java.time.Duration;
import java.util.Collection;

/**
 * Where one checker of one real server stands, by keepalived's rules (check_tcp.c, check_http.c):
 *
 * <ul>
 *   <li>the first attempt is made at a random moment of the warm-up, so that many checkers that
 *       start together don't ask together (keepalived waits for one second more);
 *   <li>one success and the server is up; the next attempt follows after {@code delayLoop};
 *   <li>a failure while up is forgiven {@code retries} times in a row, with {@code
 *       delayBeforeRetry} between; the next one takes the server down;
 *   <li>the very first attempt is not forgiven anything;
 *   <li>while down an attempt is made every {@code delayLoop}, without retries;
 *   <li>an inconclusive attempt changes nothing but the time of the next one.
 * </ul>
 *
 * <p>Delays run from the end of one attempt to the begin of the next. A checker that finds its
 * moment missed by far goes on in its own rhythm rather than at once: after a pause of the process
 * all checkers are late, and all of them would start together.
 *
 * @param up whether the checker holds the real server for well
 * @param checked whether any attempt was conclusive yet
 * @param failures how many conclusive attempts in a row have failed
 * @param inconclusive how many attempts in a row have been inconclusive
 * @param attemptAt when the next attempt is due, in nanoseconds on a clock that may wrap around
 * @param delay how long was to be waited for that moment
 * @param postponed whether the moment was missed and set anew; it is not set anew twice
 */
public record CheckState(
    boolean up,
    boolean checked,
    int failures,
    int inconclusive,
    long attemptAt,
    Duration delay,
    boolean postponed) {

  /**
   * Returns the state in which a checker begins: up, unless it is in alpha mode.
   *
   * @param phase where in the warm-up the first attempt falls, from 0 inclusive to 1 exclusive
   */
  public static CheckState begin(HealthCheck check, double phase, long now) {
    long wait = (long) (check.warmUp().toNanos() * phase);
    return new CheckState(!check.isAlpha(), false, 0, 0, now + wait, check.warmUp(), false);
  }

  /** Returns the state after an attempt with this outcome has ended now. */
  public CheckState after(HealthCheck check, Outcome outcome, long now) {
    return switch (outcome) {
      case Outcome.Success _ -> concluded(true, 0, check.delayLoop(), now);
      case Outcome.Failure _ -> {
        int inARow = oneMore(failures);
        boolean forgiven = up && checked && inARow <= check.retries();
        yield concluded(
            forgiven, inARow, forgiven ? check.delayBeforeRetry() : check.delayLoop(), now);
      }
      case Outcome.Inconclusive _ ->
          new CheckState(
              up,
              checked,
              failures,
              oneMore(inconclusive),
              nextBeat(check.delayLoop(), now),
              check.delayLoop(),
              false);
    };
  }

  /**
   * Returns what to do now that the next attempt is due: this same state if the attempt is to be
   * made, or one with a later moment to wait for.
   */
  public CheckState whenDue(long now) {
    if (postponed || !Stall.missed(attemptAt, now, delay)) {
      return this;
    }
    return new CheckState(up, checked, failures, inconclusive, nextBeat(delay, now), delay, true);
  }

  /**
   * Returns how many attempts in a row may fail, the last of them taking the server down; 1 while
   * there is no retry.
   */
  public int attemptsUntilDown(HealthCheck check) {
    return up && checked ? check.retries() + 1 : 1;
  }

  /** Says whether a real server is up: it is if all of its checkers are, or if it has none. */
  public static boolean allUp(Collection<CheckState> checkers) {
    return checkers.stream().allMatch(CheckState::up);
  }

  private static CheckState concluded(boolean up, int failures, Duration delay, long now) {
    return new CheckState(up, true, failures, 0, now + delay.toNanos(), delay, false);
  }

  private static int oneMore(int count) {
    return count == Integer.MAX_VALUE ? count : count + 1;
  }

  /** Returns the first moment after now that is whole delays away from the one that was due. */
  private long nextBeat(Duration delay, long now) {
    if (delay.isZero()) {
      return now;
    }
    long beats = (now - attemptAt) / delay.toNanos() + 1;
    return attemptAt + beats * delay.toNanos();
  }
}
