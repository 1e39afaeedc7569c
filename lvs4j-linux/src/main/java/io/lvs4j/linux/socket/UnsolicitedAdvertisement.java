package io.lvs4j.linux.socket;

import io.lvs4j.api.host.HardwareAddress;
import io.lvs4j.api.host.InternetChecksum;
import io.lvs4j.linux.netlink.IpBytes;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Neighbour advertisements of RFC 4861 in Ethernet frames: IPv6's announcement of an address, and
 * who else has one.
 */
final class UnsolicitedAdvertisement {
  static final int LENGTH = 86;
  private static final HardwareAddress ALL_NODES_STATION = new HardwareAddress(0x3333_0000_0001L);
  private static final InetAddress ALL_NODES = InetAddress.ofLiteral("ff02::1");
  private static final short ETHERTYPE_IPV6 = (short) 0x86dd;
  private static final int IPV6 = 14;
  private static final int ICMPV6 = 54;
  private static final int ICMPV6_LENGTH = 32;
  private static final int TARGET = 62;
  private static final byte NEXT_HEADER_ICMPV6 = 58;
  private static final byte TYPE = (byte) 136;
  private static final int OVERRIDE = 0x2000_0000;
  private static final int ROUTER = 0x8000_0000;

  private UnsolicitedAdvertisement() {}

  /**
   * Returns the frame that says an address is at a station.
   *
   * @param router whether this host forwards: a host that says so gets into its neighbours' lists
   *     of routers, and one that has been there and doesn't say so gets out (RFC 4861 §7.2.5)
   */
  static byte[] frame(HardwareAddress station, InetAddress address, boolean router) {
    byte[] ip = address.getAddress();
    var frame =
        ByteBuffer.allocate(LENGTH)
            .put(ALL_NODES_STATION.bytes())
            .put(station.bytes())
            .putShort(ETHERTYPE_IPV6)
            .putInt(0x6000_0000)
            .putShort((short) ICMPV6_LENGTH)
            .put(NEXT_HEADER_ICMPV6)
            .put((byte) 255)
            .put(ip)
            .put(ALL_NODES.getAddress())
            .put(TYPE)
            .put((byte) 0)
            .putShort((short) 0)
            .putInt(OVERRIDE | (router ? ROUTER : 0))
            .put(ip)
            .put((byte) 2) // the target's link-layer address
            .put((byte) 1) // of eight bytes, this header included
            .put(station.bytes());
    int checksum =
        new InternetChecksum()
            .add(frame.array(), ICMPV6, ICMPV6_LENGTH)
            .addPseudoHeader(address, ALL_NODES, NEXT_HEADER_ICMPV6, ICMPV6_LENGTH)
            .value();
    frame.putShort(ICMPV6 + 2, (short) checksum);
    return frame.array();
  }

  /** Returns who sent a frame; empty when it is no neighbour advertisement. */
  static Optional<LinkSender> sender(byte[] frame, int length) {
    if (length < TARGET + 16
        || ByteBuffer.wrap(frame).getShort(12) != ETHERTYPE_IPV6
        || frame[IPV6 + 6] != NEXT_HEADER_ICMPV6
        || frame[ICMPV6] != TYPE) {
      return Optional.empty();
    }
    return Optional.of(
        new LinkSender(
            HardwareAddress.of(Arrays.copyOfRange(frame, 6, 12)),
            IpBytes.address(Arrays.copyOfRange(frame, TARGET, TARGET + 16))));
  }
}
