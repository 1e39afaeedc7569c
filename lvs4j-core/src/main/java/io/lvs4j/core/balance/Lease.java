package io.lvs4j.core.balance;

import io.lvs4j.api.plane.Destination;
import java.net.InetSocketAddress;

/**
 * One connection's place on a destination: counted as active from {@link Balancer#assign}, as
 * inactive after {@link #halfClosed}, and no longer after {@link #release}. Used by one thread.
 */
public final class Lease {
  final Destination destination;
  private final InetSocketAddress address;

  Lease(Destination destination) {
    this.destination = destination;
    this.address = destination.endpoint().toSocketAddress();
  }

  /** Returns where the connection goes. */
  public Destination destination() {
    return destination;
  }

  /** Returns the destination's socket address, resolved. */
  public InetSocketAddress address() {
    return address;
  }

  /** Counts bytes (and one datagram, for UDP) from the client. */
  public void countIn(int bytes) {}

  /** Counts bytes (and one datagram, for UDP) to the client. */
  public void countOut(int bytes) {}

  /** Tells that one side has ended: the connection is inactive from now on. */
  public void halfClosed() {}

  /** Ends the lease; further calls do nothing. */
  public void release() {}
}
