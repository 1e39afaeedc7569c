package io.lvs4j.linux;

import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.linux.netlink.InterfaceAddress;
import io.lvs4j.linux.netlink.Link;
import io.lvs4j.linux.netlink.RouteNetlink;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What links and addresses this host had at one moment.
 *
 * @param links all links
 * @param addresses their addresses, in the kernel's order
 */
record Inventory(List<Link> links, List<InterfaceAddress> addresses) {
  static Inventory take(RouteNetlink route) throws HostNetworkException {
    return new Inventory(route.links(), route.addresses());
  }

  Optional<Link> link(String name) {
    return links.stream().filter(link -> link.name().equals(name)).findFirst();
  }

  boolean hasLink(int index) {
    return links.stream().anyMatch(link -> link.index() == index);
  }

  List<InterfaceAddress> addressesOf(Link link) {
    return addresses.stream().filter(a -> a.interfaceIndex() == link.index()).toList();
  }

  /** Returns the length of the prefix with which a link has an address; empty when it hasn't. */
  OptionalInt prefixLength(int index, InetAddress address) {
    return addresses.stream()
        .filter(a -> a.interfaceIndex() == index && a.address().equals(address))
        .mapToInt(InterfaceAddress::prefixLength)
        .findFirst();
  }
}
