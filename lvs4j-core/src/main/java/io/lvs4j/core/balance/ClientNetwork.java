package io.lvs4j.core.balance;

import io.lvs4j.api.Persistence;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * The part of a client's address by which persistence tells clients apart, as the two halves of an
 * IPv6 address; an IPv4 address is the one mapped into IPv6 (RFC 4291, section 2.5.5.2).
 */
record ClientNetwork(long high, long low) {
  private static final long MAPPED = 0xffff_0000_0000L;

  static ClientNetwork of(InetAddress client, Persistence persistence) {
    ByteBuffer bytes = ByteBuffer.wrap(client.getAddress());
    if (client instanceof Inet4Address) {
      long mask = mask(32 + persistence.prefixV4());
      return new ClientNetwork(0, MAPPED | (Integer.toUnsignedLong(bytes.getInt()) & mask));
    }
    int prefix = persistence.prefixV6();
    return new ClientNetwork(
        bytes.getLong() & mask(Math.min(64, prefix)),
        bytes.getLong() & mask(Math.max(0, prefix - 64)));
  }

  /** Returns a word whose first bits are set, 0 to 64 of them. */
  private static long mask(int bits) {
    return bits == 0 ? 0 : -1L << (64 - bits);
  }
}
