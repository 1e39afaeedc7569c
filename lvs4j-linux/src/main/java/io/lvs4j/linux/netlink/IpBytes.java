package io.lvs4j.linux.netlink;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Addresses of bytes, without a name lookup. */
public final class IpBytes {
  private IpBytes() {}

  /**
   * Returns the address of 4 or 16 bytes. An IPv6 address stays one, even an IPv4-mapped one, that
   * {@link InetAddress#getByAddress(byte[])} would turn into IPv4.
   */
  public static InetAddress address(byte[] bytes) {
    try {
      return bytes.length == 16
          ? Inet6Address.getByAddress(null, bytes, -1)
          : InetAddress.getByAddress(bytes);
    } catch (UnknownHostException wrongLength) {
      throw new IllegalArgumentException(
          "address: " + bytes.length + " bytes (expected: 4 or 16)", wrongLength);
    }
  }
}
