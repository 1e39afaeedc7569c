package io.lvs4j.ipvs.wire;

import io.lvs4j.linux.netlink.IpBytes;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * An address in a message, {@code union nf_inet_addr}: 16 bytes, of which IPv4 takes the first 4.
 * It doesn't say of which family it is. The kernel takes shorter ones too.
 */
public final class AddressBytes {
  private static final int MOST = 16;

  private final byte[] bytes;

  private AddressBytes(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Returns the 16 bytes of an address. */
  public static AddressBytes of(InetAddress address) {
    return new AddressBytes(Arrays.copyOf(address.getAddress(), MOST));
  }

  /** Returns the 4 or 16 bytes of an address, for the attributes that are of one family. */
  public static AddressBytes exactly(InetAddress address) {
    return new AddressBytes(address.getAddress());
  }

  static AddressBytes of(byte[] bytes) {
    return new AddressBytes(bytes);
  }

  byte[] bytes() {
    return bytes.clone();
  }

  /** Returns the IPv4 address; empty when there are too few bytes. */
  public Optional<InetAddress> ipv4() {
    return first(4);
  }

  /** Returns the IPv6 address; empty when there are too few bytes. */
  public Optional<InetAddress> ipv6() {
    return first(MOST);
  }

  private Optional<InetAddress> first(int length) {
    return bytes.length < length || bytes.length > MOST
        ? Optional.empty()
        : Optional.of(IpBytes.address(Arrays.copyOf(bytes, length)));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AddressBytes that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
