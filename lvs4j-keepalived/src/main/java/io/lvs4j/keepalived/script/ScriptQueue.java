package io.lvs4j.keepalived.script;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs notify scripts one after another, on one thread for the whole process, so that they see
 * events in the order in which they happened. keepalived starts them all at once. A script that
 * takes longer than 30 s is left to itself, and the next one is run.
 */
final class ScriptQueue {
  /** How long one script may hold up the next. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final System.Logger LOG = System.getLogger(ScriptQueue.class.getName());
  private static final int MOST_WAITING = 10_000;
  private static final ThreadPoolExecutor THREAD = thread();

  private ScriptQueue() {}

  private static ThreadPoolExecutor thread() {
    var thread =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name("lvs4j-notify-scripts").factory());
    thread.allowCoreThreadTimeOut(true);
    return thread;
  }

  /** Has a script run after those that were asked for before. */
  static void add(ScriptCommand command) {
    submit(command, () -> run(command));
  }

  /** The same, and waits until it has ended: for the last event before the process ends. */
  static void addAndWait(ScriptCommand command) {
    var ended = new CountDownLatch(1);
    boolean taken =
        submit(
            command,
            () -> {
              run(command);
              ended.countDown();
            });
    try {
      if (taken && !ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        LOG.log(Level.WARNING, "script {0}: not over yet, and not waited for", command);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean submit(ScriptCommand command, Runnable task) {
    try {
      THREAD.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      LOG.log(
          Level.ERROR,
          "script {0}: not run (expected: at most {1} waiting)",
          command,
          MOST_WAITING);
      return false;
    }
  }

  private static void run(ScriptCommand command) {
    try {
      var process =
          new ProcessBuilder(command.words())
              .redirectInput(Redirect.from(new File("/dev/null")))
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.DISCARD)
              .start();
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        LOG.log(
            Level.WARNING,
            "script {0}: still running after {1}; the next one is not kept waiting",
            command,
            PATIENCE);
      } else if (process.exitValue() != 0) {
        LOG.log(Level.WARNING, "script {0}: exit status {1}", command, process.exitValue());
      }
    } catch (IOException e) {
      LOG.log(Level.ERROR, "script {0}: {1}", command, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
