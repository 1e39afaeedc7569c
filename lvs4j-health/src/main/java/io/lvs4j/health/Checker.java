package io.lvs4j.health;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.WARNING;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.health.probe.Cancellable;
import io.lvs4j.health.probe.HealthLog;
import io.lvs4j.health.probe.ProbeLoop;
import io.lvs4j.health.probe.Prober;
import io.lvs4j.health.verdict.CheckState;
import io.lvs4j.health.verdict.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * One checker of one real server: waits for the moment that its state names, makes an attempt, and
 * takes the outcome into its state. Lives on the loop's thread.
 */
final class Checker {
  private final ProbeLoop loop;
  private final Prober prober;
  private final HealthCheck check;
  private final Runnable onConclusion;
  private CheckState state;
  private @Nullable Cancellable pending;
  private long begunAt;
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
      pending = prober.attempt(state.step(), this::ended);
    } else {
      state = next;
      await();
    }
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
        // One warning is enough for as long as it lasts.
        HealthLog.log(before.inconclusive() == 0 ? WARNING : DEBUG, nothing.detail());
        onConclusion.run();
      }
    }
  }

  /** Returns which failure in a row it was; there is nothing to count while the server is down. */
  private String attempt(CheckState before) {
    return before.up()
        ? ", attempt " + state.failures() + " of " + before.attemptsUntilDown(check)
        : "";
  }
}
