package io.lvs4j.ipvs.plane;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The thread that owns the kernel's table: it makes changes in the order in which they were asked
 * for, as many together as there are, and looks at the table in between.
 */
final class PlaneThread {
  private static final Logger LOG = System.getLogger("io.lvs4j.ipvs");
  private static final int MOST_TOGETHER = 1024;

  /** How often connections are counted that somebody may be waiting for the end of. */
  private static final Duration ENDING = Duration.ofMillis(200);

  /** A look takes at most a tenth of the time. */
  private static final int REST = 9;

  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final TableKeeper keeper;
  private final TableLook look;
  private final Runnable beforeLook;
  private final Runnable end;
  private final long period;
  private final Thread thread;
  private boolean started;
  private long nextLook;
  private long nextEnding;
  private long lookTook;
  private volatile boolean closed;

  /**
   * Creates the thread; it is started by {@link #start}.
   *
   * @param period the time between looks
   * @param beforeLook is run before each look
   * @param end is run on the thread when it is closed
   */
  PlaneThread(
      TableKeeper keeper, TableLook look, Duration period, Runnable beforeLook, Runnable end) {
    this.keeper = keeper;
    this.look = look;
    this.period = period.toNanos();
    this.beforeLook = beforeLook;
    this.end = end;
    this.thread = Thread.ofPlatform().name("lvs4j-ipvs").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Runs a task on the thread, after all that were given before. */
  void execute(Runnable task) {
    if (closed) {
      throw new IllegalStateException("ipvs plane: closed");
    }
    tasks.add(task);
  }

  private void run() {
    try {
      while (!closed) {
        turn();
      }
    } catch (InterruptedException ended) {
      LOG.log(Level.ERROR, "the thread of the ipvs plane was interrupted; the table is left");
      Thread.currentThread().interrupt();
      return;
    }
    runTogether(null);
    guarded(end);
  }

  private void turn() throws InterruptedException {
    long now = System.nanoTime();
    // Nothing is looked at before there is something to look for.
    long due = started ? Math.min(nextLook, nextEnding) - now : Long.MAX_VALUE;
    var task =
        look.isUnderWay() ? tasks.poll() : tasks.poll(Math.max(0, due), TimeUnit.NANOSECONDS);
    if (task != null) {
      runTogether(task);
      if (!started) {
        started = true;
        nextLook = System.nanoTime() + period;
        nextEnding = System.nanoTime() + ENDING.toNanos();
      }
      return;
    }
    if (look.isUnderWay()) {
      lookOn();
    } else if (now - nextLook >= 0) {
      guarded(beforeLook);
      lookTook = 0;
      timed(look::begin);
      if (!look.isUnderWay()) {
        rest();
      }
    } else if (now - nextEnding >= 0) {
      ending();
    }
  }

  private void lookOn() {
    timed(look::next);
    if (!look.isUnderWay()) {
      rest();
    }
  }

  private void timed(Runnable part) {
    long from = System.nanoTime();
    guarded(part);
    lookTook += System.nanoTime() - from;
  }

  private void rest() {
    nextLook = System.nanoTime() + Math.max(period, REST * lookTook);
  }

  private void ending() {
    long from = System.nanoTime();
    for (var service : new ArrayList<>(keeper.services())) {
      if (service.isEnding()) {
        guarded(() -> look.look(service));
      }
    }
    long now = System.nanoTime();
    nextEnding = now + Math.max(ENDING.toNanos(), REST * (now - from));
  }

  private void runTogether(@Nullable Runnable first) {
    var together = new ArrayList<Runnable>();
    if (first != null) {
      together.add(first);
    }
    tasks.drainTo(together, closed ? Integer.MAX_VALUE : MOST_TOGETHER);
    together.forEach(PlaneThread::guarded);
    guarded(keeper::commit);
  }

  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException failure) {
      LOG.log(Level.ERROR, "a task of the ipvs plane failed", failure);
    }
  }

  /** Runs the tasks that are left and the end, and waits for it. */
  void close() {
    closed = true;
    tasks.add(() -> {});
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException later) {
        // The table must not be left half done; the caller hears of it afterwards.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
