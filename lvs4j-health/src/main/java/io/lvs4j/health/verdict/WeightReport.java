package io.lvs4j.health.verdict;

import java.util.Collection;

/**
 * What one or several checkers say of a real server's weight. keepalived lets each of them add to
 * the configured weight: one that names a weight adds what is missing to it. Nothing is added up
 * over time: each checker's last report counts, and goes with it.
 *
 * @param named how many checkers have named a weight
 * @param sum the sum of the weights that were named and of what else was to be added
 */
public record WeightReport(int named, long sum) {
  /** Nothing is said of the weight. */
  public static final WeightReport NONE = new WeightReport(0, 0);

  /** Returns the report of a checker that names a weight. */
  public static WeightReport of(int weight) {
    return new WeightReport(1, weight);
  }

  /** Returns the report of a checker that wants so much added to the weight. */
  public static WeightReport added(long difference) {
    return new WeightReport(0, difference);
  }

  /** Returns what several checkers say together. */
  public static WeightReport together(Collection<WeightReport> reports) {
    int named = 0;
    long sum = 0;
    for (var report : reports) {
      named += report.named;
      sum += report.sum;
    }
    return new WeightReport(named, sum);
  }

  /**
   * Returns the weight in effect: the configured one plus what each checker adds, 0 at least and
   * 2147483647 at most.
   */
  public int effective(int configured) {
    return Math.clamp(configured + sum - (long) named * configured, 0, Integer.MAX_VALUE);
  }
}
