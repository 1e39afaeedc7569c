package io.lvs4j.vrrp.router;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;

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

    /** It couldn't be started. */
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
        case NotStarted(String reason) -> reason;
      };
    }
  }

  /**
   * Runs a program and returns when neither it nor, as far as they can be found, a process that it
   * started is left. Its output is thrown away.
   *
   * @param command the program and its arguments; no shell is involved
   * @throws InterruptedException when interrupted; the program has been killed
   */
  static Outcome run(List<String> command, Duration timeout) throws InterruptedException {
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectInput(Redirect.from(new File("/dev/null")))
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.DISCARD)
              .start();
    } catch (IOException refused) {
      return new Outcome.NotStarted(String.valueOf(refused.getMessage()));
    }
    try {
      if (process.waitFor(timeout.toNanos(), NANOSECONDS)) {
        return new Outcome.Ended(process.exitValue());
      }
      signal(process, false);
      if (!process.waitFor(GRACE.toNanos(), NANOSECONDS)) {
        signal(process, true);
        process.waitFor();
      }
      return new Outcome.TimedOut(timeout);
    } catch (InterruptedException interrupted) {
      signal(process, true);
      throw interrupted;
    }
  }

  /**
   * Those that a program has started would go on without it, and keep what it holds. It is the
   * first itself: a script that is left alive when its command is killed goes on to the next one.
   */
  private static void signal(Process process, boolean kill) {
    var all = process.descendants().toList();
    if (kill) {
      process.destroyForcibly();
    } else {
      process.destroy();
    }
    for (var each : all) {
      var _ = kill ? each.destroyForcibly() : each.destroy();
    }
  }
}
