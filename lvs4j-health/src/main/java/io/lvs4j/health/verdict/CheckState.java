package io.lvs4j.health.verdict;

import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.ProcessRun;
import java.time.Duration;
import java.util.Collection;

/**
 * Where one checker of one real server stands, by keepalived's rules (check_tcp.c, check_http.c):
 *
 * <ul>
 *   <li>the first attempt is made at a random moment of the warm-up, so that many checkers that
 *       start together don't ask together (keepalived waits for one second more);
 *   <li>the second attempt follows after {@code delayLoop} at the latest, and so that from then on
 *       the checkers are spread over the whole {@code delayLoop}, however short the warm-up is (not
 *       so without a warm-up);
 *   <li>one success and the server is up ({@code rise} of them in a row, where more are asked for);
 *       the next attempt follows after {@code delayLoop};
 *   <li>a failure while up is forgiven {@code retries} times in a row, with {@code
 *       delayBeforeRetry} between; the next one takes the server down;
 *   <li>the very first attempt is not forgiven anything;
 *   <li>while down an attempt is made every {@code delayLoop}, without retries;
 *   <li>HTTP_GET asks for one URL at each attempt: a failed one is asked for until it is good, then
 *       all of them are, and only then is the server up; a failure on that way begins it anew;
 *   <li>an inconclusive attempt changes nothing but the time of the next one.
 * </ul>
 *
 * <p>Delays run from the end of one attempt to the begin of the next, but those of MISC_CHECK from
 * the begin of one to the begin of the next. A checker that finds its moment missed by far goes on
 * in its own rhythm rather than at once: after a pause of the process all checkers are late, and
 * all of them would start together.
 *
 * @param up whether the checker holds the real server for well
 * @param checked whether any attempt was conclusive yet; of several URLs, all or a failed one
 * @param failures how many conclusive attempts in a row have failed
 * @param successes how many rounds in a row have passed while the server was down
 * @param inconclusive how many attempts in a row have been inconclusive
 * @param step which of the probe's steps comes next, counted from 0
 * @param stepFailed whether that step has failed and is waited for
 * @param weight what the last success said of the weight; nothing while down
 * @param attemptAt when the next attempt is due, in nanoseconds on a clock that may wrap around
 * @param delay how long was to be waited for that moment
 * @param nextLoop how long the next {@code delayLoop} is: the first is shorter, for the spread
 * @param postponed whether the moment was missed and set anew; it is not set anew twice
 */
public record CheckState(
    boolean up,
    boolean checked,
    int failures,
    int successes,
    int inconclusive,
    int step,
    boolean stepFailed,
    WeightReport weight,
    long attemptAt,
    Duration delay,
    Duration nextLoop,
    boolean postponed) {

  /**
   * Returns the state in which a checker begins: up, unless it is in alpha mode.
   *
   * @param phase where in the warm-up the first attempt falls, from 0 inclusive to 1 exclusive
   */
  public static CheckState begin(HealthCheck check, double phase, long now) {
    long wait = (long) (check.warmUp().toNanos() * phase);
    return new CheckState(
        !check.isAlpha(),
        false,
        0,
        0,
        0,
        0,
        false,
        WeightReport.NONE,
        now + wait,
        check.warmUp(),
        firstLoop(check, phase),
        false);
  }

  /** Returns what brings a phase of the warm-up to the same phase of the delay loop. */
  private static Duration firstLoop(HealthCheck check, double phase) {
    long warmUp = check.warmUp().toNanos();
    long loop = check.delayLoop().toNanos();
    return warmUp == 0 || warmUp >= loop
        ? check.delayLoop()
        : Duration.ofNanos(warmUp + (long) ((loop - warmUp) * phase));
  }

  /**
   * Returns the state after an attempt with this outcome.
   *
   * @param began when the attempt was begun
   * @param now when it has ended, on the same clock
   */
  public CheckState after(HealthCheck check, Outcome outcome, long began, long now) {
    var rounds = Rounds.of(check);
    return switch (outcome) {
      case Outcome.Success success -> passed(check, rounds, success.weight(), began, now);
      case Outcome.Failure _ -> {
        int inARow = oneMore(failures);
        boolean forgiven = up && checked && inARow <= check.retries();
        yield concluded(
            check,
            forgiven,
            true,
            inARow,
            0,
            step,
            !forgiven && rounds.recoversByRound(),
            forgiven ? weight : WeightReport.NONE,
            forgiven ? check.delayBeforeRetry() : rounds.afterFailure(check),
            base(check, began, now),
            now);
      }
      case Outcome.Inconclusive _ ->
          new CheckState(
              up,
              checked,
              failures,
              successes,
              oneMore(inconclusive),
              step,
              stepFailed,
              weight,
              nextBeat(check.delayLoop(), now),
              check.delayLoop(),
              nextLoop,
              false);
    };
  }

  private CheckState passed(
      HealthCheck check, Rounds rounds, WeightReport weight, long began, long now) {
    long base = base(check, began, now);
    if (stepFailed) {
      var wait = rounds.afterPass(check, false);
      return concluded(check, up, checked, 0, 0, 0, false, weight, wait, base, now);
    }
    if (step + 1 < rounds.steps()) {
      var wait = rounds.afterPass(check, up && checked);
      return concluded(check, up, checked, 0, successes, step + 1, false, weight, wait, base, now);
    }
    int inARow = up ? 0 : oneMore(successes);
    boolean risen = up || inARow >= check.rise();
    return concluded(
        check, risen, true, 0, risen ? 0 : inARow, 0, false, weight, check.delayLoop(), base, now);
  }

  /**
   * Returns what to do now that the next attempt is due: this same state if the attempt is to be
   * made, or one with a later moment to wait for.
   */
  public CheckState whenDue(long now) {
    if (postponed || !Stall.missed(attemptAt, now, delay)) {
      return this;
    }
    return new CheckState(
        up,
        checked,
        failures,
        successes,
        inconclusive,
        step,
        stepFailed,
        weight,
        nextBeat(delay, now),
        delay,
        nextLoop,
        true);
  }

  /**
   * Returns the state in which a checker goes on after it was paused: at the moment that it waited
   * for, or if that has passed at the next one of its rhythm.
   */
  public CheckState resumed(long now) {
    return attemptAt - now >= 0
        ? this
        : new CheckState(
            up,
            checked,
            failures,
            successes,
            inconclusive,
            step,
            stepFailed,
            weight,
            nextBeat(delay, now),
            delay,
            nextLoop,
            false);
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

  /** Returns what all checkers of a real server say of its weight. */
  public static WeightReport weightOf(Collection<CheckState> checkers) {
    return WeightReport.together(checkers.stream().map(CheckState::weight).toList());
  }

  private CheckState concluded(
      HealthCheck check,
      boolean up,
      boolean checked,
      int failures,
      int successes,
      int step,
      boolean stepFailed,
      WeightReport weight,
      Duration delay,
      long base,
      long now) {
    boolean wholeLoop = delay.equals(check.delayLoop());
    var wait = wholeLoop ? nextLoop : delay;
    long next = base + wait.toNanos();
    return new CheckState(
        up,
        checked,
        failures,
        successes,
        0,
        step,
        stepFailed,
        weight,
        next - now > 0 ? next : now,
        wait,
        wholeLoop ? check.delayLoop() : nextLoop,
        false);
  }

  /** Returns the moment from which the next delay runs. */
  private static long base(HealthCheck check, long began, long now) {
    return check.probe() instanceof ProcessRun ? began : now;
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
