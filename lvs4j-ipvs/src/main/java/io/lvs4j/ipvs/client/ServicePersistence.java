package io.lvs4j.ipvs.client;

import java.time.Duration;
import java.util.Objects;

/**
 * How the clients of a service stay with their server.
 *
 * @param timeout how long after the last connection, in whole seconds
 * @param granularity which clients count as one
 */
public record ServicePersistence(Duration timeout, Granularity granularity) {
  /** Checks the timeout. */
  public ServicePersistence {
    Objects.requireNonNull(granularity, "granularity");
    Numbers.checkSeconds("persistence timeout", timeout, Numbers.UNSIGNED);
  }
}
