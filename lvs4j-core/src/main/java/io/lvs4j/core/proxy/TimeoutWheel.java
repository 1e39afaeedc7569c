package io.lvs4j.core.proxy;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of one event loop's connections, in a hashed wheel of {@value #BUCKETS} buckets of
 * {@value #TICK_MILLIS} ms.
 *
 * <p>Traffic moves a connection's deadline without a word to the wheel: an entry that comes up
 * early is put back to where its deadline is by then. So a read costs one field write, and an idle
 * connection is looked at once in a turn of the wheel. Used by the loop's thread only.
 */
final class TimeoutWheel {
  private static final int BUCKETS = 1024;
  private static final int TICK_MILLIS = 16;
  private static final long TICK = TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);

  /** One thing with a deadline; the links are the wheel's. */
  abstract static class Entry {
    private @Nullable Entry previous;
    private @Nullable Entry next;
    private long tick;
    private boolean waiting;

    /** Returns the moment at which this expires if nothing more happens. */
    abstract long deadline();

    /** Tells that the deadline has passed; the entry is out of the wheel. */
    abstract void expired();

    /** Tells that {@link #expired} has thrown this; the other entries have their turn. */
    abstract void fault(Throwable thrown);
  }

  /** What the wheel needs of an event loop. */
  interface Alarm {
    /** Calls {@link #turn} on the loop after this many nanoseconds, in place of any call before. */
    void ring(long delay);
  }

  private final @Nullable Entry[] buckets = new @Nullable Entry[BUCKETS];
  private final long origin;
  private final Alarm alarm;
  private long turnedTo;
  private long ringsAt = Long.MAX_VALUE;
  private int size;
  private boolean turning;

  TimeoutWheel(long now, Alarm alarm) {
    this.origin = now;
    this.alarm = alarm;
  }

  /** Puts an entry where its deadline is now; one that waits is moved. */
  void schedule(Entry entry, long now) {
    cancel(entry);
    if (size == 0 && !turning) {
      // Nobody turned the empty wheel. Never while turning: an entry could fall behind the turn
      // into the bucket that is being emptied, for ever.
      turnedTo = Math.max(turnedTo, (now - origin) / TICK);
    }
    long due = (entry.deadline() - origin + TICK - 1) / TICK;
    entry.tick = Math.clamp(due, turnedTo + 1, turnedTo + BUCKETS - 1);
    entry.waiting = true;
    Entry first = bucket(entry.tick);
    entry.next = first;
    if (first != null) {
      first.previous = entry;
    }
    buckets[(int) (entry.tick % BUCKETS)] = entry;
    size++;
    if (!turning && entry.tick < ringsAt) {
      ringAt(entry.tick, now);
    }
  }

  /** Takes an entry out, if it is in. */
  void cancel(Entry entry) {
    if (!entry.waiting) {
      return;
    }
    entry.waiting = false;
    Entry before = entry.previous;
    Entry after = entry.next;
    if (before == null) {
      buckets[(int) (entry.tick % BUCKETS)] = after;
    } else {
      before.next = after;
    }
    if (after != null) {
      after.previous = before;
    }
    entry.previous = null;
    entry.next = null;
    size--;
  }

  /** Lets expire what is due and asks for the next call. */
  void turn(long now) {
    ringsAt = Long.MAX_VALUE;
    turning = true;
    try {
      long until = (now - origin) / TICK;
      for (long tick = Math.max(turnedTo + 1, until - BUCKETS + 1); tick <= until; tick++) {
        turnedTo = tick;
        for (Entry entry = bucket(tick); entry != null; entry = bucket(tick)) {
          cancel(entry);
          if (entry.deadline() - now <= 0) {
            expire(entry);
          } else {
            schedule(entry, now);
          }
        }
      }
    } finally {
      turning = false;
    }
    if (size > 0) {
      long tick = turnedTo + 1;
      while (bucket(tick) == null) {
        tick++;
      }
      ringAt(tick, now);
    }
  }

  private static void expire(Entry entry) {
    try {
      entry.expired();
    } catch (Throwable thrown) {
      entry.fault(thrown);
    }
  }

  /** Says whether a call of {@link #turn} that was asked for hasn't come, or couldn't be. */
  boolean isOverdue(long now) {
    return size > 0 && (ringsAt == Long.MAX_VALUE || origin + (ringsAt + 1) * TICK - now < 0);
  }

  private @Nullable Entry bucket(long tick) {
    return buckets[(int) (tick % BUCKETS)];
  }

  private void ringAt(long tick, long now) {
    // Not before it is sure to ring: if this throws, isOverdue tells.
    ringsAt = Long.MAX_VALUE;
    alarm.ring(Math.max(0, origin + tick * TICK - now));
    ringsAt = tick;
  }
}
