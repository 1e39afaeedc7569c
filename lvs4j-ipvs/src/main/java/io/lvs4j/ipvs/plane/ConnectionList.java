package io.lvs4j.ipvs.plane;

import io.lvs4j.api.ConnectionSnapshot;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Protocol;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.ipvs.client.DestinationKey;
import io.lvs4j.ipvs.client.IpvsConnection;
import io.lvs4j.ipvs.client.IpvsConnections;
import io.lvs4j.ipvs.plane.CountedServices.Counted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The kernel's connections that came through this director's virtual servers. */
final class ConnectionList {
  private volatile CompletableFuture<Path> file = new CompletableFuture<>();

  /** Looks for the table of the network namespace that the calling thread is in. */
  void find() {
    if (file.isDone()) {
      file = new CompletableFuture<>();
    }
    try {
      file.complete(Path.of("/proc/thread-self").toRealPath().resolve("net/ip_vs_conn"));
    } catch (IOException unreadable) {
      file.completeExceptionally(unreadable);
    }
  }

  /**
   * Reads the connections of virtual servers.
   *
   * @param definitions those that are served
   * @param counted what the kernel had when last seen: real servers that were added since the
   *     definition, and virtual servers that are leaving, too
   */
  List<ConnectionSnapshot> read(
      Map<VirtualServerId, VirtualServer> definitions, Map<VirtualServerId, Counted> counted) {
    var services = new HashMap<VirtualServerId, Set<DestinationKey>>();
    definitions.forEach((id, definition) -> {
      var keys = services.computeIfAbsent(id, _ -> new HashSet<>());
      Translation.servers(definition)
          .forEach(server -> keys.add(Translation.key(server.endpoint())));
    });
    counted.forEach((id, each) -> {
      var keys = services.computeIfAbsent(id, _ -> new HashSet<>());
      each.counters().destinations().keySet().stream().map(Translation::key).forEach(keys::add);
    });
    return read(services);
  }

  /**
   * Reads the table. A connection doesn't say through which firewall mark it came; it is taken for
   * the one that has its real server.
   */
  private List<ConnectionSnapshot> read(Map<VirtualServerId, Set<DestinationKey>> services) {
    var marks = new LinkedHashMap<>(services);
    marks.keySet().removeIf(id -> id instanceof VirtualServerId.Address);
    var found = new ArrayList<ConnectionSnapshot>();
    try {
      IpvsConnections.forEach(
          file.join(), connection -> snapshot(connection, services, marks).ifPresent(found::add));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return found;
  }

  private static Optional<ConnectionSnapshot> snapshot(
      IpvsConnection connection,
      Map<VirtualServerId, Set<DestinationKey>> services,
      Map<VirtualServerId, Set<DestinationKey>> marks) {
    var protocol = protocol(connection);
    if (connection.isTemplate() || protocol.isEmpty()) {
      return Optional.empty();
    }
    var virtual = new Endpoint(connection.virtualAddress(), connection.virtualPort());
    return virtualServer(connection, protocol.get(), virtual, services, marks)
        .map(id ->
            new ConnectionSnapshot(
                id,
                protocol.get(),
                new Endpoint(connection.client(), connection.clientPort()),
                virtual,
                new Endpoint(connection.destination(), connection.destinationPort()),
                state(connection),
                connection.expiresIn(),
                0,
                0));
  }

  private static Optional<VirtualServerId> virtualServer(
      IpvsConnection connection,
      Protocol protocol,
      Endpoint virtual,
      Map<VirtualServerId, Set<DestinationKey>> services,
      Map<VirtualServerId, Set<DestinationKey>> marks) {
    for (int port : List.of(virtual.port(), 0)) {
      VirtualServerId id =
          new VirtualServerId.Address(protocol, new Endpoint(virtual.address(), port));
      if (services.containsKey(id)) {
        return Optional.of(id);
      }
    }
    for (int port : List.of(connection.destinationPort(), 0)) {
      var server = new DestinationKey(connection.destination(), port);
      for (var each : marks.entrySet()) {
        if (each.getValue().contains(server)) {
          return Optional.of(each.getKey());
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Protocol> protocol(IpvsConnection connection) {
    return switch (connection.protocol()) {
      case "TCP" -> Optional.of(Protocol.TCP);
      case "UDP" -> Optional.of(Protocol.UDP);
      default -> Optional.empty();
    };
  }

  private static ConnectionSnapshot.State state(IpvsConnection connection) {
    for (var state : ConnectionSnapshot.State.values()) {
      if (state.name().equals(connection.state())) {
        return state;
      }
    }
    return ConnectionSnapshot.State.NONE;
  }
}
