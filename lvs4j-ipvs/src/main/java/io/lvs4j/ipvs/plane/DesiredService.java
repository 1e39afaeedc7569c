package io.lvs4j.ipvs.plane;

import io.lvs4j.ipvs.client.DestinationKey;
import io.lvs4j.ipvs.client.IpvsDestination;
import io.lvs4j.ipvs.client.IpvsService;
import io.lvs4j.ipvs.client.ServiceKey;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A service as the kernel should have it.
 *
 * @param service its settings
 * @param destinations its real servers in the order in which they were added
 */
record DesiredService(IpvsService service, Map<DestinationKey, IpvsDestination> destinations) {
  DesiredService {
    destinations = Collections.unmodifiableMap(new LinkedHashMap<>(destinations));
  }

  static DesiredService of(IpvsService service, Collection<IpvsDestination> destinations) {
    var byKey = new LinkedHashMap<DestinationKey, IpvsDestination>();
    destinations.forEach(each -> byKey.put(each.key(), each));
    return new DesiredService(service, byKey);
  }

  /** Returns what is there: what should be if nothing is to change. */
  static DesiredService as(ActualService found) {
    return of(found.service(), found.destinations().reversed());
  }

  DesiredService with(IpvsService changed) {
    return new DesiredService(changed, destinations);
  }

  /** Returns the same with a real server that is new, the last one, or changed, at its place. */
  DesiredService with(IpvsDestination destination) {
    var changed = new LinkedHashMap<>(destinations);
    changed.put(destination.key(), destination);
    return new DesiredService(service, changed);
  }

  DesiredService without(DestinationKey key) {
    var changed = new LinkedHashMap<>(destinations);
    changed.remove(key);
    return new DesiredService(service, changed);
  }

  /**
   * Returns the same with no real server that gets new connections, nor clients that are kept on
   * one: without persistence the kernel asks the scheduler for them too. Only a service of all
   * ports keeps it, as the kernel complains of one without at each connection.
   */
  DesiredService quiesced() {
    boolean allPorts = service.key() instanceof ServiceKey.AddressKey at && at.port() == 0;
    return of(
        allPorts ? service : service.withoutPersistence(),
        destinations.values().stream().map(each -> each.withWeight(0)).toList());
  }
}
