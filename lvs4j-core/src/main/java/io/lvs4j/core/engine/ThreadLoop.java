package io.lvs4j.core.engine;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** The engine's loop on a platform thread. */
public final class ThreadLoop implements EngineLoop {
  private static final Logger LOG = System.getLogger("io.lvs4j.engine");

  private final ScheduledThreadPoolExecutor executor;
  private final Thread thread;

  /** Starts the thread, a daemon. */
  public ThreadLoop(String name) {
    var made = new Thread[1];
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              made[0] = Thread.ofPlatform().name(name).daemon().unstarted(task);
              return made[0];
            },
            (task, full) -> {
              throw new IllegalStateException("engine: closed (expected: running)");
            });
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    executor.prestartAllCoreThreads();
    thread = made[0];
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

  private static Runnable logged(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error failure) {
        LOG.log(Level.ERROR, "a task of the engine failed", failure);
        throw failure;
      }
    };
  }
}
