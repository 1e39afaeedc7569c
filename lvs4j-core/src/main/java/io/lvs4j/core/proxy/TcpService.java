package io.lvs4j.core.proxy;

import com.github.benmanes.caffeine.cache.Ticker;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.balance.Balancer;

/** A TCP virtual server in service: its settings and its balancer. */
final class TcpService {
  private final Balancer balancer;
  private final Ticker ticker;
  private volatile VirtualServer definition;

  TcpService(VirtualServer definition, Balancer balancer, Ticker ticker) {
    this.definition = definition;
    this.balancer = balancer;
    this.ticker = ticker;
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
}
