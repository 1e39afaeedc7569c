package io.lvs4j.api.host;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * How a network interface is doing.
 *
 * @param name its name
 * @param index the kernel's number for it
 * @param administrativelyUp whether somebody has set it up
 * @param carrier whether it could carry packets: a cable with life in it
 * @param mtu the largest packet, in bytes
 * @param hardwareAddress its Ethernet address; empty on a link of another kind
 * @param addresses its addresses in the kernel's order, without those that were claimed
 */
public record InterfaceState(
    String name,
    int index,
    boolean administrativelyUp,
    boolean carrier,
    int mtu,
    Optional<HardwareAddress> hardwareAddress,
    List<InetAddress> addresses) {

  public InterfaceState {
    addresses = List.copyOf(addresses);
  }

  /** Says whether adverts can be sent and heard on it. */
  public boolean isUp() {
    return administrativelyUp && carrier;
  }

  /** Returns the address that IPv4 adverts are sent from: the first. */
  public Optional<InetAddress> primaryIpv4() {
    return addresses.stream().filter(Inet4Address.class::isInstance).findFirst();
  }

  /** Returns the address that IPv6 adverts are sent from: the first link-local one. */
  public Optional<InetAddress> linkLocalIpv6() {
    return addresses.stream()
        .filter(address -> address instanceof Inet6Address && address.isLinkLocalAddress())
        .findFirst();
  }
}
