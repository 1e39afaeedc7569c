package io.lvs4j.benchmarks.failover;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What one contender did under one fault at one interval, a figure a round.
 *
 * @param outages how long the client was without an answer
 * @param takeovers from the old master's last advert to the new one's first
 * @param announcements from that to the new one's first announcement of the address
 */
record Outages(List<Duration> outages, List<Duration> takeovers, List<Duration> announcements) {
  Outages() {
    this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
  }

  /** Returns the least, the middle and the greatest. */
  static List<Duration> spread(List<Duration> figures) {
    var sorted = new ArrayList<>(figures);
    Collections.sort(sorted);
    int middle = sorted.size() / 2;
    var median =
        sorted.size() % 2 == 1
            ? sorted.get(middle)
            : sorted.get(middle - 1).plus(sorted.get(middle)).dividedBy(2);
    return List.of(sorted.getFirst(), median, sorted.getLast());
  }
}
