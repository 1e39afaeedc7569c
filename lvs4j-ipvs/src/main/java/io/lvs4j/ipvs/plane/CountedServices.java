package io.lvs4j.ipvs.plane;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.plane.ServiceCounters;
import io.lvs4j.ipvs.client.IpvsDestinationStatus;
import io.lvs4j.ipvs.client.IpvsException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * What the kernel has counted of each service when it was last looked at. It is taken on the
 * plane's thread, and may be read by any.
 */
final class CountedServices {
  private final KernelTable table;
  private final LongSupplier clock;
  private final BooleanSupplier clientsStay;
  private final Map<VirtualServerId, Counted> counted = new ConcurrentHashMap<>();

  /**
   * Creates an empty one.
   *
   * @param clock nanoseconds
   * @param clientsStay says whether persistent clients keep coming to a quiesced real server
   */
  CountedServices(KernelTable table, LongSupplier clock, BooleanSupplier clientsStay) {
    this.table = table;
    this.clock = clock;
    this.clientsStay = clientsStay;
  }

  /**
   * The counters of a service.
   *
   * @param counters what was read
   * @param clientsStay whether persistent clients keep coming to its quiesced real servers
   * @param readAt when, on the plane's clock
   */
  record Counted(ServiceCounters counters, boolean clientsStay, long readAt) {
    /** Says whether a quiesced real server has neither connections nor clients that will come. */
    boolean isDrained(Endpoint server) {
      var counted = counters.of(server);
      return counted.open() == 0 && !(clientsStay && counted.persistent() > 0);
    }
  }

  /** Returns those of all services. */
  Map<VirtualServerId, Counted> all() {
    return Collections.unmodifiableMap(counted);
  }

  /** Returns those of a service, if it was looked at. */
  Optional<Counted> of(VirtualServerId id) {
    return Optional.ofNullable(counted.get(id));
  }

  /** Says of a service that nothing of it has changed since it was looked at. */
  void confirm(KeptService service) {
    counted.computeIfPresent(
        service.id,
        (_, last) -> new Counted(last.counters(), last.clientsStay(), clock.getAsLong()));
  }

  void forget(VirtualServerId id) {
    counted.remove(id);
  }

  /**
   * Looks at a service in the kernel, and takes its counters.
   *
   * @return what is there; empty when there is nothing
   */
  Optional<ActualService> look(KeptService service) throws IpvsException {
    var status = table.service(service.key());
    if (status.isEmpty()) {
      return Optional.empty();
    }
    List<IpvsDestinationStatus> destinations = table.destinationsIfAny(service.key());
    service.count(status.get(), destinations);
    service.seenStatus = status.get();
    service.clientsStay = service.hasQuiescedClients() && clientsStay.getAsBoolean();
    counted.put(
        service.id, new Counted(service.counters(), service.clientsStay, clock.getAsLong()));
    return Optional.of(ActualService.of(status.get(), destinations));
  }
}
