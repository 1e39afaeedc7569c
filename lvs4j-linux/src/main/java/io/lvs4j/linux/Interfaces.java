package io.lvs4j.linux;

import io.lvs4j.api.host.HostEvent;
import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.host.InterfaceState;
import io.lvs4j.linux.netlink.InterfaceAddress;
import io.lvs4j.linux.netlink.Link;
import io.lvs4j.linux.netlink.RouteNetlink;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The watched interfaces and their last reported states. */
final class Interfaces {
  private static final int IFA_F_DADFAILED = 0x08;
  private static final int IFA_F_TENTATIVE = 0x40;

  private final RouteNetlink route;
  private final Map<String, Optional<InterfaceState>> watched = new LinkedHashMap<>();

  Interfaces(RouteNetlink route) {
    this.route = route;
  }

  Optional<InterfaceState> watch(String name, Set<InetAddress> claimed)
      throws HostNetworkException {
    var state = state(name, route.links(), route.addresses(), claimed);
    watched.put(name, state);
    return state;
  }

  /** Compares the watched interfaces with what is true now, and returns the differences. */
  List<HostEvent> changes(List<InterfaceAddress> addresses, Set<InetAddress> claimed)
      throws HostNetworkException {
    var changes = new ArrayList<HostEvent>();
    var links = route.links();
    for (var entry : watched.entrySet()) {
      var state = state(entry.getKey(), links, addresses, claimed);
      if (!state.equals(entry.getValue())) {
        entry.setValue(state);
        changes.add(new HostEvent.InterfaceChanged(entry.getKey(), state));
      }
    }
    return changes;
  }

  private static Optional<InterfaceState> state(
      String name, List<Link> links, List<InterfaceAddress> addresses, Set<InetAddress> claimed) {
    return links.stream()
        .filter(link -> link.name().equals(name))
        .findFirst()
        .map(link ->
            new InterfaceState(
                name,
                link.index(),
                link.isAdministrativelyUp(),
                link.isRunning(),
                link.mtu(),
                link.hardwareAddress(),
                addresses.stream()
                    .filter(address -> address.interfaceIndex() == link.index())
                    .filter(Interfaces::isUsable)
                    .map(InterfaceAddress::address)
                    .filter(address -> !claimed.contains(address))
                    .toList()));
  }

  /** Says whether sockets can be bound to an address: not while its duplicates are looked for. */
  private static boolean isUsable(InterfaceAddress address) {
    return (address.flags() & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) == 0;
  }
}
