package io.lvs4j.benchmarks.failover;

import java.time.Duration;

/**
 * A row of the table.
 *
 * @param interval the time between two adverts
 * @param fault what befalls the master
 */
record Case(Duration interval, Fault fault) {
  @Override
  public String toString() {
    return "%d ms, %s".formatted(interval.toMillis(), fault.label());
  }
}
