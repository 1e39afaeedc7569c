package io.lvs4j.core.engine;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Traffic;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.api.plane.DestinationCounters;
import io.lvs4j.api.plane.ServiceCounters;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A virtual server as the plane should have it whenever it is in service, and what has passed
 * through it in earlier times of service.
 */
final class Follower {
  /** Where it is. */
  enum Phase {
    OUT,
    CHANGING,
    SERVING
  }

  VirtualServer definition;
  Phase phase = Phase.OUT;

  /** What kept it from being served, as it was reported; empty if nothing did. */
  String trouble = "";

  /** After which time it is tried again. */
  Duration retry = FollowingPlane.RETRY;

  /** The instances that are kept from being master because of it. */
  List<String> blocks = List.of();

  /** The instance that is master of those that it follows, or was the last. */
  Optional<String> master = Optional.empty();

  CompletableFuture<Void> change = CompletableFuture.completedFuture(null);
  private final Map<Endpoint, Destination> destinations = new LinkedHashMap<>();
  private final Map<Endpoint, DestinationCounters> earlier = new LinkedHashMap<>();
  private Traffic departed = Traffic.NONE;

  Follower(VirtualServer definition, List<Destination> destinations) {
    this.definition = definition;
    destinations.forEach(this::put);
  }

  /** Notes that it is served. */
  void isWell() {
    trouble = "";
    retry = FollowingPlane.RETRY;
  }

  List<Destination> destinations() {
    return List.copyOf(destinations.values());
  }

  void put(Destination destination) {
    destinations.put(destination.endpoint(), destination);
  }

  void remove(Endpoint endpoint) {
    destinations.remove(endpoint);
  }

  /** Keeps the counters of a time of service that ends; no connection outlives it. */
  void remember(ServiceCounters counters) {
    departed = departed.plus(counters.departed());
    counters.destinations().forEach((endpoint, last) -> earlier.put(endpoint, closed(plus(last))));
  }

  /** Returns the counters while it is out of service. */
  ServiceCounters past() {
    return withPast(new ServiceCounters(Map.of(), Traffic.NONE));
  }

  /** Returns the counters of this time of service with those of all earlier ones. */
  ServiceCounters withPast(ServiceCounters now) {
    var all = new LinkedHashMap<Endpoint, DestinationCounters>();
    destinations.keySet().forEach(endpoint -> all.put(endpoint, plus(now.of(endpoint))));
    now.destinations().forEach((endpoint, counters) -> all.putIfAbsent(endpoint, plus(counters)));
    var gone = departed.plus(now.departed());
    for (var entry : earlier.entrySet()) {
      if (!all.containsKey(entry.getKey())) {
        gone = gone.plus(entry.getValue().traffic());
      }
    }
    return new ServiceCounters(all, gone);
  }

  private DestinationCounters plus(DestinationCounters now) {
    var before = earlier.getOrDefault(now.endpoint(), DestinationCounters.none(now.endpoint()));
    return new DestinationCounters(
        now.endpoint(),
        now.active(),
        now.inactive(),
        now.persistent(),
        now.connectFailures() + before.connectFailures(),
        now.traffic().plus(before.traffic()),
        now.closed());
  }

  private static DestinationCounters closed(DestinationCounters last) {
    return new DestinationCounters(
        last.endpoint(), 0, 0, 0, last.connectFailures(), last.traffic());
  }
}
