package io.lvs4j.core.proxy;

import org.jspecify.annotations.Nullable;

/**
 * Relays of one loop in the order in which something last happened on them. A relay is in one queue
 * at most; its links are the queue's.
 */
final class RelayQueue {
  private @Nullable Relay longestIdle;
  private @Nullable Relay latest;
  private int size;

  /** Returns the one on which nothing has happened for the longest time. */
  @Nullable Relay longestIdle() {
    return longestIdle;
  }

  int size() {
    return size;
  }

  /** Puts a relay at the end: something has just happened on it. */
  void touch(Relay relay) {
    if (relay.queue == this && relay.later == null) {
      return;
    }
    remove(relay);
    relay.queue = this;
    relay.earlier = latest;
    if (latest == null) {
      longestIdle = relay;
    } else {
      latest.later = relay;
    }
    latest = relay;
    size++;
  }

  /** Takes a relay out, if it is in. */
  void remove(Relay relay) {
    if (relay.queue != this) {
      return;
    }
    var before = relay.earlier;
    var after = relay.later;
    if (before == null) {
      longestIdle = after;
    } else {
      before.later = after;
    }
    if (after == null) {
      latest = before;
    } else {
      after.earlier = before;
    }
    relay.earlier = null;
    relay.later = null;
    relay.queue = null;
    size--;
  }
}
