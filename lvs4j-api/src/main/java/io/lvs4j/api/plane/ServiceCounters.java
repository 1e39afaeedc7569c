package io.lvs4j.api.plane;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Traffic;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The live figures of one virtual server.
 *
 * @param destinations its destinations in the order in which they were added, then removed ones
 *     with connections still open
 * @param departed what passed through destinations that are no longer listed
 */
public record ServiceCounters(Map<Endpoint, DestinationCounters> destinations, Traffic departed) {
  public ServiceCounters {
    destinations = Collections.unmodifiableMap(new LinkedHashMap<>(destinations));
  }

  /** Returns the figures of one destination; all zero when it is not listed. */
  public DestinationCounters of(Endpoint endpoint) {
    var listed = destinations.get(endpoint);
    return listed != null ? listed : DestinationCounters.none(endpoint);
  }

  /** Returns what has passed through all destinations since the start. */
  public Traffic total() {
    return destinations.values().stream()
        .map(DestinationCounters::traffic)
        .reduce(departed, Traffic::plus);
  }
}
