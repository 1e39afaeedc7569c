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
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** A virtual server in service: its settings, its balancer and its sockets. */
abstract sealed class Service permits TcpService, UdpService {
  private static final System.Logger LOG = System.getLogger(Service.class.getName());
  private static final Duration LACKING_EVERY = Duration.ofSeconds(10);

  private final AtomicLong lackingTold =
      new AtomicLong(System.nanoTime() - LACKING_EVERY.toNanos());
  private final AtomicLong circleTold = new AtomicLong(System.nanoTime() - LACKING_EVERY.toNanos());
  private final LongAdder lackingUntold = new LongAdder();
  private final Balancer balancer;
  private final Ticker ticker;
  private final FailureListener failures;
  private final Hops hops;
  private final String connections;
  private volatile VirtualServer definition;

  Service(
      VirtualServer definition,
      Balancer balancer,
      Ticker ticker,
      FailureListener failures,
      Hops hops) {
    this.definition = definition;
    this.connections = "a connection of " + definition.id();
    this.balancer = balancer;
    this.ticker = ticker;
    this.failures = failures;
    this.hops = hops;
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

  /** Returns what a fault in a connection is told to be in. */
  String connections() {
    return connections;
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

  /**
   * Tells that a connect has failed for want of something on this host: in the log, at most once in
   * ten seconds.
   */
  void lacking(Lease lease, Throwable cause) {
    long now = System.nanoTime();
    long last = lackingTold.get();
    if (now - last < LACKING_EVERY.toNanos() || !lackingTold.compareAndSet(last, now)) {
      lackingUntold.increment();
      return;
    }
    long untold = lackingUntold.sumThenReset();
    LOG.log(
        Level.WARNING,
        () ->
            "virtual server "
                + id()
                + ": connect to "
                + lease.destination().endpoint()
                + ": "
                + ConnectFailure.text(cause)
                + (ConnectFailure.isOutOfPorts(cause)
                    ? ": no local port left (sysctl net.ipv4.ip_local_port_range wider,"
                        + " net.ipv4.tcp_tw_reuse 1, or more real servers)"
                    : ": not the real server's fault")
                + (untold == 0 ? "" : ", and " + untold + " more of this kind"));
  }

  Hops hops() {
    return hops;
  }

  /**
   * Says whether a connection has passed so many virtual servers of the plane that it goes round in
   * a circle, and tells so, at most once in ten seconds.
   */
  boolean isCircling(InetSocketAddress from, int passed) {
    if (passed <= Hops.MOST) {
      return false;
    }
    long now = System.nanoTime();
    long last = circleTold.get();
    if (now - last >= LACKING_EVERY.toNanos() && circleTold.compareAndSet(last, now)) {
      LOG.log(
          Level.WARNING,
          () ->
              "virtual server "
                  + id()
                  + ": refused from "
                  + from
                  + ", which has passed "
                  + passed
                  + " virtual servers of this director: a real server leads back to it");
    }
    return true;
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
