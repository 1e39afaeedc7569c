package io.lvs4j.vrrp.wire;

import io.lvs4j.vrrp.wire.Decoding.Decoded;
import io.lvs4j.vrrp.wire.Decoding.Malformed;
import io.lvs4j.vrrp.wire.Decoding.Reason;
import java.net.Inet4Address;

/**
 * An ARP request that nobody is to answer: it tells the link where an address is now (RFC 5227
 * section 3). The form is keepalived's, with ones as the target's hardware address.
 *
 * @param sender the card that has the address
 * @param address the address
 */
public record GratuitousArp(MacAddress sender, Inet4Address address) {
  /** The type of the frame. */
  public static final int ETHER_TYPE = 0x0806;

  /** The length of the frame in bytes, without the link's padding. */
  public static final int LENGTH = 42;

  private static final int ETHERNET = 14;
  private static final int HARDWARE_ETHERNET = 1;
  private static final int PROTOCOL_IPV4 = 0x0800;
  private static final int REQUEST = 1;

  /** Reads a frame with its Ethernet header. */
  public static Decoding<GratuitousArp> decode(byte[] bytes, int offset, int length) {
    if (length < LENGTH) {
      return new Malformed<>(Reason.PACKET_LENGTH, length + " bytes (expected: 42 or more)");
    }
    int arp = offset + ETHERNET;
    var sender = MacAddress.read(bytes, arp + 8);
    boolean expected =
        MacAddress.read(bytes, offset).equals(MacAddress.BROADCAST)
            && MacAddress.read(bytes, offset + MacAddress.LENGTH).equals(sender)
            && Bytes.u16(bytes, offset + 12) == ETHER_TYPE
            && Bytes.u16(bytes, arp) == HARDWARE_ETHERNET
            && Bytes.u16(bytes, arp + 2) == PROTOCOL_IPV4
            && Bytes.u8(bytes, arp + 4) == MacAddress.LENGTH
            && Bytes.u8(bytes, arp + 5) == 4
            && Bytes.u16(bytes, arp + 6) == REQUEST
            && MacAddress.read(bytes, arp + 18).equals(MacAddress.BROADCAST)
            && Bytes.u32(bytes, arp + 14) == Bytes.u32(bytes, arp + 24);
    return expected
        ? new Decoded<>(new GratuitousArp(sender, Bytes.ipv4(bytes, arp + 14)))
        : new Malformed<>(Reason.PROTOCOL, "not a gratuitous ARP request");
  }

  /** Returns the frame with its Ethernet header. */
  public byte[] encode() {
    byte[] bytes = new byte[LENGTH];
    MacAddress.BROADCAST.write(bytes, 0);
    sender.write(bytes, MacAddress.LENGTH);
    Bytes.put16(bytes, 12, ETHER_TYPE);
    Bytes.put16(bytes, ETHERNET, HARDWARE_ETHERNET);
    Bytes.put16(bytes, ETHERNET + 2, PROTOCOL_IPV4);
    Bytes.put8(bytes, ETHERNET + 4, MacAddress.LENGTH);
    Bytes.put8(bytes, ETHERNET + 5, 4);
    Bytes.put16(bytes, ETHERNET + 6, REQUEST);
    sender.write(bytes, ETHERNET + 8);
    Bytes.put(bytes, ETHERNET + 14, address);
    MacAddress.BROADCAST.write(bytes, ETHERNET + 18);
    Bytes.put(bytes, ETHERNET + 24, address);
    return bytes;
  }
}
