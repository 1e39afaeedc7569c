package io.lvs4j.core.balance;

import java.time.Duration;

/**
 * The connections of one destination that have ended and count as inactive for as long as the
 * kernel keeps its entries. They are counts in a ring of slots, one a second, so that a destination
 * needs the same memory whether it had ten connections or ten million. Guarded by the lock of the
 * balancer.
 */
final class ClosedConnections {
  /** How a connection ended, which says how long it is kept (kernel: tcp_timeouts). */
  enum Kept {
    /** Both sides sent their FIN: TIME_WAIT. */
    AFTER_FIN(Duration.ofSeconds(120)),
    /** One side sent a RST: CLOSE. */
    AFTER_RESET(Duration.ofSeconds(10));

    private final int seconds;

    Kept(Duration time) {
      this.seconds = (int) time.toSeconds();
    }
  }

  /** More than the longest time, and a power of two. */
  private static final int SLOTS = 128;

  /** How many end in each second; made for the first one. */
  private int[] slots = {};

  private int count;
  private long countedTo;

  /** Returns how many are kept. */
  int count() {
    return count;
  }

  /** Keeps one more, from a second on. */
  void add(long second, Kept kept) {
    expire(second);
    if (slots.length == 0) {
      slots = new int[SLOTS];
    }
    slots[(int) Math.floorMod(second + kept.seconds, (long) SLOTS)]++;
    count++;
  }

  /** Forgets those whose time is over; says whether there were any. */
  boolean expire(long second) {
    int before = count;
    if (count > 0) {
      long first = Math.max(countedTo + 1, second - SLOTS + 1);
      for (long each = first; each <= second && count > 0; each++) {
        int slot = (int) Math.floorMod(each, (long) SLOTS);
        count -= slots[slot];
        slots[slot] = 0;
      }
    }
    countedTo = Math.max(countedTo, second);
    return count != before;
  }
}
