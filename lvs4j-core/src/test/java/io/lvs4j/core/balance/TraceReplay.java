package io.lvs4j.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Protocol;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.core.scheduler.Schedulers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Does to a {@link Balancer} what was done to the kernel in one recorded scenario, and compares
 * each decision and each snapshot of the counters.
 */
final class TraceReplay {
  private static final int FLAG_HASHED = 0x2;
  private static final int FLAG_FALLBACK = 0x8;
  private static final int FLAG_PORT = 0x10;

  private final JsonNode scenario;
  private final Balancer balancer;
  private final Map<Integer, Endpoint> endpoints = new HashMap<>();
  private final Map<Endpoint, Integer> ids = new HashMap<>();
  private final Map<Integer, RealServer> servers = new HashMap<>();
  private final Map<ConnectionKey, Connection> connections = new HashMap<>();
  private long now;

  private record ConnectionKey(String client, int clientPort, String virtualAddress) {}

  private static final class Connection {
    final Lease lease;
    TcpState state = TcpState.NONE;

    Connection(Lease lease) {
      this.lease = lease;
    }

    void packet(String flags) {
      state = state.after(flags);
      lease.count(state.active() ? Lease.Count.ACTIVE : Lease.Count.INACTIVE);
    }
  }

  TraceReplay(JsonNode scenario, Overhead overhead) {
    this.scenario = scenario;
    for (JsonNode dest : scenario.path("dests")) {
      endpoints.put(
          dest.get(0).intValue(),
          new Endpoint(address(dest.get(1).textValue()), dest.get(2).intValue()));
    }
    String name = scenario.get("scheduler").textValue();
    var definition =
        VirtualServer.tcp("10.9.0.1", 80)
            .scheduler(Schedulers.byName(name, flags(name, scenario.path("flags").intValue())))
            .build();
    balancer = new Balancer(definition, List.of(), overhead, () -> 0);
  }

  private static Set<String> flags(String scheduler, int bits) {
    assertThat(bits & ~(FLAG_HASHED | FLAG_FALLBACK | FLAG_PORT))
        .as("service flags other than those of sh and mh")
        .isZero();
    var flags = new HashSet<String>();
    if ((bits & FLAG_FALLBACK) != 0) {
      flags.add(scheduler + "-fallback");
    }
    if ((bits & FLAG_PORT) != 0) {
      flags.add(scheduler + "-port");
    }
    return flags;
  }

  /** Replays all steps. */
  void run() {
    int number = 0;
    for (JsonNode step : scenario.get("steps")) {
      try {
        replay(step);
      } catch (RuntimeException e) {
        throw new AssertionError(where(number, step) + e, e);
      } catch (AssertionError e) {
        throw new AssertionError(where(number, step) + e.getMessage(), e);
      }
      number++;
    }
  }

  private String where(int number, JsonNode step) {
    return scenario.path("name").asText() + ", step " + number + " " + step + ": ";
  }

  private void replay(JsonNode step) {
    String kind = step.get(0).textValue();
    switch (kind) {
      case "add" -> add(step);
      case "del" -> delete(step);
      case "weight" -> weight(step);
      case "threshold" -> threshold(step);
      case "syn" -> syn(step);
      case "pkt" -> packet(step);
      case "snap" -> snapshot(step);
      case "note" -> {
        // Words of the one who recorded it.
      }
      default -> throw new AssertionError("a kind of step that is not known: " + kind);
    }
  }

  private void add(JsonNode step) {
    expectArguments(step, 4);
    int id = step.get(1).intValue();
    var server =
        RealServer.of(endpoint(id))
            .weight(step.get(2).intValue())
            .thresholds(step.get(3).intValue(), step.get(4).intValue());
    servers.put(id, server);
    balancer.add(new Destination(server, server.weight()));
  }

  private void delete(JsonNode step) {
    expectArguments(step, 1);
    balancer.remove(endpoint(step.get(1).intValue()));
  }

  private void weight(JsonNode step) {
    expectArguments(step, 2);
    int id = step.get(1).intValue();
    update(id, servers.get(id).weight(step.get(2).intValue()));
  }

  private void threshold(JsonNode step) {
    expectArguments(step, 3);
    int id = step.get(1).intValue();
    update(id, servers.get(id).thresholds(step.get(2).intValue(), step.get(3).intValue()));
  }

  private void update(int id, RealServer server) {
    servers.put(id, server);
    balancer.update(new Destination(server, server.weight()));
  }

  private void syn(JsonNode step) {
    expectArguments(step, 4);
    JsonNode expected = step.get(4);
    Integer chosen = packetFromClient(key(step), "S");
    assertThat(chosen)
        .as("the destination of the connection")
        .isEqualTo(expected.isNull() ? null : (Integer) expected.intValue());
  }

  private void packet(JsonNode step) {
    expectArguments(step, 4);
    packetFromClient(key(step), step.get(4).textValue());
  }

  /** Returns the id of the destination that gets the packet, or null. */
  private Integer packetFromClient(ConnectionKey key, String flags) {
    boolean begins = flags.contains("S") && !flags.contains("R");
    Connection connection = connections.get(key);
    Connection old = null;
    if (connection != null && begins && connection.state.reusable()) {
      old = connection;
      connection = null;
    }
    if (connection == null && begins) {
      connection = schedule(key);
    }
    if (old != null) {
      // The kernel lets the old entry expire, which happens after the new one was scheduled.
      old.lease.release();
      if (connection == null) {
        connections.remove(key);
      }
    }
    if (connection == null) {
      return null;
    }
    Endpoint destination = connection.lease.destination().endpoint();
    if (balancer.servers().find(destination) == null) {
      // sysctl expire_nodest_conn 0: dropped without a look at it until the destination is back.
      return null;
    }
    connection.packet(flags);
    return ids.get(destination);
  }

  private Connection schedule(ConnectionKey key) {
    var flow =
        new ConnectionFlow(
            Protocol.TCP,
            new InetSocketAddress(address(key.client), key.clientPort),
            new InetSocketAddress(address(key.virtualAddress), 80),
            now++,
            new Random(0));
    Lease lease = balancer.assign(flow);
    if (lease == null) {
      return null;
    }
    var connection = new Connection(lease);
    connections.put(key, connection);
    return connection;
  }

  private void snapshot(JsonNode step) {
    expectArguments(step, 1);
    var expected = new ArrayList<List<Integer>>();
    for (JsonNode row : step.get(1)) {
      var figures = new ArrayList<Integer>();
      row.forEach(figure -> figures.add(figure.intValue()));
      expected.add(figures);
    }
    var actual = new ArrayList<List<Integer>>();
    ServerTable table = balancer.servers();
    for (int position = 0; position < table.size(); position++) {
      actual.add(
          List.of(
              ids.get(table.endpoint(position)),
              table.weight(position),
              table.activeConnections(position),
              table.inactiveConnections(position),
              table.at(position).persistent));
    }
    assertThat(actual)
        .as("[id, weight, active, inactive, persistent], newest first")
        .isEqualTo(expected);
  }

  private static void expectArguments(JsonNode step, int count) {
    assertThat(step.size() - 1).as("the number of arguments").isEqualTo(count);
  }

  private static ConnectionKey key(JsonNode step) {
    return new ConnectionKey(
        step.get(1).textValue(), step.get(2).intValue(), step.get(3).textValue());
  }

  private Endpoint endpoint(int id) {
    var endpoint =
        endpoints.computeIfAbsent(
            id, key -> new Endpoint(address("172.16." + (key >> 8) + "." + (key & 255)), 80));
    ids.put(endpoint, id);
    return endpoint;
  }

  private static InetAddress address(String literal) {
    return InetAddress.ofLiteral(literal);
  }
}
