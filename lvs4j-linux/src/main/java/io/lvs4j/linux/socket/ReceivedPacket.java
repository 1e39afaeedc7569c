package io.lvs4j.linux.socket;

import io.lvs4j.linux.kernel.Layouts;
import io.lvs4j.linux.kernel.Reception;
import io.lvs4j.linux.kernel.SocketConstants;
import io.lvs4j.linux.netlink.IpBytes;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

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
            Arrays.copyOfRange(packet, header, end)));
  }

  /** Returns the datagram; empty when the kernel told no hop limit or destination. */
  static Optional<VrrpDatagram> ipv6(Reception reception) {
    int hopLimit = -1;
    InetAddress destination = null;
    var control =
        ByteBuffer.wrap(reception.control(), 0, reception.controlLength())
            .order(ByteOrder.nativeOrder());
    int at = 0;
    while (control.limit() - at >= Layouts.CMSGHDR) {
      long length = control.getLong(at);
      if (length < Layouts.CMSGHDR || length > control.limit() - at) {
        break;
      }
      int type = control.getInt(at + Layouts.CMSGHDR_TYPE);
      int data = at + Layouts.CMSGHDR;
      int dataLength = (int) length - Layouts.CMSGHDR;
      if (control.getInt(at + Layouts.CMSGHDR_LEVEL) == SocketConstants.IPPROTO_IPV6) {
        if (type == SocketConstants.IPV6_HOPLIMIT && dataLength >= 4) {
          hopLimit = control.getInt(data);
        } else if (type == SocketConstants.IPV6_PKTINFO && dataLength >= 16) {
          destination = IpBytes.address(Arrays.copyOfRange(reception.control(), data, data + 16));
        }
      }
      at += ((int) length + 7) & ~7;
    }
    if (hopLimit < 0 || destination == null || reception.addressLength() < Layouts.SOCKADDR_IN6) {
      return Optional.empty();
    }
    return Optional.of(
        new VrrpDatagram(
            IpBytes.address(Arrays.copyOfRange(reception.address(), 8, 24)),
            destination,
            hopLimit,
            Arrays.copyOf(reception.data(), reception.length())));
  }
}
