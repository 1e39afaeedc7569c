package io.lvs4j.api;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * The connection (or the first datagram of a session) that a {@link Scheduler} finds a real server
 * for, with all that a decision may depend on. Time and randomness come with the flow, so that a
 * scheduler is a function of its arguments.
 */
public interface Flow {
  /** Returns the transport protocol. */
  Protocol protocol();

  /** Returns the address of the client. */
  InetAddress clientAddress();

  /** Returns the port of the client, 0 to 65535. */
  int clientPort();

  /** Returns the address that the client connected to. */
  InetAddress virtualAddress();

  /** Returns the port that the client connected to, 0 to 65535. */
  int virtualPort();

  /** Returns the moment of arrival in nanoseconds, on a clock with an arbitrary origin. */
  long arrivedAt();

  /** Returns a random number from 0 to {@code bound} exclusive; {@code bound} is positive. */
  long random(long bound);

  /**
   * Returns the client's address as 32 bits in host order, an IPv6 address folded by XOR of its
   * four words (kernel: ip_vs_sh.c, ip_vs_mh.c).
   */
  default int clientAddressBits() {
    return bits(clientAddress());
  }

  /** Returns the virtual address as 32 bits in host order, folded as the client's. */
  default int virtualAddressBits() {
    return bits(virtualAddress());
  }

  /** Returns an address as 32 bits in host order, an IPv6 address folded by XOR. */
  static int bits(InetAddress address) {
    ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
    int folded = 0;
    while (bytes.hasRemaining()) {
      folded ^= bytes.getInt();
    }
    return folded;
  }
}
