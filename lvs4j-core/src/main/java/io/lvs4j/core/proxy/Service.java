package io.lvs4j.core.proxy;

import com.github.benmanes.caffeine.cache.Ticker;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.api.plane.ServiceCounters;
import io.lvs4j.core.balance.Balancer;
import java.util.concurrent.CompletionStage;

/** A virtual server in service: its settings, its balancer and its sockets. */
abstract sealed class Service permits TcpService, UdpService {
  private final Balancer balancer;
  private final Ticker ticker;
  private volatile VirtualServer definition;

  Service(VirtualServer definition, Balancer balancer, Ticker ticker) {
    this.definition = definition;
    this.balancer = balancer;
    this.ticker = ticker;
  }

  /** Opens the sockets. Completes when they are open, or with nothing left of them. */
  abstract CompletionStage<?> open();

  /** Closes the sockets. Completes when the address is free again. */
  abstract CompletionStage<?> close();

  VirtualServerId id() {
    return definition.id();
  }

  /** Returns the settings for connections that arrive now. */
  VirtualServer definition() {
    return definition;
  }

  Balancer balancer() {
    return balancer;
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
