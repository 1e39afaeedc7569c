package io.lvs4j.health.verdict;

import java.util.Collection;

/**
 * What one or several checkers say of a real server's weight. keepalived lets each of them add to
 * the configured weight: one that names a weight, or a share of the configured one, adds what is
 * missing to it. Nothing is added up over time: each checker's last report counts, and goes with
 * it.
 *
 * @param named how many checkers have named a weight
 * @param sum the sum of the weights that were named and of what else was to be added
 * @param percent the sum of what shares of the configured weight differ from 100 %
 * @param quiesced whether a checker wants no new connections, whatever others say
 */
public record WeightReport(int named, long sum, long percent, boolean quiesced) {
  /** Nothing is said of the weight. */
  public static final WeightReport NONE = new WeightReport(0, 0, 0, false);

  /** No new connections are wanted. */
  public static final WeightReport QUIESCED = new WeightReport(0, 0, 0, true);

  private static final int WHOLE = 100;

  /** Returns the report of a checker that names a weight. */
  public static WeightReport of(int weight) {
    return new WeightReport(1, weight, 0, false);
  }

  /** Returns the report of a checker that wants so much added to the weight. */
  public static WeightReport added(long difference) {
    return new WeightReport(0, difference, 0, false);
  }

  /** Returns the report of a checker that wants so many percent of the configured weight. */
  public static WeightReport percent(int percent) {
    return new WeightReport(0, 0, percent - WHOLE, false);
  }

  /** Returns what several checkers say together. */
  public static WeightReport together(Collection<WeightReport> reports) {
    int named = 0;
    long sum = 0;
    long percent = 0;
    boolean quiesced = false;
    for (var report : reports) {
      named += report.named;
      sum += report.sum;
      percent += report.percent;
      quiesced |= report.quiesced;
    }
    return new WeightReport(named, sum, percent, quiesced);
  }

  /**
   * Returns the weight in effect: the configured one plus what each checker adds, 0 at least and
   * 2147483647 at most. A share of the weight is rounded up: only none of it is nothing.
   */
  public int effective(int configured) {
    if (quiesced) {
      return 0;
    }
    long share = Math.ceilDiv(configured * (WHOLE + percent), WHOLE);
    return Math.clamp(share + sum - (long) named * configured, 0, Integer.MAX_VALUE);
  }
}
