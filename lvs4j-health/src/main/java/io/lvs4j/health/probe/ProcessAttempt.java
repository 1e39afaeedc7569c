package io.lvs4j.health.probe;

import io.lvs4j.api.ProcessRun;
import io.lvs4j.api.RunningProgram;
import io.lvs4j.api.RunningProgram.RefusedException;
import io.lvs4j.health.verdict.Stall;
import io.lvs4j.health.verdict.WeightReport;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** keepalived's MISC_CHECK: a program, judged by the status that it ends with. */
final class ProcessAttempt extends CallAttempt {
  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final Duration SECOND_LOOK = Duration.ofMillis(100);
  private static final int SIGNALLED = 128;
  private static final int LAST_SIGNAL = 31;

  private final ProcessRun run;
  private final Duration timeout;

  ProcessAttempt(Assignment assignment, ProcessRun run, AtomicBoolean slot) {
    super(assignment, run + " for " + assignment.at(), slot);
    this.run = run;
    this.timeout = run.timeout().orElse(assignment.check().delayLoop());
  }

  @Override
  boolean isTimed() {
    return false;
  }

  @Override
  Runnable call() throws InterruptedException {
    RunningProgram running;
    try {
      running = RunningProgram.start(run.program());
    } catch (IOException refused) {
      return () -> notStarted(refused);
    }
    long dueAt = System.nanoTime() + timeout.toNanos();
    try {
      // After a pause of the process the JDK may come to know of an end second.
      if (running.awaitEnd(timeout) || running.awaitEnd(SECOND_LOOK)) {
        int status = running.status();
        return () -> judge(status);
      }
      long noticedAt = System.nanoTime();
      running.end(GRACE);
      return Stall.discredits(dueAt, noticedAt, timeout)
          ? () -> inconclusive("no end, which is not believed: this process looked too late")
          : () -> fail("no end, killed", expected() + " within " + Wording.duration(timeout));
    } catch (InterruptedException cancelled) {
      running.kill();
      throw cancelled;
    }
  }

  /**
   * A program that isn't there fails, as in keepalived. Of all else the real server is innocent:
   * that it may not be run, or that this host has nothing left to run it with.
   */
  private void notStarted(IOException refused) {
    var why = "not started: " + Wording.message(refused);
    if (refused instanceof RefusedException refusal) {
      if (refusal.isAbsent()) {
        fail(why, expected());
      } else {
        inconclusive(why);
      }
    } else if (!isOwnFault(refused)) {
      inconclusive(why);
    }
  }

  private void judge(int status) {
    if (status == 0) {
      pass("status 0");
    } else if (!run.isDynamic() || status == 1) {
      fail(words(status), expected());
    } else if (isSignal(status)) {
      // The JDK doesn't tell a status of 128 and more from a signal.
      fail(words(status), expected());
    } else {
      pass("status " + status + ", weight " + (status - 2), WeightReport.of(status - 2));
    }
  }

  private static boolean isSignal(int status) {
    return status > SIGNALLED && status <= SIGNALLED + LAST_SIGNAL;
  }

  private static String words(int status) {
    return isSignal(status)
        ? "killed by signal " + (status - SIGNALLED) + ", or status " + status
        : "status " + status;
  }

  private String expected() {
    return run.isDynamic() ? "status 0, or 2-255 for a weight" : "status 0";
  }

  @Override
  void timedOut() {
    throw new IllegalStateException("a MISC_CHECK ends its own wait");
  }

  @Override
  void stillUnderWay() {
    inconclusive("the last run is still being ended");
  }
}
