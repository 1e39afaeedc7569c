package io.lvs4j.api.plane;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Traffic;

/**
 * The live figures of one destination.
 *
 * @param endpoint which destination
 * @param active established connections
 * @param inactive half-closed connections and UDP sessions
 * @param persistent clients that are kept on it
 * @param connectFailures connects to it that failed
 * @param traffic what has passed since it was first added
 */
public record DestinationCounters(
    Endpoint endpoint,
    int active,
    int inactive,
    int persistent,
    long connectFailures,
    Traffic traffic) {

  /** Returns the figures of a destination that nothing has passed through. */
  public static DestinationCounters none(Endpoint endpoint) {
    return new DestinationCounters(endpoint, 0, 0, 0, 0, Traffic.NONE);
  }

  /** Returns the number of open connections and sessions. */
  public int open() {
    return active + inactive;
  }
}
