package io.lvs4j.core.balance;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Traffic;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.api.plane.DestinationCounters;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * One destination and its figures, from when it is first added until it has left and its last
 * connection is long gone. Guarded by the lock of its balancer, but for the traffic and the
 * failures.
 */
final class LiveDestination {
  /** The position of a destination that has left. */
  static final int ABSENT = -1;

  final int id;
  final Endpoint endpoint;
  final InetSocketAddress address;

  final LongAdder inPackets = new LongAdder();
  final LongAdder outPackets = new LongAdder();
  final LongAdder inBytes = new LongAdder();
  final LongAdder outBytes = new LongAdder();

  /** Connections that have failed since the last good one. */
  final AtomicInteger failuresInARow = new AtomicInteger();

  Destination settings;
  Thresholds thresholds = Thresholds.NONE;
  int position = ABSENT;
  int active;

  /** Half-closed connections and UDP sessions. */
  int inactive;

  /** Connections that have ended, which the schedulers see as inactive for a while. */
  final ClosedConnections closed = new ClosedConnections();

  boolean overloaded;
  int persistent;
  long connections;
  long connectFailures;

  /** When it left or lost its last connection, whichever was later. */
  long idleSince;

  LiveDestination(int id, Destination settings) {
    this.id = id;
    this.settings = settings;
    this.endpoint = settings.endpoint();
    this.address = endpoint.toSocketAddress();
  }

  boolean present() {
    return position != ABSENT;
  }

  boolean hasConnections() {
    return active + inactive != 0;
  }

  /** Returns what the kernel would count as inactive. */
  int inactiveAndClosed() {
    return inactive + closed.count();
  }

  Traffic traffic() {
    return new Traffic(
        connections, inPackets.sum(), outPackets.sum(), inBytes.sum(), outBytes.sum());
  }

  DestinationCounters counters() {
    return new DestinationCounters(
        endpoint,
        active,
        inactiveAndClosed(),
        persistent,
        connectFailures,
        traffic(),
        closed.count());
  }
}
