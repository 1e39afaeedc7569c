package io.lvs4j.core.engine;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** The engine's loop on virtual time: tasks run on the test's thread when their time has come. */
final class VirtualLoop implements EngineLoop {
  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Task::time).thenComparingLong(Task::number));
  private long now = Long.MAX_VALUE - Duration.ofSeconds(5).toNanos();
  private long origin = now;
  private long numbers;
  private boolean running;

  @Override
  public long now() {
    return now;
  }

  @Override
  public void execute(Runnable task) {
    schedule(Duration.ZERO, task);
    if (!running) {
      pass(Duration.ZERO);
    }
  }

  @Override
  public void schedule(Duration delay, Runnable task) {
    tasks.add(new Task(now - origin + delay.toNanos(), numbers++, task));
  }

  @Override
  public boolean isCurrent() {
    return running;
  }

  /** Lets time pass. */
  void pass(Duration duration) {
    long end = now - origin + duration.toNanos();
    running = true;
    try {
      for (var next = tasks.peek(); next != null && next.time() <= end; next = tasks.peek()) {
        tasks.remove();
        now = origin + Math.max(next.time(), now - origin);
        next.action().run();
      }
    } finally {
      running = false;
    }
    now = origin + end;
  }

  @Override
  public void close() {
    tasks.clear();
  }

  private record Task(long time, long number, Runnable action) {}
}
