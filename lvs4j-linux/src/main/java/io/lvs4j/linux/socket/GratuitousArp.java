package io.lvs4j.linux.socket;

import io.lvs4j.api.host.HardwareAddress;
import io.lvs4j.linux.netlink.IpBytes;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** ARP of RFC 826 in Ethernet frames: the announcement of an address, and who else has one. */
final class GratuitousArp {
  static final int LENGTH = 42;
  private static final HardwareAddress BROADCAST = new HardwareAddress(0xffff_ffff_ffffL);
  private static final short ETHERTYPE_ARP = 0x0806;
  private static final int SENDER = 22;

  private GratuitousArp() {}

  /**
   * Returns the frame that says an address is at a station: a request, for more systems take those
   * than replies, with all of the fields as keepalived sends them.
   */
  static byte[] frame(HardwareAddress station, InetAddress address) {
    byte[] ip = address.getAddress();
    return ByteBuffer.allocate(LENGTH)
        .put(BROADCAST.bytes())
        .put(station.bytes())
        .putShort(ETHERTYPE_ARP)
        .putShort((short) 1) // Ethernet
        .putShort((short) 0x0800) // IPv4
        .put((byte) 6)
        .put((byte) 4)
        .putShort((short) 1) // request
        .put(station.bytes())
        .put(ip)
        .put(BROADCAST.bytes())
        .put(ip)
        .array();
  }

  /** Returns who sent a frame; empty when it is no ARP of IPv4 over Ethernet. */
  static Optional<LinkSender> sender(byte[] frame, int length) {
    if (length < LENGTH
        || ByteBuffer.wrap(frame).getShort(12) != ETHERTYPE_ARP
        || ByteBuffer.wrap(frame).getLong(14) >>> 16 != 0x0001_0800_0604L) {
      return Optional.empty();
    }
    return Optional.of(
        new LinkSender(
            HardwareAddress.of(Arrays.copyOfRange(frame, SENDER, SENDER + 6)),
            IpBytes.address(Arrays.copyOfRange(frame, SENDER + 6, SENDER + 10))));
  }
}
