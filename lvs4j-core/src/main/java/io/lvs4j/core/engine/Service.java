package io.lvs4j.core.engine;

import io.lvs4j.api.DirectorEvent;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.Protocol;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.Traffic;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.plane.DataPlane;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.api.plane.DestinationCounters;
import io.lvs4j.api.plane.ServiceCounters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One virtual server: its definition, its servers' states and what was last told to the plane.
 * Owned by the engine's thread.
 */
final class Service {
  final Map<Endpoint, ServerState> servers = new LinkedHashMap<>();
  final RateEstimator rates = new RateEstimator(Traffic.NONE);
  final Instant since = Instant.now();
  final RateEstimator sorryRates = new RateEstimator(Traffic.NONE);
  private final Totals totals = new Totals();
  private final Totals sorryTotals = new Totals();
  VirtualServer definition;
  List<Destination> actual = List.of();
  boolean quorumUp;

  /** Whether it only waits for its sessions to end. */
  boolean leaving;

  final Ejections ejections = new Ejections(this);
  private final List<DirectorEvent> untold = new ArrayList<>();
  private boolean checking = true;

  Service(VirtualServer definition) {
    this(definition, Set.of());
  }

  /**
   * Creates one that is served already: what serves stays until a check says otherwise.
   *
   * @param found where its connections go
   */
  Service(VirtualServer definition, Set<Endpoint> found) {
    this.definition = definition;
    for (var server : definition.realServers()) {
      var state = add(server);
      boolean checked = !definition.healthChecksOf(server).isEmpty();
      if (found.contains(state.endpoint)) {
        state.kept = !state.up;
        state.up = true;
      } else if (checked && isSorryServerServing(found)) {
        state.kept = state.up;
        state.up = false;
      }
    }
    this.quorumUp = Quorum.atStart(liveWeight(), definition.quorum(), definition.hysteresis());
  }

  /** Adds a server in the state in which its checks begin. */
  ServerState add(RealServer server) {
    var alpha = definition.healthChecksOf(server).stream().anyMatch(check -> check.isAlpha());
    var state = new ServerState(server, !alpha);
    servers.put(state.endpoint, state);
    return state;
  }

  /** Returns the definition with the real servers that there are, if they go together. */
  VirtualServer inForce() {
    var live = servers.values().stream().map(state -> state.server).toList();
    var weights =
        definition.realServers().stream()
            .collect(Collectors.toMap(RealServer::endpoint, RealServer::weight));
    var asDefined =
        live.stream()
            .map(each -> each.weight(weights.getOrDefault(each.endpoint(), each.weight())))
            .toList();
    for (var candidate : List.of(live, asDefined)) {
      try {
        return definition.toBuilder().realServers(candidate).build();
      } catch (InvalidConfigurationException tooLittle) {
        // The next one is nearer to the definition, which is known to make sense.
      }
    }
    return definition;
  }

  /** Returns the definition with the real servers that there are and more, but for its quorum. */
  VirtualServer whateverItsQuorum(List<RealServer> more) {
    var all =
        Stream.concat(servers.values().stream().map(state -> state.server), more.stream()).toList();
    return definition.toBuilder().realServers(all).quorum(1).hysteresis(0).build();
  }

  /** Says whether the sorry server has the connections, and no real server any. */
  private boolean isSorryServerServing(Set<Endpoint> found) {
    return definition.sorryServer().map(RealServer::endpoint).filter(found::contains).isPresent()
        && definition.realServers().stream().map(RealServer::endpoint).noneMatch(found::contains);
  }

  @Nullable ServerState server(Endpoint endpoint) {
    return servers.get(endpoint);
  }

  /** Keeps an event until the plane has been told of what it stands for. */
  void tell(DirectorEvent event) {
    untold.add(event);
  }

  /** Returns the events that wait to be told, and forgets them. */
  List<DirectorEvent> untold() {
    var events = List.copyOf(untold);
    untold.clear();
    return events;
  }

  /** Returns what has been counted since the virtual server and each of its servers came. */
  ServiceCounters counters(DataPlane plane) {
    var now = plane.counters(definition.id());
    var all = new LinkedHashMap<>(now.destinations());
    servers.forEach((endpoint, state) -> all.put(endpoint, counters(now, endpoint, state.totals)));
    definition
        .sorryServer()
        .map(RealServer::endpoint)
        .filter(endpoint -> !servers.containsKey(endpoint))
        .ifPresent(endpoint -> all.put(endpoint, counters(now, endpoint, sorryTotals)));
    var listed =
        all.values().stream().map(DestinationCounters::traffic).reduce(Traffic.NONE, Traffic::plus);
    return new ServiceCounters(all, totals.traffic(now.total()).minus(listed));
  }

  private static DestinationCounters counters(
      ServiceCounters now, Endpoint endpoint, Totals totals) {
    var read = now.of(endpoint);
    return now.destinations().containsKey(endpoint) ? totals.of(read) : totals.without(read);
  }

  /** Takes what the plane has counted, as the past of its rates. */
  void sampleRates(ServiceCounters counters) {
    rates.sample(counters.total());
    for (var state : servers.values()) {
      state.rates.sample(counters.of(state.endpoint).traffic());
    }
    definition
        .sorryServer()
        .map(sorry -> counters.of(sorry.endpoint()).traffic())
        .ifPresent(sorryRates::sample);
  }

  /** Says whether real servers are checked. */
  boolean isChecking() {
    return checking;
  }

  /** Pauses or resumes all checks. */
  void checking(boolean on) {
    if (on != checking) {
      checking = on;
      servers.values().forEach(state -> state.checking(on));
    }
  }

  /**
   * Returns what there is to tell when the service ends, in keepalived's order (omega mode): each
   * server that is up is down, and quorum is lost where the rest is too little for it. Nobody takes
   * over.
   */
  List<DirectorEvent> farewell() {
    var events = new ArrayList<DirectorEvent>();
    if (!definition.isOmega()) {
      return events;
    }
    boolean quorum = quorumUp;
    long left = liveWeight();
    for (var state : servers.values()) {
      if (state.up) {
        left -= state.liveWeight();
        events.add(
            new DirectorEvent.RealServerDown(
                definition.id(), state.endpoint, "the virtual server's service ends"));
      }
      if (quorum && !Quorum.next(true, left, definition.quorum(), definition.hysteresis())) {
        quorum = false;
        events.add(new DirectorEvent.QuorumDown(definition.id()));
      }
    }
    return events;
  }

  /** Returns the sum of the weights of live servers. */
  long liveWeight() {
    return servers.values().stream().mapToLong(ServerState::liveWeight).sum();
  }

  /** Says whether the sorry server has the connections. */
  boolean sorryServerActive() {
    return !quorumUp && definition.sorryServer().isPresent();
  }

  /** Says whether a server is still growing to its weight. */
  boolean isStarting(long now) {
    return servers.values().stream()
        .anyMatch(state -> state.up && state.sinceUp(now) < definition.slowStart().toNanos());
  }

  /** Returns by what weights are multiplied on their way to the plane. */
  int weightFactor() {
    return SlowStart.factor(
        definition, servers.values().stream().map(state -> state.server.weight()).toList());
  }

  /** Returns whether it has sessions, which end with its socket, and no connections. */
  boolean isOfDatagrams() {
    return definition.id() instanceof VirtualServerId.Address(Protocol protocol, Endpoint _)
        && protocol == Protocol.UDP;
  }

  /** Returns what the plane should have now. */
  List<Destination> desired(long now) {
    var desired = inService(now);
    return leaving
        ? desired.stream().map(each -> new Destination(each.server(), 0)).toList()
        : desired;
  }

  private List<Destination> inService(long now) {
    int factor = weightFactor();
    var desired = new ArrayList<Destination>();
    for (var state : servers.values()) {
      if (state.drain != null) {
        desired.add(new Destination(state.server, 0));
      } else if (state.isInService() && !sorryServerActive()) {
        int full = (int) Math.min((long) state.weight() * factor, Integer.MAX_VALUE);
        desired.add(
            new Destination(
                state.server, SlowStart.weight(full, state.sinceUp(now), definition.slowStart())));
      } else if (state.server.isInhibitedOnFailure() && !state.ejection.isEjected()) {
        desired.add(new Destination(state.server, 0));
      }
    }
    if (sorryServerActive()) {
      definition.sorryServer().ifPresent(sorry -> addSorryServer(desired, sorry));
    } else {
      definition
          .sorryServer()
          .filter(RealServer::isInhibitedOnFailure)
          .filter(sorry -> !servers.containsKey(sorry.endpoint()))
          .ifPresent(sorry -> desired.add(new Destination(sorry, 0)));
    }
    return desired;
  }

  /** Adds the sorry server; one that is among the real servers too takes that one's place. */
  private static void addSorryServer(List<Destination> desired, RealServer sorry) {
    desired.removeIf(destination -> destination.endpoint().equals(sorry.endpoint()));
    desired.add(new Destination(sorry, Math.max(1, sorry.weight())));
  }
}
