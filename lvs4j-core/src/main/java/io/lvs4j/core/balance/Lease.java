package io.lvs4j.core.balance;

import io.lvs4j.api.plane.Destination;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One connection's place on a destination: counted as active from {@link Balancer#assign}, as
 * inactive after {@link #halfClosed}, and no longer after {@link #release}. After {@link #closed}
 * and {@link #reset} it stays inactive for as long as the kernel keeps such a connection. A UDP
 * session is always counted as inactive. Used by one thread.
 */
public final class Lease {
  /** How a connection is counted on its destination. */
  enum Count {
    ACTIVE,
    INACTIVE,
    /** A single datagram, or a connection that has ended. */
    NOT
  }

  final LiveDestination live;

  /** The lease that this one replaces because its connect failed. */
  final @Nullable Lease replaced;

  /** The entry that keeps the client on the destination. */
  final @Nullable PersistentClient client;

  /** Guarded by the lock of the balancer. */
  Count count;

  private final Balancer balancer;
  private final Destination destination;
  private final boolean datagrams;

  Lease(
      Balancer balancer,
      LiveDestination live,
      boolean datagrams,
      Count count,
      @Nullable PersistentClient client,
      @Nullable Lease replaced) {
    this.balancer = balancer;
    this.live = live;
    this.destination = live.settings;
    this.datagrams = datagrams;
    this.count = count;
    this.client = client;
    this.replaced = replaced;
  }

  /** Returns where the connection goes, with the settings in force when it was assigned. */
  public Destination destination() {
    return destination;
  }

  /** Returns the destination's socket address, resolved. */
  public InetSocketAddress address() {
    return live.address;
  }

  /** Counts bytes (and one datagram, for UDP) from the client. */
  public void countIn(int bytes) {
    live.inBytes.add(bytes);
    if (datagrams) {
      live.inPackets.increment();
    }
  }

  /** Counts bytes (and one datagram, for UDP) to the client. */
  public void countOut(int bytes) {
    live.outBytes.add(bytes);
    if (datagrams) {
      live.outPackets.increment();
    }
  }

  /** Tells that the connection has failed; returns how many have in a row. */
  public int failed() {
    return live.failuresInARow.incrementAndGet();
  }

  /** Tells that the connection has shown its destination to be well. */
  public void succeeded() {
    // Nearly always zero already, and then nobody's cache line is taken away.
    if (live.failuresInARow.get() != 0) {
      live.failuresInARow.set(0);
    }
  }

  /** Tells that one side has ended: the connection is inactive from now on. */
  public void halfClosed() {
    count(Count.INACTIVE);
  }

  /** Ends the lease of a connection of which both sides have sent their FIN: TIME_WAIT, 2 min. */
  public void closed() {
    balancer.close(this, ClosedConnections.Kept.AFTER_FIN);
  }

  /** Ends the lease of a connection that a side has reset: CLOSE, 10 s. */
  public void reset() {
    balancer.close(this, ClosedConnections.Kept.AFTER_RESET);
  }

  /** Ends the lease and forgets the connection at once; further calls do nothing. */
  public void release() {
    count(Count.NOT);
  }

  /** Says whether this lease or one that it replaced was for a destination. */
  boolean tried(LiveDestination other) {
    for (Lease lease = this; lease != null; lease = lease.replaced) {
      if (lease.live == other) {
        return true;
      }
    }
    return false;
  }

  /** Counts the connection in another way, unless it has ended. */
  void count(Count changed) {
    balancer.count(this, changed);
  }
}
