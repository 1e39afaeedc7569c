package io.lvs4j.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All that a virtual server was told but for where it is; {@link VirtualServer} says what of each.
 */
record VirtualServerSettings(
    Optional<Scheduler> scheduler,
    ForwardingMethod forwarding,
    Optional<Persistence> persistence,
    List<HealthCheck> healthChecks,
    List<RealServer> realServers,
    Optional<RealServer> sorryServer,
    int quorum,
    int hysteresis,
    Duration slowStart,
    boolean onePacket,
    Duration idleTimeout,
    Duration halfClosedTimeout,
    Duration connectTimeout,
    int connectRetries,
    ClientAddress clientAddress,
    boolean proxyProtocolAccepted,
    List<String> vrrpInstances,
    boolean alpha,
    boolean omega,
    boolean haSuspend,
    boolean initialNotifications,
    Optional<PassiveHealth> passiveHealth,
    Set<ServerLoss> shutdownSessions,
    List<DirectorListener> listeners) {
  VirtualServerSettings {
    healthChecks = List.copyOf(healthChecks);
    realServers = List.copyOf(realServers);
    vrrpInstances = List.copyOf(vrrpInstances);
    shutdownSessions = Set.copyOf(shutdownSessions);
    listeners = List.copyOf(listeners);
  }
}
