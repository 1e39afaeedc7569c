package io.lvs4j.keepalived.script;

import io.lvs4j.api.RunningProgram;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs notify scripts: those of one instance, group or virtual server one after another, so that
 * they see its events in the order in which they happened, and those of different ones beside each
 * other, so that a script that hangs delays nobody else's. keepalived starts all of them at once. A
 * script that takes longer than 30 s is left to itself, and the next one is run; when the process
 * ends, those that still run get SIGTERM, as in keepalived.
 */
final class ScriptQueue {
  /** How long one script may hold up the next. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /** How long, once its instance has ended: whoever leaves has no more than some seconds. */
  static final Duration PATIENCE_AT_THE_END = Duration.ofSeconds(2);

  private static final Duration LAST_SCRIPTS = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final System.Logger LOG = System.getLogger(ScriptQueue.class.getName());
  private static final int MOST_WAITING = 10_000;
  private static final int MOST_AT_ONCE = 64;
  private static final ScriptQueue INSTANCE = new ScriptQueue();

  private final ThreadPoolExecutor threads = threads();
  private final Map<String, Lane> lanes = new HashMap<>();
  private final Set<RunningProgram> running = ConcurrentHashMap.newKeySet();
  private boolean hooked;

  private ScriptQueue() {}

  /** The scripts of one instance, group or virtual server. */
  private static final class Lane {
    private final String name;
    private final Queue<ScriptCommand> waiting = new ArrayDeque<>();
    private boolean drained;

    /** Whether it was waited for in vain; it isn't waited for again. */
    private boolean givenUp;

    private volatile long hurrySince;
    private volatile boolean hurried;

    private Lane(String name) {
      this.name = name;
    }
  }

  private static ThreadPoolExecutor threads() {
    var threads =
        new ThreadPoolExecutor(
            MOST_AT_ONCE,
            MOST_AT_ONCE,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("lvs4j-notify-scripts").factory());
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  /**
   * Has a script run after those that were asked for before for the same subject.
   *
   * @param subject the instance, group or virtual server
   */
  static void add(String subject, ScriptCommand command) {
    INSTANCE.enqueue(subject, command, false);
  }

  /** The same for the last event of a subject: what still runs for it is not waited for as long. */
  static void addLast(String subject, ScriptCommand command) {
    INSTANCE.enqueue(subject, command, true);
  }

  /** Waits until no script runs or waits, but no longer than this, and for none of them twice. */
  static void awaitIdle(Duration atMost) throws InterruptedException {
    INSTANCE.await(atMost);
  }

  private synchronized void enqueue(String subject, ScriptCommand command, boolean last) {
    hook();
    var lane = lanes.computeIfAbsent(subject, Lane::new);
    if (last) {
      lane.hurrySince = System.nanoTime();
      lane.hurried = true;
    }
    if (lane.waiting.size() >= MOST_WAITING) {
      LOG.log(
          Level.ERROR,
          "script {0}: not run (expected: at most {1} waiting)",
          command,
          MOST_WAITING);
      return;
    }
    lane.waiting.add(command);
    if (!lane.drained) {
      try {
        threads.execute(() -> drain(lane));
        lane.drained = true;
      } catch (OutOfMemoryError noThread) {
        LOG.log(
            Level.ERROR, "script {0}: not run yet, there is no thread for it; it waits", command);
      }
    }
  }

  private void hook() {
    if (!hooked) {
      hooked = true;
      try {
        Runtime.getRuntime()
            .addShutdownHook(Thread.ofPlatform().name("lvs4j-scripts-end").unstarted(this::end));
      } catch (IllegalStateException ending) {
        // The process is about to end already.
      }
    }
  }

  private void drain(Lane lane) {
    for (var command = next(lane); command != null; command = next(lane)) {
      try {
        run(lane, command);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException | Error failed) {
        log(Level.ERROR, "script " + command + ": " + failed);
      }
    }
  }

  private synchronized @Nullable ScriptCommand next(Lane lane) {
    var command = lane.waiting.poll();
    if (command == null) {
      lane.drained = false;
      lanes.remove(lane.name);
      notifyAll();
    }
    return command;
  }

  private void run(Lane lane, ScriptCommand command) throws InterruptedException {
    RunningProgram program;
    try {
      program = RunningProgram.start(command.program());
    } catch (IOException refused) {
      log(Level.ERROR, "script " + command + ": " + refused.getMessage());
      return;
    }
    running.add(program);
    long start = System.nanoTime();
    while (!program.awaitEnd(LOOK)) {
      if (isOver(lane, start)) {
        log(
            Level.WARNING,
            "script "
                + command
                + ": still running after "
                + Duration.ofNanos(System.nanoTime() - start).toSeconds()
                + " s; the next one is not kept waiting");
        return;
      }
    }
    running.remove(program);
    if (program.status() != 0) {
      log(Level.WARNING, "script " + command + ": exit status " + program.status());
    }
  }

  /** The last script of a lane may take its time: nobody waits behind it. */
  private boolean isOver(Lane lane, long start) {
    long now = System.nanoTime();
    return now - start > PATIENCE.toNanos()
        || (lane.hurried
            && isWaiting(lane)
            && now - lane.hurrySince > PATIENCE_AT_THE_END.toNanos()
            && now - start > PATIENCE_AT_THE_END.toNanos());
  }

  private synchronized boolean isWaiting(Lane lane) {
    return !lane.waiting.isEmpty();
  }

  private static void log(Level level, String text) {
    try {
      LOG.log(level, text);
    } catch (RuntimeException | Error failed) {
      // A logger that fails must not end the thread that runs the next script.
      Thread.onSpinWait();
    }
  }

  private synchronized void await(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (lanes.values().stream().anyMatch(lane -> !lane.givenUp)) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        giveUp();
        return;
      }
      wait(left);
    }
  }

  private void giveUp() {
    var late = new ArrayList<String>();
    for (var lane : lanes.values()) {
      if (!lane.givenUp) {
        lane.givenUp = true;
        late.add(lane.name);
      }
    }
    LOG.log(
        Level.WARNING, "scripts of {0}: not over yet, and not waited for", String.join(", ", late));
  }

  /** With the process: a moment for those that were just asked for, then SIGTERM. */
  private void end() {
    try {
      await(LAST_SCRIPTS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    List.copyOf(running).forEach(RunningProgram::terminate);
  }
}
