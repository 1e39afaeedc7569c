package io.lvs4j.linux;

import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.host.VirtualAddressClaim;
import io.lvs4j.linux.netlink.InterfaceAddress;
import io.lvs4j.linux.netlink.Link;
import io.lvs4j.linux.netlink.RouteNetlink;
import java.net.Inet6Address;
import java.time.Duration;

/** Addresses on the interface itself that the kernel deletes unless they are held again in time. */
final class RefreshedLifetime implements AddressHolding {
  private static final int REFRESHES_A_LIFETIME = 3;

  private final RouteNetlink route;
  private final ConnectedNetworks networks;
  private final Duration lifetime;

  RefreshedLifetime(RouteNetlink route, ConnectedNetworks networks, Duration lifetime) {
    this.route = route;
    this.networks = networks;
    this.lifetime = lifetime;
  }

  @Override
  public void hold(VirtualAddressClaim claim) throws HostNetworkException {
    route.put(onInterface(claim, link(claim)));
  }

  @Override
  public void release(VirtualAddressClaim claim) throws HostNetworkException {
    var link = route.link(claim.networkInterface());
    if (link.isPresent()) {
      route.delete(onInterface(claim, link.get()));
    }
  }

  @Override
  public boolean isHeld(VirtualAddressClaim claim, Inventory present) {
    return present
        .link(claim.networkInterface())
        .map(link -> present.prefixLength(link.index(), claim.address()))
        .filter(found ->
            claim.address() instanceof Inet6Address
                ? found.isPresent() // once on an interface, with whatever prefix
                : found.orElse(0) == claim.prefixLength())
        .isPresent();
  }

  @Override
  public long refreshNanos() {
    return lifetime.toNanos() / REFRESHES_A_LIFETIME;
  }

  @Override
  public void withdraw(VirtualAddressClaim claim) {
    // The kernel draws its network, and the other claim's with it.
  }

  @Override
  public InterfaceAddress placed(VirtualAddressClaim claim) {
    return HeldAddress.of(claim, claim.prefixLength(), 0, 0, lifetime);
  }

  @Override
  public boolean isOnePlace(VirtualAddressClaim one, VirtualAddressClaim other) {
    return one.networkInterface().equals(other.networkInterface())
        && one.address().equals(other.address())
        && (one.address() instanceof Inet6Address || one.prefixLength() == other.prefixLength());
  }

  /**
   * An IPv6 address would share the route to its network with those that are there, and give it its
   * own end: a network that was learnt from a router would be gone a lifetime after a kill.
   */
  private InterfaceAddress onInterface(VirtualAddressClaim claim, Link link)
      throws HostNetworkException {
    boolean drawn = claim.address() instanceof Inet6Address && networks.isThere(claim);
    return HeldAddress.of(
        claim,
        claim.prefixLength(),
        drawn ? InterfaceAddress.IFA_F_NOPREFIXROUTE : 0,
        link.index(),
        lifetime);
  }

  private Link link(VirtualAddressClaim claim) throws HostNetworkException {
    return route
        .link(claim.networkInterface())
        .orElseThrow(() ->
            new HostNetworkException(
                "claim " + claim + ": no such interface in this network namespace"));
  }

  @Override
  public void close() {
    // It opens nothing of its own, and what it holds ends by itself.
  }
}
