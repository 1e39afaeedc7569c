package io.lvs4j.api;

import java.net.Inet6Address;
import java.net.InetAddress;

/** The two kinds of IP address. */
public enum AddressFamily {
  IPV4(32),
  IPV6(128);

  private final int bits;

  AddressFamily(int bits) {
    this.bits = bits;
  }

  /** Returns the family of an address. */
  public static AddressFamily of(InetAddress address) {
    return address instanceof Inet6Address ? IPV6 : IPV4;
  }

  /** Returns the length of an address in bits: 32 or 128. */
  public int bits() {
    return bits;
  }
}
