package io.lvs4j.vrrp.wire;

import io.lvs4j.vrrp.wire.Decoding.Decoded;
import io.lvs4j.vrrp.wire.Decoding.Malformed;
import io.lvs4j.vrrp.wire.Decoding.Reason;
import java.net.Inet4Address;

/**
 * The header of an IPv4 packet (RFC 791), without options.
 *
 * @param typeOfService DSCP and ECN, 8 bits
 * @param headerLength in bytes, options included; 20 when sent
 * @param totalLength header and payload in bytes
 * @param identification 16 bits
 * @param timeToLive 8 bits
 * @param protocol 8 bits
 * @param source where it comes from
 * @param destination where it goes
 */
public record Ipv4Header(
    int typeOfService,
    int headerLength,
    int totalLength,
    int identification,
    int timeToLive,
    int protocol,
    Inet4Address source,
    Inet4Address destination) {

  /** The length of a header without options, in bytes. */
  public static final int LENGTH = 20;

  /** DSCP CS6, network control: what routing protocols travel with. */
  public static final int INTERNETWORK_CONTROL = 0xc0;

  private static final int MORE_FRAGMENTS_AND_OFFSET = 0x3fff;

  /** Reads a header; what follows the packet's own total length is padding of the link. */
  public static Decoding<Ipv4Header> decode(byte[] bytes, int offset, int length) {
    if (length < LENGTH) {
      return new Malformed<>(Reason.PACKET_LENGTH, length + " bytes (expected: 20 or more)");
    }
    int first = Bytes.u8(bytes, offset);
    int headerLength = (first & 0xf) * 4;
    if (first >> 4 != 4 || headerLength < LENGTH) {
      return new Malformed<>(Reason.IP_HEADER, "begins with " + first);
    }
    int totalLength = Bytes.u16(bytes, offset + 2);
    if (totalLength > length || totalLength < headerLength) {
      return new Malformed<>(
          Reason.PACKET_LENGTH, "total length " + totalLength + " of " + length + " bytes");
    }
    if (!new InternetChecksum().add(bytes, offset, headerLength).isWhole()) {
      return new Malformed<>(Reason.IP_CHECKSUM, "of the IPv4 header");
    }
    if ((Bytes.u16(bytes, offset + 6) & MORE_FRAGMENTS_AND_OFFSET) != 0) {
      return new Malformed<>(Reason.IP_HEADER, "a fragment");
    }
    return new Decoded<>(
        new Ipv4Header(
            Bytes.u8(bytes, offset + 1),
            headerLength,
            totalLength,
            Bytes.u16(bytes, offset + 4),
            Bytes.u8(bytes, offset + 8),
            Bytes.u8(bytes, offset + 9),
            Bytes.ipv4(bytes, offset + 12),
            Bytes.ipv4(bytes, offset + 16)));
  }

  /** Returns the header of an advert with this much payload. */
  public static Ipv4Header ofAdvert(
      Inet4Address source,
      Inet4Address destination,
      int identification,
      int timeToLive,
      int payloadLength) {
    return new Ipv4Header(
        INTERNETWORK_CONTROL,
        LENGTH,
        LENGTH + payloadLength,
        identification & 0xffff,
        timeToLive,
        Advert.PROTOCOL,
        source,
        destination);
  }

  /** Returns the packet: this header, without options and fragmentation, and the payload. */
  public byte[] encode(byte[] payload) {
    byte[] packet = new byte[LENGTH + payload.length];
    Bytes.put8(packet, 0, 4 << 4 | LENGTH / 4);
    Bytes.put8(packet, 1, typeOfService);
    Bytes.put16(packet, 2, packet.length);
    Bytes.put16(packet, 4, identification);
    Bytes.put8(packet, 8, timeToLive);
    Bytes.put8(packet, 9, protocol);
    Bytes.put(packet, 12, source);
    Bytes.put(packet, 16, destination);
    Bytes.put16(packet, 10, new InternetChecksum().add(packet, 0, LENGTH).value());
    System.arraycopy(payload, 0, packet, LENGTH, payload.length);
    return packet;
  }
}
