package io.lvs4j.core.engine;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.plane.DataPlane;
import io.lvs4j.api.plane.Destination;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The least list of operations that turns one set of destinations into another. Additions come
 * first, so that the pool is at no moment emptier than both.
 *
 * @param added destinations that are new, in order
 * @param updated destinations that stay with other settings
 * @param removed destinations that go
 */
record DestinationDiff(List<Destination> added, List<Destination> updated, List<Endpoint> removed) {

  /** Compares what is with what should be. */
  static DestinationDiff between(List<Destination> actual, List<Destination> desired) {
    Map<Endpoint, Destination> before = byEndpoint(actual);
    Map<Endpoint, Destination> after = byEndpoint(desired);
    var added = new ArrayList<Destination>();
    var updated = new ArrayList<Destination>();
    for (var destination : desired) {
      var old = before.get(destination.endpoint());
      if (old == null) {
        added.add(destination);
      } else if (!old.equals(destination)) {
        updated.add(destination);
      }
    }
    var removed =
        actual.stream().map(Destination::endpoint).filter(key -> !after.containsKey(key)).toList();
    return new DestinationDiff(added, updated, removed);
  }

  /** Tells the plane; completes when all of it is in force. */
  CompletableFuture<Void> applyTo(DataPlane plane, VirtualServerId id) {
    var stages = new ArrayList<CompletionStage<Void>>();
    added.forEach(destination -> stages.add(plane.addDestination(id, destination)));
    updated.forEach(destination -> stages.add(plane.updateDestination(id, destination)));
    removed.forEach(endpoint -> stages.add(plane.removeDestination(id, endpoint)));
    return CompletableFuture.allOf(
        stages.stream()
            .map(CompletionStage::toCompletableFuture)
            .toArray(CompletableFuture[]::new));
  }

  private static Map<Endpoint, Destination> byEndpoint(List<Destination> destinations) {
    return new HashMap<>(
        destinations.stream()
            .collect(Collectors.toMap(Destination::endpoint, Function.identity())));
  }
}
