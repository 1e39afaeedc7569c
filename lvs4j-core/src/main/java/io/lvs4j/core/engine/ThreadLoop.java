package io.lvs4j.core.engine;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.lvs4j.api.loop.LoopFaults;
import io.lvs4j.api.loop.LoopLogger;
import io.lvs4j.api.loop.LoopSnapshot;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/** The engine's loop on a platform thread. */
public final class ThreadLoop implements EngineLoop {
  private static final LoopLogger LOG = LoopLogger.of("io.lvs4j.engine", System::nanoTime);

  private final ScheduledThreadPoolExecutor executor;
  private final LoopFaults faults;
  private volatile @Nullable Thread thread;
  private volatile long askedAt;
  private volatile boolean asked;

  /** Starts the thread, a daemon. */
  public ThreadLoop(String name) {
    faults = new LoopFaults(name, LOG);
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              // It is asked for another one should this one end.
              var made = Thread.ofPlatform().name(name).daemon().unstarted(task);
              thread = made;
              return made;
            },
            (task, full) -> {
              throw new IllegalStateException("engine: closed (expected: running)");
            });
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    executor.prestartAllCoreThreads();
  }

  @Override
  public long now() {
    return System.nanoTime();
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(logged(task));
  }

  @Override
  public void schedule(Duration delay, Runnable task) {
    var _ = executor.schedule(logged(task), delay.toNanos(), NANOSECONDS);
  }

  @Override
  public boolean isCurrent() {
    return Thread.currentThread().equals(thread);
  }

  @Override
  public void close() {
    executor.shutdown();
  }

  @Override
  public LoopSnapshot snapshot() {
    // Also brings the thread back should it have ended: the pool starts one for a task.
    long now = now();
    var behind = Duration.ZERO;
    if (asked) {
      behind = Duration.ofNanos(now - askedAt);
    } else {
      askedAt = now;
      asked = true;
      try {
        executor.execute(() -> asked = false);
      } catch (RejectedExecutionException | IllegalStateException ended) {
        asked = false;
      }
    }
    return faults.snapshot(isAlive(), behind);
  }

  private boolean isAlive() {
    var current = thread;
    return current != null && current.isAlive() && !executor.isShutdown();
  }

  private Runnable logged(Runnable task) {
    return () -> faults.guard("a task of the engine", task);
  }
}
