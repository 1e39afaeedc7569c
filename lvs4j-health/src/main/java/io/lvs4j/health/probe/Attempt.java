package io.lvs4j.health.probe;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.host.Exhaustion;
import io.lvs4j.health.verdict.Outcome;
import io.lvs4j.health.verdict.Stall;
import io.lvs4j.health.verdict.WeightReport;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One attempt of a checker: one outcome, in time. Lives on the thread of its {@link ProbeLoop}. */
abstract class Attempt implements Cancellable {
  /**
   * A server that sends a byte whenever it is about to be given up never runs into the timeout of a
   * single read; all reads together get this many times as long.
   */
  private static final int LONGEST_IN_TIMEOUTS = Prober.LONGEST_IN_TIMEOUTS;

  private static final String NOT_BELIEVED = ", which is not believed: this process ";

  final ProbeLoop loop;
  final HealthCheck check;
  final Endpoint at;
  private final Consumer<Outcome> done;
  private final String subject;
  private final Duration timeout;
  private @Nullable Cancellable timer;
  private long dueAt;
  private long endBy;
  private boolean lookedOnceMore;
  private boolean watched;

  /** The standstills before the present wait, and those that its deadline has been moved by. */
  private long standstillBefore;

  private long standstillGranted;

  /** Written on the loop's thread, and read by others that work for an attempt. */
  private volatile boolean ended;

  /**
   * Prepares an attempt.
   *
   * @param subject what is tried, and where, in a person's words
   */
  Attempt(Assignment assignment, String subject) {
    this.loop = assignment.loop();
    this.check = assignment.check();
    this.at = assignment.at();
    this.done = assignment.done();
    this.timeout = check.connectTimeout();
    this.subject = subject;
  }

  /** Does the first thing. */
  abstract void begin();

  /** Ends the attempt because the time that {@link #awaitNext} gave is over. */
  abstract void timedOut();

  /** Gives back what the attempt holds; called once, when it has ended. */
  abstract void release();

  /** Begins; does nothing if the attempt was cancelled before. */
  final void start() {
    if (!ended) {
      endBy = loop.now() + LONGEST_IN_TIMEOUTS * timeout.toNanos();
      try {
        begin();
      } catch (RuntimeException | Error unexpected) {
        unexpected(unexpected);
      }
    }
  }

  /** May be asked on any thread. */
  final boolean hasEnded() {
    return ended;
  }

  /** Gives the real server another connect timeout from now for whatever it does next. */
  final void awaitNext() {
    stopTimer();
    if (ended) {
      return;
    }
    long now = loop.now();
    long next = now + timeout.toNanos();
    dueAt = next - endBy > 0 ? endBy : next;
    lookedOnceMore = false;
    if (!watched) {
      watched = true;
      loop.standstill().watch();
    }
    standstillBefore = loop.standstill().total();
    standstillGranted = 0;
    timer = loop.at(dueAt, this::due);
  }

  /** Returns the nanoseconds of the present wait in which nobody was there to see an answer. */
  private long stoodStill() {
    return loop.standstill().total() - standstillBefore;
  }

  private void due() {
    try {
      lookAtTheTime();
    } catch (RuntimeException | Error unexpected) {
      unexpected(unexpected);
    }
  }

  /** Without an outcome the checker would wait until somebody misses it. */
  final void unexpected(Throwable failure) {
    if (!hasEnded() && !isOwnFault(failure)) {
      HealthLog.often(
          System.Logger.Level.ERROR,
          failure.getClass().getName(),
          subject + ": unexpected error",
          failure);
      inconclusive("unexpected error: " + failure);
    }
  }

  /**
   * Ends the attempt without a verdict where a failure is this process's or host's own: for want of
   * something, or by an error. Returns whether it was.
   */
  final boolean isOwnFault(Throwable failure) {
    return isOwnFault(failure, Exhaustion.of(failure));
  }

  final boolean isOwnFault(Throwable failure, Optional<Exhaustion> lacking) {
    if (lacking.isPresent()) {
      var what = lacking.get();
      end(
          new Outcome.Inconclusive(
              subject
                  + ": not checked: "
                  + what.words()
                  + " ("
                  + Wording.message(failure)
                  + "; "
                  + what.remedy()
                  + ")",
              lacking));
      return true;
    }
    int depth = 0;
    for (Throwable each = failure; each != null && depth < 16; each = each.getCause()) {
      depth++;
      if (each instanceof Error) {
        HealthLog.often(
            System.Logger.Level.ERROR,
            each.getClass().getName(),
            subject + ": unexpected error",
            failure);
        inconclusive("unexpected error: " + each);
        return true;
      }
    }
    return false;
  }

  private void lookAtTheTime() {
    long more = stoodStill() - standstillGranted;
    if (more > 0) {
      standstillGranted += more;
      dueAt += more;
      endBy += more;
      lookedOnceMore = false;
      timer = loop.at(dueAt, this::due);
    } else if (!lookedOnceMore) {
      // After a pause of the process the timer may run before the loop has looked at its sockets.
      // A timer set now fires after it has.
      lookedOnceMore = true;
      timer = loop.at(loop.now(), this::due);
    } else {
      timedOut();
    }
  }

  final void pass(String found) {
    pass(found, WeightReport.NONE);
  }

  final void pass(String found, WeightReport weight) {
    end(new Outcome.Success(subject + ": " + found, weight));
  }

  final Outcome success(String found) {
    return new Outcome.Success(subject + ": " + found);
  }

  final Outcome failure(String found) {
    return new Outcome.Failure(subject + ": " + found);
  }

  final Outcome unknown(String found) {
    return new Outcome.Inconclusive(subject + ": " + found);
  }

  /** Returns what it says of the real server that the attempt came to nothing. */
  Outcome judged(String text) {
    return failure(text);
  }

  final void fail(String found, String expected) {
    end(judged(found + " (expected: " + expected + ")"));
  }

  /**
   * Fails, unless the process stood still for so long that the real server can't be blamed: one
   * that gave us up meanwhile, or a deadline noticed far too late. A deadline that was moved by the
   * standstill, and passed again, is believed.
   */
  final void failUnlessStalled(String found, String expected) {
    long now = loop.now();
    if (Stall.discredits(dueAt, now, timeout)) {
      inconclusive(found + NOT_BELIEVED + "looked " + length(now - dueAt) + " too late");
    } else if (now - dueAt < 0 && stoodStill() > 0) {
      inconclusive(found + NOT_BELIEVED + "stood still for " + length(stoodStill()));
    } else {
      fail(found, expected);
    }
  }

  private static String length(long nanos) {
    return Wording.duration(Duration.ofMillis(Duration.ofNanos(nanos).toMillis()));
  }

  final void inconclusive(String found) {
    end(unknown(found));
  }

  final String timeout() {
    return Wording.duration(timeout);
  }

  /** Says how long was waited for an answer in many pieces; empty when one piece did not come. */
  final String afterAll() {
    return dueAt == endBy
        ? " after " + Wording.duration(timeout.multipliedBy(LONGEST_IN_TIMEOUTS))
        : "";
  }

  /** Reports the outcome and gives everything back; does nothing after the first time. */
  final void end(Outcome outcome) {
    if (ended) {
      return;
    }
    cancel();
    done.accept(outcome);
  }

  @Override
  public final void cancel() {
    if (!ended) {
      ended = true;
      stopTimer();
      if (watched) {
        loop.standstill().ignore();
      }
      release();
    }
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }
}
