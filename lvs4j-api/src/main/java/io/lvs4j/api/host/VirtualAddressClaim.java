package io.lvs4j.api.host;

import io.lvs4j.api.Endpoint;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;

/**
 * An address to hold on an interface.
 *
 * @param networkInterface the interface whose link shall find it
 * @param address the address
 * @param prefixLength the length of its network's prefix
 * @param label an alias such as {@code eth0:1}; IPv4 only
 * @param scope how far it is valid
 * @param preferred whether the kernel may choose it as the source of new connections
 */
public record VirtualAddressClaim(
    String networkInterface,
    InetAddress address,
    int prefixLength,
    Optional<String> label,
    AddressScope scope,
    boolean preferred) {

  /** Checks the prefix. */
  public VirtualAddressClaim {
    Objects.requireNonNull(networkInterface, "networkInterface");
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(scope, "scope");
    int bits = bits(address);
    if (prefixLength < 1 || prefixLength > bits) {
      throw new IllegalArgumentException(
          "prefix length: " + prefixLength + " (expected: 1-" + bits + ")");
    }
  }

  /**
   * Returns the claim of an address with the whole of it as prefix and all else as keepalived has
   * it: an IPv6 address is not preferred, so that it isn't chosen as a source.
   */
  public static VirtualAddressClaim of(String networkInterface, InetAddress address) {
    return new VirtualAddressClaim(
        networkInterface,
        address,
        bits(address),
        Optional.empty(),
        AddressScope.GLOBAL,
        !(address instanceof Inet6Address));
  }

  private static int bits(InetAddress address) {
    return address instanceof Inet6Address ? 128 : 32;
  }

  /** Returns {@code 192.168.0.200/24 on eth0}. */
  @Override
  public String toString() {
    return Endpoint.literal(address) + "/" + prefixLength + " on " + networkInterface;
  }
}
