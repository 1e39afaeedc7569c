package io.lvs4j.vrrp.wire;

import io.lvs4j.vrrp.wire.Decoding.Decoded;
import io.lvs4j.vrrp.wire.Decoding.Malformed;
import io.lvs4j.vrrp.wire.Decoding.Reason;
import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * An unsolicited neighbour advertisement (RFC 4861 section 7.2.6): it tells the link where an IPv6
 * address is now.
 *
 * @param sender the card that has the address
 * @param address the address, which is also the packet's source
 * @param router whether the sender forwards packets of others
 */
public record NeighbourAdvertisement(MacAddress sender, Inet6Address address, boolean router) {
  /** The type of the frame. */
  public static final int ETHER_TYPE = 0x86dd;

  /** The length of the frame in bytes. */
  public static final int LENGTH = 86;

  private static final int ETHERNET = 14;
  private static final MacAddress ALL_NODES_MAC = new MacAddress(0x3333_0000_0001L);
  private static final Inet6Address ALL_NODES = (Inet6Address) InetAddress.ofLiteral("ff02::1");
  private static final int ICMPV6 = 58;
  private static final int MESSAGE = 32;
  private static final int TYPE = 136;
  private static final int HOP_LIMIT = 255;
  private static final int ROUTER = 0x80;
  private static final int OVERRIDE = 0x20;
  private static final int TARGET_LINK_LAYER_ADDRESS = 2;

  /** Reads a frame with its Ethernet header. */
  public static Decoding<NeighbourAdvertisement> decode(byte[] bytes, int offset, int length) {
    if (length < LENGTH) {
      return new Malformed<>(Reason.PACKET_LENGTH, length + " bytes (expected: 86 or more)");
    }
    boolean frame =
        MacAddress.read(bytes, offset).equals(ALL_NODES_MAC)
            && Bytes.u16(bytes, offset + 12) == ETHER_TYPE;
    if (!frame) {
      return new Malformed<>(Reason.PROTOCOL, "not an IPv6 frame to all nodes");
    }
    return Ipv6Header.decode(bytes, offset + ETHERNET, length - ETHERNET)
        .then(header -> decode(bytes, offset, header));
  }

  private static Decoding<NeighbourAdvertisement> decode(
      byte[] bytes, int offset, Ipv6Header header) {
    int icmp = offset + ETHERNET + Ipv6Header.LENGTH;
    var sender = MacAddress.read(bytes, offset + MacAddress.LENGTH);
    var target = Bytes.ipv6(bytes, icmp + 8);
    int flags = Bytes.u8(bytes, icmp + 4);
    boolean expected =
        header.nextHeader() == ICMPV6
            && header.hopLimit() == HOP_LIMIT
            && header.payloadLength() == MESSAGE
            && header.destination().equals(ALL_NODES)
            && header.source().equals(target)
            && Bytes.u8(bytes, icmp) == TYPE
            && Bytes.u8(bytes, icmp + 1) == 0
            && (flags & ~ROUTER) == OVERRIDE
            && Bytes.u8(bytes, icmp + 24) == TARGET_LINK_LAYER_ADDRESS
            && Bytes.u8(bytes, icmp + 25) == 1
            && MacAddress.read(bytes, icmp + 26).equals(sender);
    if (!expected) {
      return new Malformed<>(Reason.PROTOCOL, "not an unsolicited neighbour advertisement");
    }
    boolean whole =
        new InternetChecksum()
            .add(bytes, icmp, MESSAGE)
            .addPseudoHeader(header.source(), header.destination(), ICMPV6, MESSAGE)
            .isWhole();
    return whole
        ? new Decoded<>(new NeighbourAdvertisement(sender, target, (flags & ROUTER) != 0))
        : new Malformed<>(Reason.IP_CHECKSUM, "of the ICMPv6 message");
  }

  /** Returns the frame with its Ethernet header. */
  public byte[] encode() {
    byte[] icmp = new byte[MESSAGE];
    Bytes.put8(icmp, 0, TYPE);
    Bytes.put8(icmp, 4, router ? ROUTER | OVERRIDE : OVERRIDE);
    Bytes.put(icmp, 8, address);
    Bytes.put8(icmp, 24, TARGET_LINK_LAYER_ADDRESS);
    Bytes.put8(icmp, 25, 1);
    sender.write(icmp, 26);
    Bytes.put16(
        icmp,
        2,
        new InternetChecksum()
            .add(icmp, 0, MESSAGE)
            .addPseudoHeader(address, ALL_NODES, ICMPV6, MESSAGE)
            .value());
    byte[] packet =
        new Ipv6Header(0, 0, MESSAGE, ICMPV6, HOP_LIMIT, address, ALL_NODES).encode(icmp);
    byte[] frame = new byte[ETHERNET + packet.length];
    ALL_NODES_MAC.write(frame, 0);
    sender.write(frame, MacAddress.LENGTH);
    Bytes.put16(frame, 12, ETHER_TYPE);
    System.arraycopy(packet, 0, frame, ETHERNET, packet.length);
    return frame;
  }
}
