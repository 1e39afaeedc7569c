package io.lvs4j.core.proxy;

import com.github.benmanes.caffeine.cache.Ticker;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.api.plane.FailureListener;
import io.lvs4j.api.plane.ServiceCounters;
import io.lvs4j.core.balance.Balancer;
import io.lvs4j.core.balance.Lease;
import java.util.concurrent.CompletionStage;

/** A virtual server in service: its settings, its balancer and its sockets. */
abstract sealed class Service permits TcpService, UdpService {
  private final Balancer balancer;
  private final Ticker ticker;
  private final FailureListener failures;
  private volatile VirtualServer definition;

  Service(VirtualServer definition, Balancer balancer, Ticker ticker, FailureListener failures) {
    this.definition = definition;
    this.balancer = balancer;
    this.ticker = ticker;
    this.failures = failures;
  }

  /** Opens the sockets. Completes when they are open, or with nothing left of them. */
  abstract CompletionStage<?> open();

  /** Closes the sockets. Completes when the address is free again. */
  abstract CompletionStage<?> close();

  VirtualServerId.Address id() {
    return address(definition);
  }

  /** Returns where a virtual server is; one of a firewall mark doesn't get as far as here. */
  static VirtualServerId.Address address(VirtualServer definition) {
    return switch (definition.id()) {
      case VirtualServerId.Address address -> address;
      case VirtualServerId.FirewallMark mark ->
          throw new IllegalArgumentException(
              "virtual server " + mark + ": no socket can listen to it (expected: an address)");
    };
  }

  /** Returns the settings for connections that arrive now. */
  VirtualServer definition() {
    return definition;
  }

  Balancer balancer() {
    return balancer;
  }

  /** Tells that a connection has failed by its destination's fault. */
  void failed(Lease lease, String how) {
    int inARow = lease.failed();
    definition
        .passiveHealth()
        .filter(rules -> inARow % rules.consecutiveFailures() == 0)
        .ifPresent(_ -> failures.onFailures(id(), lease.destination().endpoint(), inARow, how));
  }

  /** Returns the time on the balancer's clock. */
  long arrival() {
    return ticker.read();
  }

  void update(VirtualServer changed) {
    definition = changed;
    balancer.update(changed);
  }

  void add(Destination destination) {
    balancer.add(destination);
  }

  void update(Destination destination) {
    balancer.update(destination);
  }

  void remove(Endpoint destination) {
    balancer.remove(destination);
  }

  ServiceCounters counters() {
    return balancer.counters();
  }
}
