package io.lvs4j.core.engine;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Health;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.RealServerSnapshot;
import io.lvs4j.api.SchedulerName;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerSnapshot;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.api.plane.DestinationCounters;
import io.lvs4j.api.plane.ServiceCounters;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;

/** Immutable pictures of the engine's state and the plane's counters. */
final class Snapshots {
  private Snapshots() {}

  static VirtualServerSnapshot of(Service service, FollowingPlane plane) {
    var definition = service.definition;
    var counters = service.counters(plane);
    Map<Endpoint, Integer> weights =
        service.actual.stream()
            .collect(Collectors.toMap(Destination::endpoint, Destination::weight));
    int factor = service.weightFactor();
    return new VirtualServerSnapshot(
        definition.id(),
        definition.scheduler().map(SchedulerName::of).orElseThrow(),
        definition.forwarding(),
        plane.name(),
        definition.isOnePacket(),
        definition.persistence(),
        service.quorumUp,
        service.sorryServerActive(),
        definition.sorryServer().map(sorry -> sorryServer(service, sorry, counters)),
        service.servers.values().stream()
            .map(state ->
                realServer(
                    service,
                    state,
                    Math.ceilDiv(weights.getOrDefault(state.endpoint, 0), factor),
                    counters.of(state.endpoint)))
            .toList(),
        plane.isServing(definition.id()),
        service.isChecking(),
        counters.total(),
        service.rates.rates(),
        definition.shutdownSessions());
  }

  private static RealServerSnapshot realServer(
      Service service, ServerState state, int effectiveWeight, DestinationCounters counters) {
    return snapshot(
        service.definition,
        state.server,
        effectiveWeight,
        state.up,
        state.health(),
        state.since(),
        state.ejection.isEjected(),
        state.drain != null,
        state.detail(),
        counters,
        state.rates);
  }

  private static RealServerSnapshot sorryServer(
      Service service, RealServer sorry, ServiceCounters counters) {
    boolean active = service.sorryServerActive();
    return snapshot(
        service.definition,
        sorry,
        active ? Math.max(1, sorry.weight()) : 0,
        true,
        Health.UNCHECKED,
        service.since,
        false,
        false,
        "",
        counters.of(sorry.endpoint()),
        service.sorryRates);
  }

  private static RealServerSnapshot snapshot(
      VirtualServer definition,
      RealServer server,
      int effectiveWeight,
      boolean up,
      Health health,
      Instant since,
      boolean ejected,
      boolean draining,
      String detail,
      DestinationCounters counters,
      RateEstimator rates) {
    return new RealServerSnapshot(
        server.endpoint(),
        definition.forwardingOf(server),
        server.weight(),
        effectiveWeight,
        up,
        health,
        since,
        ejected,
        draining,
        detail,
        server.upperThreshold(),
        server.lowerThreshold(),
        counters.active(),
        counters.inactive(),
        counters.persistent(),
        counters.connectFailures(),
        counters.traffic(),
        rates.rates());
  }
}
