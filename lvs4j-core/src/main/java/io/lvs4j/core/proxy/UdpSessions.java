package io.lvs4j.core.proxy;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many UDP sessions there may be, of all virtual servers together. Each takes a descriptor, and
 * whoever sends datagrams from many ports can make as many as he likes: so they get half of the
 * process's descriptors at most, and less while TCP finds none. Any thread may ask.
 */
final class UdpSessions {
  private static final int FEWEST = 16;

  /** By how many the limit falls when TCP finds no descriptor, and rises each second it does. */
  private static final int STEP = 16;

  private final int most;
  private final AtomicInteger open = new AtomicInteger();
  private volatile int limit;

  /**
   * Creates the sessions, none so far.
   *
   * @param wanted how many there may be if there are descriptors for them
   */
  UdpSessions(int wanted) {
    var descriptors = Shortage.descriptorLimit();
    this.most =
        descriptors.isEmpty()
            ? wanted
            : (int) Math.min(wanted, Math.max(1, descriptors.getAsLong() / 2));
    this.limit = most;
  }

  /** Takes one of them, if there is one left. */
  boolean take() {
    if (open.incrementAndGet() <= limit) {
      return true;
    }
    open.decrementAndGet();
    return false;
  }

  void giveBack() {
    open.decrementAndGet();
  }

  int limit() {
    return limit;
  }

  /**
   * Takes note that TCP found no descriptor.
   *
   * @return how many sessions had better end
   */
  int shrink() {
    int now = open.get();
    int fewer = Math.max(Math.min(most, FEWEST), Math.min(limit, now) - STEP);
    limit = fewer;
    return Math.max(0, now - fewer);
  }

  /** Takes note that TCP has had what it needs for a second. */
  void grow() {
    limit = Math.min(most, limit + STEP);
  }
}
