package io.lvs4j.benchmarks.failover;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * By how much one contender took longer than another one in the same round, where the fault came at
 * the same moment between two adverts: the spread of these moments is in both and drops out.
 *
 * @param least the lower end of where the true median is, with a certainty of 95 % or more; of so
 *     few rounds that they can't say, the least of all
 * @param median of the rounds
 * @param most the upper end
 */
record Difference(Duration least, Duration median, Duration most) {
  private static final double DOUBT = 0.05;

  /** Compares what was measured in the same rounds, in their order. */
  static Difference of(List<Duration> ours, List<Duration> theirs) {
    if (ours.size() != theirs.size() || ours.isEmpty()) {
      throw new IllegalArgumentException(
          ours.size() + " and " + theirs.size() + " rounds (expected: as many, 1 at least)");
    }
    var differences = new ArrayList<Duration>();
    for (int i = 0; i < ours.size(); i++) {
      differences.add(ours.get(i).minus(theirs.get(i)));
    }
    Collections.sort(differences);
    int outside = outside(differences.size());
    return new Difference(
        differences.get(outside),
        Outages.spread(differences).get(1),
        differences.get(differences.size() - 1 - outside));
  }

  /**
   * Returns how many values at each end may be left out: by the sign test, for which a difference
   * is above the median as often as below it and nothing else matters.
   */
  private static int outside(int rounds) {
    double probability = Math.pow(0.5, rounds); // of no value on one side
    double sum = probability;
    int outside = 0;
    while (2 * sum <= DOUBT && outside < (rounds - 1) / 2) {
      outside++;
      probability *= (double) (rounds - outside + 1) / outside;
      sum += probability;
    }
    return Math.max(0, outside - 1);
  }

  /** Says whether it is longer, beyond what these rounds leave open. */
  boolean isSlower() {
    return least.isPositive();
  }

  /** Says whether it is shorter, beyond what these rounds leave open. */
  boolean isFaster() {
    return most.isNegative();
  }
}
