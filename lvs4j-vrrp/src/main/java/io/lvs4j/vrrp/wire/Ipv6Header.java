package io.lvs4j.vrrp.wire;

import io.lvs4j.vrrp.wire.Decoding.Decoded;
import io.lvs4j.vrrp.wire.Decoding.Malformed;
import io.lvs4j.vrrp.wire.Decoding.Reason;
import java.net.Inet6Address;

/**
 * The header of an IPv6 packet (RFC 8200).
 *
 * @param trafficClass 8 bits
 * @param flowLabel 20 bits
 * @param payloadLength what follows, in bytes
 * @param nextHeader the protocol of what follows
 * @param hopLimit 8 bits
 * @param source where it comes from
 * @param destination where it goes
 */
public record Ipv6Header(
    int trafficClass,
    int flowLabel,
    int payloadLength,
    int nextHeader,
    int hopLimit,
    Inet6Address source,
    Inet6Address destination) {

  /** The length of the header in bytes. */
  public static final int LENGTH = 40;

  /** Reads a header; what follows the packet's own length is padding of the link. */
  public static Decoding<Ipv6Header> decode(byte[] bytes, int offset, int length) {
    if (length < LENGTH) {
      return new Malformed<>(Reason.PACKET_LENGTH, length + " bytes (expected: 40 or more)");
    }
    long first = Bytes.u32(bytes, offset);
    if (first >>> 28 != 6) {
      return new Malformed<>(Reason.IP_HEADER, "version " + (first >>> 28));
    }
    int payloadLength = Bytes.u16(bytes, offset + 4);
    if (payloadLength > length - LENGTH) {
      return new Malformed<>(
          Reason.PACKET_LENGTH, "payload length " + payloadLength + " of " + (length - LENGTH));
    }
    return new Decoded<>(
        new Ipv6Header(
            (int) (first >>> 20) & 0xff,
            (int) first & 0xfffff,
            payloadLength,
            Bytes.u8(bytes, offset + 6),
            Bytes.u8(bytes, offset + 7),
            Bytes.ipv6(bytes, offset + 8),
            Bytes.ipv6(bytes, offset + 24)));
  }

  /** Returns the packet: this header and the payload. */
  public byte[] encode(byte[] payload) {
    byte[] packet = new byte[LENGTH + payload.length];
    Bytes.put32(packet, 0, 6L << 28 | (long) trafficClass << 20 | flowLabel);
    Bytes.put16(packet, 4, payload.length);
    Bytes.put8(packet, 6, nextHeader);
    Bytes.put8(packet, 7, hopLimit);
    Bytes.put(packet, 8, source);
    Bytes.put(packet, 24, destination);
    System.arraycopy(payload, 0, packet, LENGTH, payload.length);
    return packet;
  }
}
