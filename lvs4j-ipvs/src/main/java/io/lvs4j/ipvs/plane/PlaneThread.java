package io.lvs4j.ipvs.plane;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The thread that owns the kernel's table: it makes changes in the order in which they were asked
 * for, as many together as there are, and looks at the table in between.
 *
 * <p>It outlives whatever a task throws, errors of the JVM too. If it ends all the same, another
 * one takes its place.
 */
final class PlaneThread {
  private static final int MOST_TOGETHER = 1024;

  /** How often connections are counted that somebody may be waiting for the end of. */
  private static final Duration ENDING = Duration.ofMillis(200);

  /** A look takes at most a tenth of the time. */
  private static final int REST = 9;

  /** After a failure of its own the thread waits so long: what it lacks may come back. */
  private static final long RECOVERY = Duration.ofMillis(20).toNanos();

  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final TableKeeper keeper;
  private final TableLook look;
  private final PlaneLog log;
  private final Runnable beforeLook;
  private final Runnable begin;
  private final Runnable end;
  private final long period;
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile @Nullable Thread thread;
  private boolean started;
  private long nextLook;
  private long nextEnding;
  private long lookTook;
  private volatile boolean closed;

  /**
   * Creates the thread; it is started by {@link #start}.
   *
   * @param period the time between looks
   * @param begin is run first on each thread
   * @param beforeLook is run before each look
   * @param end is run on the thread when it is closed
   */
  PlaneThread(
      TableKeeper keeper,
      TableLook look,
      PlaneLog log,
      Duration period,
      Runnable begin,
      Runnable beforeLook,
      Runnable end) {
    this.keeper = keeper;
    this.look = look;
    this.log = log;
    this.period = period.toNanos();
    this.begin = begin;
    this.beforeLook = beforeLook;
    this.end = end;
  }

  synchronized void start() {
    var next = Thread.ofPlatform().name("lvs4j-ipvs").daemon().unstarted(this::run);
    thread = next;
    next.start();
  }

  /** Starts another thread when there should be one and is none. */
  void ensureAlive() {
    var present = thread;
    if (present != null && !present.isAlive() && over.getCount() > 0) {
      synchronized (this) {
        if (present.equals(thread)) {
          start();
        }
      }
    }
  }

  /** Runs a task on the thread, after all that were given before. */
  void execute(Runnable task) {
    if (closed) {
      throw new IllegalStateException("ipvs plane: closed");
    }
    tasks.add(task);
    ensureAlive();
  }

  /** Begins to look at the table; on the thread. Before that nobody can say what belongs there. */
  void beginLooks() {
    if (!started) {
      started = true;
      nextLook = System.nanoTime() + period;
      nextEnding = System.nanoTime() + ENDING.toNanos();
    }
  }

  /** Looks no more until {@link #beginLooks}; on the thread. */
  void stopLooks() {
    started = false;
  }

  private void run() {
    try {
      guarded(begin);
      while (!closed) {
        turnOrRecover();
      }
      runTogether(null);
      guarded(end);
      over.countDown();
    } catch (InterruptedException interrupted) {
      log.failed("the thread of the ipvs plane", interrupted);
      Thread.currentThread().interrupt();
    } finally {
      if (over.getCount() > 0) {
        // From here, so that it is in the same network namespace.
        log.repeat(
            Level.ERROR, "thread", () -> "the thread of the ipvs plane ends; another one begins");
        start();
      }
    }
  }

  private void turnOrRecover() throws InterruptedException {
    try {
      turn();
    } catch (InterruptedException interrupted) {
      throw interrupted;
    } catch (Throwable failure) {
      log.failed("a turn of the ipvs plane", failure);
      LockSupport.parkNanos(RECOVERY);
    }
  }

  private void turn() throws InterruptedException {
    long now = System.nanoTime();
    // Nothing is looked at before there is something to look for.
    long due = started ? Math.min(nextLook, nextEnding) - now : Long.MAX_VALUE;
    var task =
        look.isUnderWay() ? tasks.poll() : tasks.poll(Math.max(0, due), TimeUnit.NANOSECONDS);
    if (task != null) {
      runTogether(task);
      return;
    }
    if (look.isUnderWay()) {
      lookOn();
    } else if (now - nextLook >= 0) {
      guarded(beforeLook);
      log.settle();
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
    if (first != null) {
      guarded(first);
    }
    int most = closed ? Integer.MAX_VALUE : MOST_TOGETHER;
    for (int i = 1; i < most; i++) {
      var next = tasks.poll();
      if (next == null) {
        break;
      }
      guarded(next);
    }
    guarded(keeper::commit);
  }

  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (Throwable failure) {
      log.failed("a task of the ipvs plane", failure);
    }
  }

  /** Runs the tasks that are left and the end, and waits for it. */
  void close() {
    closed = true;
    tasks.add(() -> {});
    boolean interrupted = false;
    while (true) {
      try {
        ensureAlive();
        if (over.await(1, TimeUnit.SECONDS)) {
          break;
        }
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
