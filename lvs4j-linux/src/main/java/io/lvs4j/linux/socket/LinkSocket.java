package io.lvs4j.linux.socket;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.host.HardwareAddress;
import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.linux.kernel.Capability;
import io.lvs4j.linux.kernel.Descriptor;
import io.lvs4j.linux.kernel.Errno;
import io.lvs4j.linux.kernel.Kernel;
import io.lvs4j.linux.kernel.Reception;
import io.lvs4j.linux.kernel.Refusal;
import io.lvs4j.linux.kernel.SocketConstants;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * A packet socket on one interface, for ARP or for neighbour advertisements. It announces
 * addresses, and hears of stations that claim addresses we watch.
 *
 * <p>Announcements are whole frames and not a raw ICMPv6 socket's: they leave by this interface and
 * from this address wherever the address is at home, be it on another device of this host.
 */
public final class LinkSocket implements AutoCloseable {
  private static final int LONGEST_FRAME = 2048;

  private final Kernel kernel;
  private final Descriptor descriptor;
  private final boolean ipv6;
  private final byte[] linkAddress;
  private final String networkInterface;
  private final Reception reception = new Reception(LONGEST_FRAME, 0);
  private Set<InetAddress> watched = Set.of();

  private LinkSocket(
      Kernel kernel,
      Descriptor descriptor,
      boolean ipv6,
      byte[] linkAddress,
      String networkInterface) {
    this.kernel = kernel;
    this.descriptor = descriptor;
    this.ipv6 = ipv6;
    this.linkAddress = linkAddress;
    this.networkInterface = networkInterface;
  }

  /**
   * Opens the socket in the network namespace of the calling thread; it watches nothing at first.
   *
   * @param ipv6 whether it is for neighbour advertisements; for ARP otherwise
   */
  public static LinkSocket open(
      Kernel kernel, String networkInterface, int interfaceIndex, boolean ipv6)
      throws HostNetworkException {
    String what = (ipv6 ? "neighbour discovery" : "ARP") + " socket on " + networkInterface;
    int etherType = ipv6 ? SocketConstants.ETH_P_IPV6 : SocketConstants.ETH_P_ARP;
    byte[] linkAddress = SocketAddresses.link(etherType, interfaceIndex);
    // Protocol 0 receives nothing; bind then names protocol and interface at one stroke.
    try (var setup = SocketSetup.open(kernel, SocketConstants.AF_PACKET, 0, what)) {
      setup.filter(PacketFilter.nothing());
      setup.bind(linkAddress, networkInterface);
      return new LinkSocket(kernel, setup.done(), ipv6, linkAddress, networkInterface);
    }
  }

  /** Returns the descriptor to wait for. */
  public Descriptor descriptor() {
    return descriptor;
  }

  /** Tells the link that an address is at a station. */
  public void announce(HardwareAddress station, InetAddress address, boolean router)
      throws HostNetworkException {
    byte[] frame =
        ipv6
            ? UnsolicitedAdvertisement.frame(station, address, router)
            : GratuitousArp.frame(station, address);
    int result;
    do {
      result = kernel.send(descriptor.value(), frame, linkAddress, 0);
    } while (Errno.EINTR.is(result));
    if (result < 0) {
      throw Refusal.of(
          Errno.ofResult(result),
          Capability.NET_RAW,
          "announce " + Endpoint.literal(address) + " on " + networkInterface);
    }
  }

  /** Watches for stations that say to have one of these addresses, and for no others. */
  public void watch(Collection<InetAddress> addresses) throws HostNetworkException {
    var wanted = Set.copyOf(addresses);
    if (wanted.equals(watched)) {
      return;
    }
    var all = List.copyOf(wanted);
    byte[] program = ipv6 ? PacketFilter.advertisementOf(all) : PacketFilter.arpFrom(all);
    Refusal.check(
        kernel.attachFilter(descriptor.value(), program),
        Capability.NET_RAW,
        descriptor + ": attach a packet filter");
    watched = wanted;
  }

  /** Says whether stations that say to have an address are watched for. */
  public boolean isWatching(InetAddress address) {
    return watched.contains(address);
  }

  /** Reads which stations said to have which address, without waiting. */
  public void receive(int most, BiConsumer<HardwareAddress, InetAddress> consumer)
      throws HostNetworkException {
    for (int i = 0; i < most; i++) {
      int result = kernel.receive(descriptor.value(), reception, SocketConstants.MSG_DONTWAIT);
      if (Errno.EAGAIN.is(result)) {
        return;
      }
      if (Errno.EINTR.is(result) || Errno.ENETDOWN.is(result)) {
        continue; // the interface's own state is reported by netlink
      }
      Refusal.check(result, Capability.NET_RAW, "read " + descriptor);
      sender().ifPresent(sender -> consumer.accept(sender.station(), sender.address()));
    }
  }

  private Optional<LinkSender> sender() {
    return ipv6
        ? UnsolicitedAdvertisement.sender(reception.data(), reception.length())
        : GratuitousArp.sender(reception.data(), reception.length());
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
