package io.lvs4j.linux.socket;

import io.lvs4j.linux.kernel.Layouts;
import io.lvs4j.linux.kernel.Reception;
import io.lvs4j.linux.kernel.SocketConstants;
import io.lvs4j.linux.netlink.IpBytes;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a raw socket received: with IPv4 the header comes along, with IPv6 the kernel tells hop
 * limit and destination in control messages.
 */
final class ReceivedPacket {
  private ReceivedPacket() {}

  /** Returns the datagram; empty when the kernel handed over no whole header. */
  static Optional<VrrpDatagram> ipv4(Reception reception) {
    if (reception.length() < Ipv4Header.LENGTH) {
      return Optional.empty();
    }
    byte[] packet = reception.data();
    int header = (packet[0] & 0xf) * 4;
    // Ethernet pads short frames; the kernel trims what the header doesn't count, but be sure.
    int total = ByteBuffer.wrap(packet).getShort(2) & 0xffff;
    int end = Math.min(total, reception.length());
    if (header < Ipv4Header.LENGTH || header > end) {
      return Optional.empty();
    }
    return Optional.of(
        new VrrpDatagram(
            IpBytes.address(Arrays.copyOfRange(packet, 12, 16)),
            IpBytes.address(Arrays.copyOfRange(packet, 16, 20)),
            packet[8] & 0xff,
            Arrays.copyOfRange(packet, header, end),
            arrived(reception)));
  }

  /** Returns the datagram; empty when the kernel told no hop limit or destination. */
  static Optional<VrrpDatagram> ipv6(Reception reception) {
    var control = ControlMessages.of(reception);
    var hopLimit = control.data(SocketConstants.IPPROTO_IPV6, SocketConstants.IPV6_HOPLIMIT, 4);
    var destination = control.data(SocketConstants.IPPROTO_IPV6, SocketConstants.IPV6_PKTINFO, 16);
    if (hopLimit.isEmpty()
        || destination.isEmpty()
        || reception.addressLength() < Layouts.SOCKADDR_IN6) {
      return Optional.empty();
    }
    byte[] address = new byte[16];
    destination.get().get(address);
    return Optional.of(
        new VrrpDatagram(
            IpBytes.address(Arrays.copyOfRange(reception.address(), 8, 24)),
            IpBytes.address(address),
            hopLimit.get().getInt(),
            Arrays.copyOf(reception.data(), reception.length()),
            arrived(reception)));
  }

  /** In this order: who is held up between the two thinks that it arrived later, not earlier. */
  private static OptionalLong arrived(Reception reception) {
    return Arrival.nanos(reception, Instant.now(), System.nanoTime());
  }
}
