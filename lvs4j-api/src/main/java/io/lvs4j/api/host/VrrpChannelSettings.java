package io.lvs4j.api.host;

import io.lvs4j.api.Endpoint;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;

/**
 * How adverts travel.
 *
 * @param networkInterface the interface to speak on; may be empty with unicast, and is then left to
 *     the routing table
 * @param source the address that adverts are sent from; it also is what unicast is received at
 * @param group the multicast group to send to and to hear; empty means unicast
 * @param hopLimit the TTL or hop limit to send with; 255 with multicast
 */
public record VrrpChannelSettings(
    Optional<String> networkInterface,
    InetAddress source,
    Optional<InetAddress> group,
    int hopLimit) {

  /** Checks that the parts fit together. */
  public VrrpChannelSettings {
    Objects.requireNonNull(networkInterface, "networkInterface");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(group, "group");
    if (hopLimit < 1 || hopLimit > 255) {
      throw new IllegalArgumentException("hop limit: " + hopLimit + " (expected: 1-255)");
    }
    if (group.isPresent()) {
      if (networkInterface.isEmpty()) {
        throw new IllegalArgumentException("interface: none (expected: one, for multicast)");
      }
      if (!group.get().isMulticastAddress() || isIpv6(group.get()) != isIpv6(source)) {
        throw new IllegalArgumentException(
            "group: "
                + Endpoint.literal(group.get())
                + " (expected: a multicast address of the family of "
                + Endpoint.literal(source)
                + ")");
      }
    }
  }

  /** Returns the settings of multicast, with hop limit 255 as the protocol asks for. */
  public static VrrpChannelSettings multicast(
      String networkInterface, InetAddress source, InetAddress group) {
    return new VrrpChannelSettings(Optional.of(networkInterface), source, Optional.of(group), 255);
  }

  /** Returns the settings of unicast. */
  public static VrrpChannelSettings unicast(
      Optional<String> networkInterface, InetAddress source, int hopLimit) {
    return new VrrpChannelSettings(networkInterface, source, Optional.empty(), hopLimit);
  }

  /** Says whether it carries IPv6. */
  public boolean isIpv6() {
    return isIpv6(source);
  }

  private static boolean isIpv6(InetAddress address) {
    return address instanceof Inet6Address;
  }
}
