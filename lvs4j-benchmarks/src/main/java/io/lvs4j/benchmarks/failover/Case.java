package io.lvs4j.benchmarks.failover;

import java.time.Duration;

/**
 * A row of the table.
 *
 * @param interval the time between two adverts
 * @param what befalls the master
 */
record Case(Duration interval, String what) {
  /** The master that was killed is started again and takes the address back. */
  static final String RETURN = "return after a kill (preemption)";

  @Override
  public String toString() {
    return "%d ms, %s".formatted(interval.toMillis(), what);
  }
}
