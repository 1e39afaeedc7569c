package io.lvs4j.run;

import io.lvs4j.api.ConnectionSnapshot;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Problem;
import io.lvs4j.api.Traffic;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.plane.DataPlane;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.api.plane.ServiceCounters;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Stands for whatever plane there will be, where a file is checked for itself. */
final class AnyPlane implements DataPlane {
  @Override
  public String name() {
    return "any";
  }

  @Override
  public List<Problem> unsupported(VirtualServer definition) {
    return List.of();
  }

  @Override
  public CompletionStage<Void> add(VirtualServer definition, List<Destination> destinations) {
    return done();
  }

  @Override
  public CompletionStage<Void> update(VirtualServer definition) {
    return done();
  }

  @Override
  public CompletionStage<Void> remove(VirtualServerId id) {
    return done();
  }

  @Override
  public CompletionStage<Void> addDestination(VirtualServerId id, Destination destination) {
    return done();
  }

  @Override
  public CompletionStage<Void> updateDestination(VirtualServerId id, Destination destination) {
    return done();
  }

  @Override
  public CompletionStage<Void> removeDestination(VirtualServerId id, Endpoint destination) {
    return done();
  }

  @Override
  public void closeConnections(VirtualServerId id, Endpoint destination) {
    // There are none.
  }

  @Override
  public ServiceCounters counters(VirtualServerId id) {
    return new ServiceCounters(Map.of(), Traffic.NONE);
  }

  @Override
  public int openConnections() {
    return 0;
  }

  @Override
  public List<ConnectionSnapshot> connections() {
    return List.of();
  }

  @Override
  public void close() {
    // Nothing is held.
  }

  private static CompletionStage<Void> done() {
    return CompletableFuture.completedFuture(null);
  }
}
