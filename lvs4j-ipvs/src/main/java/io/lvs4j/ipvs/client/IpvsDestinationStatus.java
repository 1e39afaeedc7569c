package io.lvs4j.ipvs.client;

import java.util.Objects;

/**
 * A real server and what it has to do. The numbers of connections are those of the moment.
 *
 * @param destination how it is set
 * @param activeConnections in a state such as ESTABLISHED, 0 to 4294967295
 * @param inactiveConnections all others: closing ones, and everything of UDP
 * @param persistentConnections templates of clients that stay with it
 * @param statistics what has passed
 */
public record IpvsDestinationStatus(
    IpvsDestination destination,
    long activeConnections,
    long inactiveConnections,
    long persistentConnections,
    IpvsStatistics statistics) {
  public IpvsDestinationStatus {
    Objects.requireNonNull(destination, "destination");
    Objects.requireNonNull(statistics, "statistics");
  }
}
