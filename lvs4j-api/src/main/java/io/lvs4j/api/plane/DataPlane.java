package io.lvs4j.api.plane;

import io.lvs4j.api.ConnectionSnapshot;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Problem;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.loop.LoopSnapshot;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Carries the connections of virtual servers to their destinations.
 *
 * <p>A director calls it from its engine thread, one call at a time; no call blocks. What a call
 * asks for is in force for every connection that arrives after its stage has completed. Calls take
 * effect in their order. No call touches an established connection, but for {@link
 * #closeConnections} and {@link #close}; what a plane can't keep of that it says in its own words.
 */
public interface DataPlane extends AutoCloseable {
  /** Returns the name that people know the plane by, such as {@code proxy}. */
  String name();

  /**
   * Returns the name and how the plane works here, such as {@code proxy (epoll, 4 event loops)}.
   */
  default String description() {
    return name();
  }

  /**
   * Returns what this plane can't do of a virtual server, each in words that name the planes that
   * can; empty when it can do all of it. Needs no privilege and changes nothing.
   */
  List<Problem> unsupported(VirtualServer definition);

  /**
   * Returns why this plane can't serve virtual servers together, although it can each by itself;
   * empty when it can. Needs no privilege and changes nothing.
   */
  default List<Problem> conflicts(List<VirtualServer> definitions) {
    return List.of();
  }

  /**
   * Returns what this host lacks for virtual servers, found by asking the host and not by serving
   * them, with the remedy. Changes nothing.
   */
  default CompletionStage<List<Problem>> obstacles(List<VirtualServer> definitions) {
    return CompletableFuture.completedFuture(List.of());
  }

  /**
   * Says that virtual servers are about to be added. A plane whose work outlives the process takes
   * none of them for somebody else's from now on.
   *
   * @return the destinations that get connections of them already, as an earlier life has left them
   */
  default CompletionStage<Map<VirtualServerId, Set<Endpoint>>> expect(
      List<VirtualServer> definitions) {
    return CompletableFuture.completedFuture(Map.of());
  }

  /**
   * Returns which privileges this process lacks to serve a virtual server, each with the remedy,
   * even while its address is not on this host. Changes nothing.
   */
  default List<Problem> missingPrivileges(VirtualServer definition) {
    return List.of();
  }

  /**
   * Returns what of this host would keep a virtual server from being served, as far as can be told
   * while its address is elsewhere: privileges, a port that somebody else has. Changes nothing.
   */
  default List<Problem> bindObstacles(VirtualServer definition) {
    return missingPrivileges(definition);
  }

  /**
   * Begins to serve a virtual server. The definition's scheduler is present.
   *
   * @param definition what to serve; its own list of real servers is not looked at
   * @param destinations where connections may go at first, in the order in which they were added
   * @return completes when connections are accepted, or with a {@link io.lvs4j.api.StartException}
   *     and nothing of it left
   */
  CompletionStage<Void> add(VirtualServer definition, List<Destination> destinations);

  /**
   * Changes the settings of a virtual server: scheduler, persistence, timeouts, client address.
   * They hold for new connections. The destinations stay.
   *
   * @return completes when they are in force
   */
  CompletionStage<Void> update(VirtualServer definition);

  /**
   * Stops accepting connections. Those that are open go on until they end.
   *
   * @return completes when the address is free again
   */
  CompletionStage<Void> remove(VirtualServerId id);

  /**
   * Takes an {@link #add} back, because the start that it was part of has failed. A plane whose
   * work outlives the process leaves what it has found as it was.
   *
   * @return completes when the address is as free as it was
   */
  default CompletionStage<Void> takeBack(VirtualServerId id) {
    return remove(id);
  }

  /**
   * Adds a destination. One that left with connections open finds them counted again.
   *
   * @return completes when it may get connections
   */
  CompletionStage<Void> addDestination(VirtualServerId id, Destination destination);

  /**
   * Changes weight, thresholds, forwarding or client address of a destination.
   *
   * @return completes when the change is in force; if it quiesces the destination, {@link
   *     #counters} then know of every connection that the destination was given before
   */
  CompletionStage<Void> updateDestination(VirtualServerId id, Destination destination);

  /**
   * Removes a destination. Its connections go on until they end.
   *
   * @return completes when it gets no more connections
   */
  CompletionStage<Void> removeDestination(VirtualServerId id, Endpoint destination);

  /** Closes all connections to a destination, one that was removed too, with a reset. */
  void closeConnections(VirtualServerId id, Endpoint destination);

  /**
   * Tells that the address of a virtual server that was removed has left this host: its open
   * connections have lost their other end. A plane that ends them does so with a reset.
   *
   * @param known the destinations that may have connections
   * @return completes with the number of connections that were reset, 0 if it can't tell
   */
  default CompletionStage<Integer> addressLost(VirtualServerId id, Collection<Endpoint> known) {
    known.forEach(destination -> closeConnections(id, destination));
    return CompletableFuture.completedFuture(0);
  }

  /** Returns the figures of a virtual server; a plane says how old they may be. */
  ServiceCounters counters(VirtualServerId id);

  /**
   * Says whether a quiesced destination can be removed without a loss to anybody: no connection to
   * it is open, and no client is sent there any more. Asked after the stage of the {@link
   * #updateDestination} that quiesced it.
   */
  default boolean isDrained(VirtualServerId id, Endpoint destination) {
    return counters(id).of(destination).open() == 0;
  }

  /** Returns how many connections and sessions are open, on removed virtual servers too. */
  int openConnections();

  /** Returns all open connections and sessions. Safe to call from any thread; may take a while. */
  List<ConnectionSnapshot> connections();

  /**
   * Says that a virtual server is this director's, but is not to be served now. A plane whose work
   * outlives the process removes what an earlier life has left of it.
   */
  default void withhold(VirtualServerId id) {
    // Nothing of this plane outlives the process.
  }

  /**
   * Returns the names of the VRRP instances of which the plane wants to be told by {@link #master};
   * a director that hasn't got one of them is refused.
   */
  default Set<String> followedInstances() {
    return Set.of();
  }

  /** Tells that a VRRP instance has become master, or isn't any more. */
  default void master(String vrrpInstance, boolean master) {
    // Nothing of this plane depends on it.
  }

  /**
   * Says whether the plane sees connections fail and reports it to {@link #watchFailures}; a
   * virtual server with passive health needs one that does.
   */
  default boolean isReportingFailures() {
    return false;
  }

  /** Sets who is told of destinations that fail connections. To be called before any is added. */
  default void watchFailures(FailureListener listener) {
    // Sees none.
  }

  /**
   * Returns the threads that the plane can't do without, as they are now; none if it has none. Safe
   * to call from any thread, and doesn't wait for one of them.
   */
  default List<LoopSnapshot> loops() {
    return List.of();
  }

  /** Closes all listeners and connections and waits until the plane's threads have ended. */
  @Override
  void close();
}
