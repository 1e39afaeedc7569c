package io.lvs4j.ipvs.client;

import io.lvs4j.api.AddressFamily;
import java.util.OptionalInt;

/**
 * Which clients count as one for persistence: those whose addresses agree in these bits.
 *
 * @param family of the clients
 * @param value for IPv4 the mask, its first byte the highest (0xffffff00 is /24; the kernel takes
 *     masks with holes too); for IPv6 the length of the prefix, 1 to 128
 */
public record Granularity(AddressFamily family, int value) {
  /** Checks the length of an IPv6 prefix. */
  public Granularity {
    if (family == AddressFamily.IPV6) {
      Numbers.check("persistence granularity", value, 1, 128);
    }
  }

  /** Returns the granularity of single clients: 255.255.255.255 or /128. */
  public static Granularity single(AddressFamily family) {
    return prefix(family, family.bits());
  }

  /**
   * Returns the granularity of networks.
   *
   * @param length 0 to 32 for IPv4, 1 to 128 for IPv6
   */
  public static Granularity prefix(AddressFamily family, int length) {
    if (family == AddressFamily.IPV6) {
      return new Granularity(family, length);
    }
    Numbers.check("persistence granularity", length, 0, 32);
    return new Granularity(family, length == 0 ? 0 : -1 << (32 - length));
  }

  /** Returns the length of the prefix; empty for an IPv4 mask with holes. */
  public OptionalInt prefixLength() {
    if (family == AddressFamily.IPV6) {
      return OptionalInt.of(value);
    }
    int length = Integer.bitCount(value);
    return prefix(family, length).value == value ? OptionalInt.of(length) : OptionalInt.empty();
  }

  /** Returns {@code 255.255.255.0} or {@code 64}, as ipvsadm takes them. */
  @Override
  public String toString() {
    return family == AddressFamily.IPV6
        ? Integer.toString(value)
        : (value >>> 24)
            + "."
            + (value >>> 16 & 0xff)
            + "."
            + (value >>> 8 & 0xff)
            + "."
            + (value & 0xff);
  }
}
