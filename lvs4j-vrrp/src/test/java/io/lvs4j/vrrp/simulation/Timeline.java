package io.lvs4j.vrrp.simulation;

import io.lvs4j.vrrp.machine.Moment;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Virtual time: what is to happen, in order. It begins just before the clock wraps around. */
final class Timeline {
  private static final int MOST_IN_A_HISTORY = 1_000_000;
  private static final long ORIGIN = Long.MAX_VALUE - 2_000_000_000L;

  private final PriorityQueue<Entry> queue =
      new PriorityQueue<>(Comparator.comparingLong(Entry::at).thenComparingLong(Entry::order));
  private long now;
  private long order;

  private record Entry(long at, long order, Runnable task) {}

  Moment now() {
    return new Moment(ORIGIN + now);
  }

  void after(Duration delay, Runnable task) {
    queue.add(new Entry(now + Math.max(0, delay.toNanos()), order++, task));
  }

  void at(Moment moment, Runnable task) {
    after(now().until(moment), task);
  }

  /** Lets everything happen that is due in this time. */
  void run(Duration length) {
    long end = now + length.toNanos();
    for (var next = queue.peek(); next != null && next.at <= end; next = queue.peek()) {
      queue.remove();
      if (order > MOST_IN_A_HISTORY) {
        throw new AssertionError("the link never falls silent");
      }
      now = next.at;
      next.task.run();
    }
    now = end;
  }
}
