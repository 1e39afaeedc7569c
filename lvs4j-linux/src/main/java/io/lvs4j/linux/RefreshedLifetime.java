package io.lvs4j.linux;

import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.host.VirtualAddressClaim;
import io.lvs4j.linux.netlink.InterfaceAddress;
import io.lvs4j.linux.netlink.Link;
import io.lvs4j.linux.netlink.RouteNetlink;
import java.time.Duration;

/** Addresses on the interface itself that the kernel deletes unless they are held again in time. */
final class RefreshedLifetime implements AddressHolding {
  private static final int REFRESHES_A_LIFETIME = 3;

  private final RouteNetlink route;
  private final Duration lifetime;

  RefreshedLifetime(RouteNetlink route, Duration lifetime) {
    this.route = route;
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
        .filter(found -> found.orElse(0) == claim.prefixLength())
        .isPresent();
  }

  @Override
  public long refreshNanos() {
    return lifetime.toNanos() / REFRESHES_A_LIFETIME;
  }

  private InterfaceAddress onInterface(VirtualAddressClaim claim, Link link) {
    return HeldAddress.of(claim, claim.prefixLength(), link.index(), lifetime);
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
