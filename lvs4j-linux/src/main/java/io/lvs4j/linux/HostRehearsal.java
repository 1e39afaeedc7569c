package io.lvs4j.linux;

import io.lvs4j.api.host.AddressScope;
import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.host.VirtualAddressClaim;
import io.lvs4j.api.host.VrrpChannelSettings;
import io.lvs4j.linux.kernel.SocketConstants;
import io.lvs4j.linux.netlink.ObligingNetlink;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Takeovers on a kernel that isn't there. The code of a takeover runs once in a blue moon, and then
 * at once: after a rehearsal its classes are loaded and its most used methods compiled. It costs
 * some tenths of a second of the start.
 */
final class HostRehearsal {
  static final int TAKEOVERS = 210;
  static final int ANNOUNCEMENTS = 5;
  private static final int NETWORK_BITS = 24;

  private final InetAddress ours;
  private final InetAddress group;
  private final VirtualAddressClaim claim;

  private HostRehearsal(String networkInterface, String ours, String group, String address) {
    this.ours = InetAddress.ofLiteral(ours);
    this.group = InetAddress.ofLiteral(group);
    // With a network to draw, for that is part of a takeover too.
    this.claim =
        new VirtualAddressClaim(
            networkInterface,
            InetAddress.ofLiteral(address),
            NETWORK_BITS,
            Optional.empty(),
            AddressScope.GLOBAL,
            true);
  }

  /** Returns the rehearsal of taking over an address of the same family and interface. */
  static HostRehearsal of(VirtualAddressClaim claim) {
    String on = claim.networkInterface();
    return claim.address() instanceof Inet6Address
        ? new HostRehearsal(on, "fe80::1", "ff02::12", "2001:db8::100")
        : new HostRehearsal(on, "192.0.2.1", "224.0.0.18", "192.0.2.100");
  }

  /**
   * Runs on the calling thread, with another kernel than the real one and nothing else in common
   * with the host than its settings.
   *
   * @return how many announcements were sent
   */
  int run(AddressMechanism mechanism) throws HostNetworkException {
    var kernel = new RehearsalKernel();
    try (var network =
        LinuxHostNetwork.builder().kernel(kernel).addressMechanism(mechanism).open()) {
      var _ = network.watch(claim.networkInterface());
      try (var channel =
          network.openVrrp(VrrpChannelSettings.multicast(claim.networkInterface(), ours, group))) {
        network.prepare(claim);
        for (int i = 0; i < TAKEOVERS; i++) {
          channel.send(new byte[20], group);
          takeOver(network);
          kernel.arrive(SocketConstants.AF_NETLINK, ObligingNetlink.news());
          var _ = network.await(System.nanoTime());
          network.release(claim);
        }
      }
    }
    return kernel.frames();
  }

  private void takeOver(LinuxHostNetwork network) throws HostNetworkException {
    network.claim(claim);
    for (int i = 0; i < ANNOUNCEMENTS; i++) {
      network.announce(claim.networkInterface(), claim.address());
    }
  }
}
