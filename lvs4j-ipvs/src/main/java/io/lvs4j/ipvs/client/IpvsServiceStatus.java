package io.lvs4j.ipvs.client;

import java.util.Objects;

/**
 * A service and what has passed it.
 *
 * @param service how it is set
 * @param statistics what has passed
 */
public record IpvsServiceStatus(IpvsService service, IpvsStatistics statistics) {
  public IpvsServiceStatus {
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(statistics, "statistics");
  }
}
