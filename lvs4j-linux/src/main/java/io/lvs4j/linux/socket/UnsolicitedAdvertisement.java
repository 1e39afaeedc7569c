package io.lvs4j.linux.socket;

import io.lvs4j.api.host.HardwareAddress;
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
  private static final byte[] ALL_NODES = {
    (byte) 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1
  };
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
            .put(ALL_NODES)
            .put(TYPE)
            .put((byte) 0)
            .putShort((short) 0)
            .putInt(OVERRIDE | (router ? ROUTER : 0))
            .put(ip)
            .put((byte) 2) // the target's link-layer address
            .put((byte) 1) // of eight bytes, this header included
            .put(station.bytes());
    frame.putShort(ICMPV6 + 2, checksum(frame.array()));
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

  /** Returns the checksum with the pseudo header of RFC 8200 §8.1. */
  private static short checksum(byte[] frame) {
    var summed =
        ByteBuffer.allocate(40 + ICMPV6_LENGTH)
            .put(frame, IPV6 + 8, 32)
            .putInt(ICMPV6_LENGTH)
            .putInt(NEXT_HEADER_ICMPV6)
            .put(frame, ICMPV6, ICMPV6_LENGTH);
    return InternetChecksum.of(summed.array(), 0, summed.capacity());
  }
}
