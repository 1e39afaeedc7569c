package io.lvs4j.linux;

import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.host.VirtualAddressClaim;
import io.lvs4j.linux.kernel.Kernel;
import io.lvs4j.linux.netlink.RouteNetlink;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Inet6Address;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The mechanisms, and which of them an address gets. */
final class AddressHoldings implements AutoCloseable {
  private static final Logger LOG = System.getLogger(LinuxHostNetwork.class.getName());

  private final AddressMechanism mechanism;
  private final Path ipv4Settings;
  private final ProcessDevice device;
  private final RefreshedLifetime lifetime;
  // For which addresses the device would have done when they were prepared.
  private final Set<VirtualAddressClaim> prepared = new HashSet<>();

  AddressHoldings(
      Kernel kernel,
      RouteNetlink route,
      ConnectedNetworks networks,
      AddressMechanism mechanism,
      Duration lifetime,
      Path ipv4Settings) {
    this.mechanism = mechanism;
    this.ipv4Settings = ipv4Settings;
    this.device = new ProcessDevice(kernel, route, networks);
    this.lifetime = new RefreshedLifetime(route, networks, lifetime);
  }

  /** Makes ready the device for an address that would go there. */
  void prepare(VirtualAddressClaim claim) throws HostNetworkException {
    prepared.remove(claim);
    if (mechanism(claim) == AddressMechanism.PROCESS_DEVICE) {
      device.prepare();
      prepared.add(claim);
    }
  }

  /** Returns the mechanism that an address would get now. */
  AddressMechanism mechanism(VirtualAddressClaim claim) throws HostNetworkException {
    return mechanism != AddressMechanism.REFRESHED_LIFETIME && obstacle(claim).isEmpty()
        ? AddressMechanism.PROCESS_DEVICE
        : AddressMechanism.REFRESHED_LIFETIME;
  }

  /**
   * Holds an address that is not held yet, and returns by which mechanism. Where it may choose, it
   * believes what it found when the address was prepared: a takeover has no time to look again.
   * That is what {@link #better} is for.
   */
  AddressHolding hold(VirtualAddressClaim claim) throws HostNetworkException {
    if (mechanism == AddressMechanism.REFRESHED_LIFETIME) {
      lifetime.hold(claim);
      return lifetime;
    }
    String obstacle =
        mechanism == AddressMechanism.AUTOMATIC && prepared.contains(claim) ? "" : obstacle(claim);
    if (mechanism == AddressMechanism.PROCESS_DEVICE) {
      if (!obstacle.isEmpty()) {
        throw new HostNetworkException("claim " + claim + " on a process device: " + obstacle);
      }
      device.hold(claim);
      return device;
    }
    if (obstacle.isEmpty()) {
      try {
        device.hold(claim);
        return device;
      } catch (HostNetworkException refused) {
        obstacle = String.valueOf(refused.getMessage());
      }
    }
    return byLifetime(claim, obstacle);
  }

  /** Releases an address of which it isn't known how far it came. */
  void undo(VirtualAddressClaim claim) {
    for (var holding : List.of(device, lifetime)) {
      try {
        holding.release(claim);
      } catch (HostNetworkException refused) {
        LOG.log(Level.WARNING, "{0}: {1}", claim, refused.getMessage());
      }
    }
  }

  private AddressHolding byLifetime(VirtualAddressClaim claim, String why)
      throws HostNetworkException {
    lifetime.hold(claim);
    LOG.log(Level.INFO, "{0} is held by a refreshed lifetime: {1}", claim, why);
    return lifetime;
  }

  /**
   * Looks whether an address that is held is held by the right mechanism, and if not has another
   * one hold it, too. Returns the one that is right.
   */
  AddressHolding better(VirtualAddressClaim claim, AddressHolding holding)
      throws HostNetworkException {
    if (mechanism != AddressMechanism.AUTOMATIC || !device.equals(holding)) {
      return holding;
    }
    String obstacle = obstacle(claim);
    return obstacle.isEmpty() ? holding : byLifetime(claim, obstacle);
  }

  /** Returns why the process device would not do for an address; empty when it would. */
  private String obstacle(VirtualAddressClaim claim) throws HostNetworkException {
    if (claim.address() instanceof Inet6Address) {
      return "IPv6 (expected: IPv4; neighbour discovery answers for the interface's own only)";
    }
    for (String level : new String[] {"all", claim.networkInterface()}) {
      String ignore = setting(level, "arp_ignore");
      if (!ignore.equals("0")) {
        return "net.ipv4.conf." + level + ".arp_ignore: " + ignore + " (expected: 0)";
      }
    }
    return "";
  }

  private String setting(String networkInterface, String name) throws HostNetworkException {
    var file = ipv4Settings.resolve(networkInterface).resolve(name);
    try {
      return Files.readString(file).strip();
    } catch (NoSuchFileException missing) {
      throw new HostNetworkException(
          networkInterface + ": no such interface in this network namespace", missing);
    } catch (IOException unreadable) {
      throw new HostNetworkException("read " + file + ": " + unreadable.getMessage(), unreadable);
    }
  }

  @Override
  public void close() {
    device.close();
    lifetime.close();
  }
}
