package io.lvs4j.api.plane;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Traffic;

/**
 * The live figures of one destination.
 *
 * @param endpoint which destination
 * @param active established connections
 * @param inactive half-closed connections, UDP sessions, and connections that have ended which the
 *     plane counts for a while longer
 * @param persistent clients that are kept on it
 * @param connectFailures connects to it that failed
 * @param traffic what has passed since it was first added
 * @param closed how many of the inactive ones are known to have ended; 0 if the plane can't tell
 */
public record DestinationCounters(
    Endpoint endpoint,
    int active,
    int inactive,
    int persistent,
    long connectFailures,
    Traffic traffic,
    int closed) {

  /** Creates the figures of a plane that can't tell which of the inactive ones have ended. */
  public DestinationCounters(
      Endpoint endpoint,
      int active,
      int inactive,
      int persistent,
      long connectFailures,
      Traffic traffic) {
    this(endpoint, active, inactive, persistent, connectFailures, traffic, 0);
  }

  /** Returns the figures of a destination that nothing has passed through. */
  public static DestinationCounters none(Endpoint endpoint) {
    return new DestinationCounters(endpoint, 0, 0, 0, 0, Traffic.NONE);
  }

  /** Returns the number of open connections and sessions. */
  public int open() {
    return active + inactive - closed;
  }
}
