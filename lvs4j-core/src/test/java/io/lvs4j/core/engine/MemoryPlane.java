package io.lvs4j.core.engine;

import io.lvs4j.api.ConnectionSnapshot;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.Problem;
import io.lvs4j.api.StartException;
import io.lvs4j.api.Traffic;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.plane.DataPlane;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.api.plane.DestinationCounters;
import io.lvs4j.api.plane.FailureListener;
import io.lvs4j.api.plane.ServiceCounters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * A data plane that carries nothing: it holds the table it was told, notes each operation, and has
 * the connections that a test says it has. It refuses what a real one would have to refuse.
 */
final class MemoryPlane implements DataPlane {
  final Map<VirtualServerId, Map<Endpoint, Destination>> tables = new LinkedHashMap<>();
  final Map<Endpoint, Integer> open = new HashMap<>();
  final Map<Endpoint, Traffic> traffic = new HashMap<>();
  final Set<VirtualServerId> unbindable = new HashSet<>();
  final Set<VirtualServerId> inTheWay = new HashSet<>();
  final Set<VirtualServerId> forbidden = new HashSet<>();
  final List<String> operations = new ArrayList<>();
  final Set<String> followed = new HashSet<>();
  final Map<VirtualServerId, Set<Endpoint>> found = new HashMap<>();
  final List<Problem> obstacles = new ArrayList<>();
  FailureListener failures = (_, _, _, _) -> {};
  boolean blind;
  boolean slow;
  private final List<CompletableFuture<Void>> unfinished = new ArrayList<>();

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public boolean isReportingFailures() {
    return !blind;
  }

  @Override
  public void watchFailures(FailureListener listener) {
    failures = listener;
  }

  @Override
  public List<Problem> unsupported(VirtualServer definition) {
    boolean tunnel =
        Stream.concat(
                Stream.of(definition.forwarding()),
                definition.realServers().stream().map(definition::forwardingOf))
            .anyMatch(method -> method == ForwardingMethod.TUNNEL);
    return tunnel
        ? List.of(new Problem("virtual server " + definition.id(), "TUNNEL", "NAT"))
        : List.of();
  }

  @Override
  public CompletionStage<List<Problem>> obstacles(List<VirtualServer> definitions) {
    return CompletableFuture.completedFuture(List.copyOf(obstacles));
  }

  @Override
  public CompletionStage<Map<VirtualServerId, Set<Endpoint>>> expect(
      List<VirtualServer> definitions) {
    definitions.forEach(each -> operations.add("expect " + each.id()));
    return CompletableFuture.completedFuture(found);
  }

  @Override
  public CompletionStage<Void> takeBack(VirtualServerId id) {
    table(id);
    operations.add("take back " + id);
    tables.remove(id);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public List<Problem> missingPrivileges(VirtualServer definition) {
    return forbidden.contains(definition.id())
        ? List.of(new Problem("bind " + definition.id(), "EACCES", "CAP_NET_BIND_SERVICE"))
        : List.of();
  }

  @Override
  public List<Problem> bindObstacles(VirtualServer definition) {
    return inTheWay.contains(definition.id())
        ? List.of(new Problem("bind " + definition.id(), "in use", "a free port"))
        : missingPrivileges(definition);
  }

  @Override
  public CompletionStage<Void> add(VirtualServer definition, List<Destination> destinations) {
    if (unbindable.contains(definition.id())) {
      return CompletableFuture.failedFuture(
          new StartException(
              List.of(new Problem("bind " + definition.id(), "address in use", "a free port"))));
    }
    operations.add("add " + definition.id());
    var table = new LinkedHashMap<Endpoint, Destination>();
    destinations.forEach(each -> table.put(each.endpoint(), each));
    if (tables.put(definition.id(), table) != null) {
      throw new IllegalStateException(definition.id() + " was there");
    }
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Void> update(VirtualServer definition) {
    table(definition.id());
    operations.add("update " + definition.id());
    return inForce();
  }

  @Override
  public CompletionStage<Void> remove(VirtualServerId id) {
    table(id);
    operations.add("remove " + id);
    tables.remove(id);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Void> addDestination(VirtualServerId id, Destination destination) {
    operations.add("add " + destination.endpoint());
    if (table(id).putIfAbsent(destination.endpoint(), destination) != null) {
      throw new IllegalStateException(destination + " was there");
    }
    return inForce();
  }

  @Override
  public CompletionStage<Void> updateDestination(VirtualServerId id, Destination destination) {
    operations.add("update " + destination.endpoint());
    if (table(id).replace(destination.endpoint(), destination) == null) {
      throw new IllegalStateException(destination + " was not there");
    }
    return inForce();
  }

  @Override
  public CompletionStage<Void> removeDestination(VirtualServerId id, Endpoint destination) {
    operations.add("remove " + destination);
    if (table(id).remove(destination) == null) {
      throw new IllegalStateException(destination + " was not there");
    }
    return inForce();
  }

  @Override
  public void closeConnections(VirtualServerId id, Endpoint destination) {
    operations.add("cut " + destination);
    open.remove(destination);
  }

  @Override
  public ServiceCounters counters(VirtualServerId id) {
    var counters = new HashMap<Endpoint, DestinationCounters>();
    for (var endpoint : table(id).keySet()) {
      counters.put(
          endpoint,
          new DestinationCounters(
              endpoint,
              open.getOrDefault(endpoint, 0),
              0,
              0,
              0,
              traffic.getOrDefault(endpoint, Traffic.NONE)));
    }
    return new ServiceCounters(counters, Traffic.NONE);
  }

  @Override
  public int openConnections() {
    return open.values().stream().mapToInt(Integer::intValue).sum();
  }

  @Override
  public List<ConnectionSnapshot> connections() {
    return List.of();
  }

  @Override
  public void withhold(VirtualServerId id) {
    operations.add("withhold " + id);
  }

  @Override
  public Set<String> followedInstances() {
    return followed;
  }

  @Override
  public void master(String vrrpInstance, boolean master) {
    operations.add((master ? "master " : "not master ") + vrrpInstance);
  }

  /** What was asked for is in force at once, unless a test holds it back. */
  private CompletionStage<Void> inForce() {
    if (!slow) {
      return CompletableFuture.completedFuture(null);
    }
    var stage = new CompletableFuture<Void>();
    unfinished.add(stage);
    return stage;
  }

  /** Finishes what was held back. */
  void finish() {
    List.copyOf(unfinished).forEach(stage -> stage.complete(null));
    unfinished.clear();
  }

  @Override
  public void close() {
    tables.clear();
  }

  /** Returns a table as text: {@code 10.0.0.1:80=3}, in order. */
  List<String> weights(VirtualServerId id) {
    return table(id).values().stream().map(each -> each.endpoint() + "=" + each.weight()).toList();
  }

  private Map<Endpoint, Destination> table(VirtualServerId id) {
    var table = tables.get(id);
    if (table == null) {
      throw new IllegalStateException(id + " is not there");
    }
    return table;
  }
}
