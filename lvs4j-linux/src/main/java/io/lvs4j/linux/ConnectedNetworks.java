package io.lvs4j.linux;

import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.host.VirtualAddressClaim;
import io.lvs4j.linux.kernel.Errno;
import io.lvs4j.linux.kernel.SystemCallException;
import io.lvs4j.linux.netlink.Route;
import io.lvs4j.linux.netlink.RouteNetlink;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The networks that virtual addresses draw. The kernel draws that of an address on the interface
 * itself; for one on the process device there is a route, over the interface of the claim, whose
 * source is the address. The kernel deletes such a route with its source, so it ends when the
 * process does. An interface that is in the network anyway is left alone.
 */
final class ConnectedNetworks {
  private static final Logger LOG = System.getLogger(LinuxHostNetwork.class.getName());

  private final RouteNetlink route;
  private final BiPredicate<String, InetAddress> claimed;
  private final Map<Network, Drawn> networks = new LinkedHashMap<>();
  private @Nullable Inventory present;

  private record Network(String networkInterface, InetAddress address, int prefixLength) {
    static Network of(VirtualAddressClaim claim) {
      return new Network(
          claim.networkInterface(),
          Route.masked(claim.address(), claim.prefixLength()),
          claim.prefixLength());
    }
  }

  private static final class Drawn {
    final Set<VirtualAddressClaim> claims = new LinkedHashSet<>();
    Optional<Route> made = Optional.empty();
  }

  /**
   * Creates it with nothing drawn.
   *
   * @param claimed says whether an address on an interface is a claimed one
   */
  ConnectedNetworks(RouteNetlink route, BiPredicate<String, InetAddress> claimed) {
    this.route = route;
    this.claimed = claimed;
  }

  /** Takes what links and addresses there are now. */
  void see(Inventory inventory) {
    present = inventory;
  }

  /** Says whether an interface is in the network of a claim by an address that nobody claimed. */
  boolean isThere(VirtualAddressClaim claim) throws HostNetworkException {
    var inventory = inventory();
    var network = Route.masked(claim.address(), claim.prefixLength());
    return inventory.link(claim.networkInterface()).stream()
        .flatMap(link -> inventory.addressesOf(link).stream())
        .filter(each -> each.prefixLength() == claim.prefixLength())
        .filter(each -> !each.address().equals(claim.address()))
        .filter(each -> Route.masked(each.address(), each.prefixLength()).equals(network))
        .anyMatch(each -> !claimed.test(claim.networkInterface(), each.address()));
  }

  private Inventory inventory() throws HostNetworkException {
    var known = present;
    if (known == null) {
      known = Inventory.take(route);
      present = known;
    }
    return known;
  }

  /** Draws the network of an address that is on this host, but not on its interface. */
  void draw(VirtualAddressClaim claim) throws HostNetworkException {
    if (claim.address() instanceof Inet6Address || claim.prefixLength() == Integer.SIZE) {
      return;
    }
    var network = Network.of(claim);
    var drawn = networks.computeIfAbsent(network, _ -> new Drawn());
    drawn.claims.add(claim);
    if (!isThere(claim)) {
      make(network, drawn);
    }
  }

  /** An address whose network can't be drawn is better than none: it is tried again with news. */
  private void make(Network network, Drawn drawn) throws HostNetworkException {
    var source = drawn.claims.iterator().next().address();
    var link = inventory().link(network.networkInterface);
    drawn.made = Optional.empty();
    if (link.isEmpty()) {
      return;
    }
    var wanted = Route.connected(source, network.prefixLength, link.get().index(), source);
    try {
      route.put(wanted);
      drawn.made = Optional.of(wanted);
    } catch (SystemCallException refused) {
      // A link that is down has no routes.
      var level = refused.errno().equals(Errno.ENETDOWN) ? Level.DEBUG : Level.WARNING;
      LOG.log(level, "network of {0}: {1}", source, refused.getMessage());
    }
  }

  /** Withdraws the network of an address, unless another address draws it too. */
  void withdraw(VirtualAddressClaim claim) throws HostNetworkException {
    var network = Network.of(claim);
    var drawn = networks.get(network);
    if (drawn == null || !drawn.claims.remove(claim)) {
      return;
    }
    var before = drawn.made;
    if (drawn.claims.isEmpty()) {
      networks.remove(network);
    } else if (before.isPresent() && !isSourceOf(before.get(), drawn)) {
      make(network, drawn); // first: the network is never away
    }
    if (before.isPresent() && (drawn.claims.isEmpty() || !before.equals(drawn.made))) {
      route.delete(before.get());
    }
  }

  private static boolean isSourceOf(Route route, Drawn drawn) {
    return drawn.claims.stream()
        .anyMatch(claim -> route.preferredSource().equals(Optional.of(claim.address())));
  }

  /**
   * Brings the routes in line with the interfaces: the kernel deletes those of a link that goes
   * down, and one is too many when the interface has come into the network by itself.
   *
   * @param linksChanged whether a link may have been down meanwhile
   */
  void settle(boolean linksChanged) throws HostNetworkException {
    for (var entry : networks.entrySet()) {
      var drawn = entry.getValue();
      boolean there = isThere(drawn.claims.iterator().next());
      if (there && drawn.made.isPresent()) {
        route.delete(drawn.made.get());
        drawn.made = Optional.empty();
      } else if (!there && (linksChanged || drawn.made.isEmpty())) {
        make(entry.getKey(), drawn);
      }
    }
  }

  /** Forgets all; the kernel has deleted the routes with the addresses. */
  void clear() {
    networks.clear();
  }
}
