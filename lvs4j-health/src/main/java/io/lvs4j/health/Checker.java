package io.lvs4j.health;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.WARNING;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.ProcessRun;
import io.lvs4j.health.probe.Cancellable;
import io.lvs4j.health.probe.HealthLog;
import io.lvs4j.health.probe.ProbeLoop;
import io.lvs4j.health.probe.Prober;
import io.lvs4j.health.verdict.CheckState;
import io.lvs4j.health.verdict.Outcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One checker of one real server: waits for the moment that its state names, makes an attempt, and
 * takes the outcome into its state. Lives on the loop's thread.
 */
final class Checker {
  private static final Duration OVERDUE = Duration.ofSeconds(2);
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final ProbeLoop loop;
  private final Prober prober;
  private final HealthCheck check;
  private final Runnable onConclusion;
  private CheckState state;
  private @Nullable Cancellable pending;
  private long begunAt;
  private boolean attempting;
  private long lostAt;
  private boolean lastFailed;
  private String detail = "";
  private String remark = "";

  /**
   * Creates a checker that does nothing yet.
   *
   * @param onConclusion is called after each attempt
   */
  Checker(
      ProbeLoop loop, Endpoint target, HealthCheck check, CheckState state, Runnable onConclusion) {
    this.loop = loop;
    this.prober = loop.prober(target, check);
    this.check = check;
    this.state = state;
    this.onConclusion = onConclusion;
  }

  /** Begins to wait for the next attempt. */
  void await() {
    attempting = false;
    pending = loop.at(state.attemptAt(), this::due);
  }

  /** Goes on after a pause, in its own rhythm. */
  void resume() {
    state = state.resumed(loop.now());
    await();
  }

  void cancel() {
    if (pending != null) {
      pending.cancel();
    }
  }

  /**
   * Finds out whether an error has kept its timer or the end of its attempt from it, and goes on if
   * so. Called once a second.
   */
  void lookAfter() {
    long now = loop.now();
    if (attempting && now - lostAt > 0) {
      cancel();
      attempting = false;
      ended(new Outcome.Inconclusive(check.probe().name() + ": an attempt was lost"));
    } else if (!attempting && now - state.attemptAt() > OVERDUE.toNanos()) {
      cancel();
      resume();
    }
  }

  CheckState state() {
    return state;
  }

  /** Says whether the last attempt failed, forgiven or not. */
  boolean lastFailed() {
    return lastFailed;
  }

  /**
   * Returns what the last attempt found and, if there were some since then that came to no result,
   * why; empty before there was one.
   */
  String detail() {
    return remark.isEmpty() || detail.isEmpty() ? detail + remark : detail + ", then " + remark;
  }

  private void due() {
    long now = loop.now();
    var next = state.whenDue(now);
    if (next.equals(state)) {
      begunAt = now;
      attempting = true;
      lostAt = now + longest().toNanos();
      pending = prober.attempt(state.step(), this::ended);
    } else {
      state = next;
      await();
    }
  }

  /** Returns the time after which an attempt of this check has ended for certain. */
  private Duration longest() {
    var own =
        check.probe() instanceof ProcessRun run
            ? run.timeout().orElse(check.delayLoop())
            : check.connectTimeout().multipliedBy(Prober.LONGEST_IN_TIMEOUTS);
    return own.plus(GRACE);
  }

  private void ended(Outcome outcome) {
    var before = state;
    state = before.after(check, outcome, begunAt, loop.now());
    await();
    switch (outcome) {
      case Outcome.Success success -> {
        lastFailed = false;
        detail = success.detail();
        remark = "";
        onConclusion.run();
      }
      case Outcome.Failure failure -> {
        lastFailed = true;
        detail = failure.detail() + attempt(before);
        remark = "";
        HealthLog.log(check.isLoggingAllFailures() ? WARNING : DEBUG, detail);
        onConclusion.run();
      }
      case Outcome.Inconclusive nothing -> {
        remark = nothing.detail();
        tell(nothing, before.inconclusive() == 0);
        onConclusion.run();
      }
    }
  }

  /** One warning is enough for as long as it lasts, and for all checks that lack the same. */
  private static void tell(Outcome.Inconclusive nothing, boolean first) {
    if (nothing.lacking().isPresent()) {
      var lacking = nothing.lacking().get();
      HealthLog.often(WARNING, lacking.name(), nothing.detail(), null);
    } else {
      HealthLog.log(first ? WARNING : DEBUG, nothing.detail());
    }
  }

  /** Returns which failure in a row it was; there is nothing to count while the server is down. */
  private String attempt(CheckState before) {
    return before.up()
        ? ", attempt " + state.failures() + " of " + before.attemptsUntilDown(check)
        : "";
  }
}
