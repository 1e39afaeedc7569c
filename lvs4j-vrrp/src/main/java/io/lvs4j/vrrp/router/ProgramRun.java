package io.lvs4j.vrrp.router;

import io.lvs4j.api.Program;
import io.lvs4j.api.RunningProgram;
import io.lvs4j.api.RunningProgram.RefusedException;
import java.io.IOException;
import java.time.Duration;

/**
 * Runs a program to its end, or ends it: by SIGTERM when its time is over, by SIGKILL 2 s later.
 */
final class ProgramRun {
  private static final Duration GRACE = Duration.ofSeconds(2);

  private ProgramRun() {}

  /** What came of a run. */
  sealed interface Outcome {
    /** It ended by itself. */
    record Ended(int status) implements Outcome {}

    /** It had to be ended. */
    record TimedOut(Duration after) implements Outcome {}

    /** It isn't there, or may not be run as it is. */
    record Refused(String reason) implements Outcome {}

    /** The host has nothing left to start it with, which says nothing of what it would find. */
    record NotStarted(String reason) implements Outcome {}

    /** Says whether it ended by itself with status 0. */
    default boolean isGood() {
      return this instanceof Ended(int status) && status == 0;
    }

    /** Returns what happened, in words. */
    default String words() {
      return switch (this) {
        case Ended(int status) -> "status " + status + " (expected: 0)";
        case TimedOut(Duration after) ->
            "no end within " + after.toMillis() + " ms, ended by a signal";
        case Refused(String reason) -> reason;
        case NotStarted(String reason) -> reason;
      };
    }
  }

  /**
   * Runs a program and returns when neither it nor, as far as they can be found, a process that it
   * started is left. Its output is thrown away.
   *
   * @throws InterruptedException when interrupted; the program has been killed
   */
  static Outcome run(Program program, Duration timeout) throws InterruptedException {
    RunningProgram running;
    try {
      running = RunningProgram.start(program);
    } catch (RefusedException refused) {
      return new Outcome.Refused(String.valueOf(refused.getMessage()));
    } catch (IOException lacking) {
      return new Outcome.NotStarted(String.valueOf(lacking.getMessage()));
    }
    try {
      if (running.awaitEnd(timeout)) {
        return new Outcome.Ended(running.status());
      }
      running.end(GRACE);
      return new Outcome.TimedOut(timeout);
    } catch (InterruptedException interrupted) {
      running.kill();
      throw interrupted;
    }
  }
}
