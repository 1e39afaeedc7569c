package io.lvs4j.linux;

import io.lvs4j.api.host.HostEvent;
import io.lvs4j.api.host.InterfaceState;
import io.lvs4j.linux.netlink.InterfaceAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;

/** The watched interfaces and their last reported states. */
final class Interfaces {
  private static final int IFA_F_DADFAILED = 0x08;
  private static final int IFA_F_TENTATIVE = 0x40;

  private final Map<String, Optional<InterfaceState>> watched = new LinkedHashMap<>();

  Optional<InterfaceState> watch(
      String name, Inventory present, BiPredicate<String, InetAddress> claimed) {
    var state = state(name, present, claimed);
    watched.put(name, state);
    return state;
  }

  /** Compares the watched interfaces with what is true now, and returns the differences. */
  List<HostEvent> changes(Inventory present, BiPredicate<String, InetAddress> claimed) {
    var changes = new ArrayList<HostEvent>();
    for (var entry : watched.entrySet()) {
      var state = state(entry.getKey(), present, claimed);
      if (!state.equals(entry.getValue())) {
        entry.setValue(state);
        changes.add(new HostEvent.InterfaceChanged(entry.getKey(), state));
      }
    }
    return changes;
  }

  private static Optional<InterfaceState> state(
      String name, Inventory present, BiPredicate<String, InetAddress> claimed) {
    return present
        .link(name)
        .map(link ->
            new InterfaceState(
                name,
                link.index(),
                link.isAdministrativelyUp(),
                link.isRunning(),
                link.mtu(),
                link.hardwareAddress(),
                present.addressesOf(link).stream()
                    .filter(Interfaces::isUsable)
                    .map(InterfaceAddress::address)
                    .filter(address -> !claimed.test(name, address))
                    .toList()));
  }

  /** Says whether sockets can be bound to an address: not while its duplicates are looked for. */
  private static boolean isUsable(InterfaceAddress address) {
    return (address.flags() & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) == 0;
  }
}
