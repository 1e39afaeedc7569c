package io.lvs4j.vrrp.wire;

import io.lvs4j.vrrp.wire.Decoding.Decoded;
import io.lvs4j.vrrp.wire.Decoding.Malformed;
import io.lvs4j.vrrp.wire.Decoding.Reason;
import java.net.InetAddress;
import java.util.Arrays;

/** An IP packet of VRRP's protocol: where from, where to, with what TTL, and its payload. */
public final class Datagram {
  private static final int IP_AUTHENTICATION_HEADER = 51;

  private final InetAddress source;
  private final InetAddress destination;
  private final int timeToLive;
  private final byte[] payload;

  private Datagram(InetAddress source, InetAddress destination, int timeToLive, byte[] payload) {
    this.source = source;
    this.destination = destination;
    this.timeToLive = timeToLive;
    this.payload = payload;
  }

  /** Returns a datagram of parts, as an IPv6 raw socket gives them; the payload is copied. */
  public static Datagram of(
      InetAddress source, InetAddress destination, int hopLimit, byte[] payload) {
    return new Datagram(source, destination, hopLimit, payload.clone());
  }

  /** Reads a packet with its IPv4 header, as an IPv4 raw socket gives it. */
  public static Decoding<Datagram> ofIpv4(byte[] packet, int offset, int length) {
    return Ipv4Header.decode(packet, offset, length)
        .then(header -> {
          if (header.protocol() != Advert.PROTOCOL) {
            return otherProtocol(header.protocol());
          }
          return new Decoded<>(
              new Datagram(
                  header.source(),
                  header.destination(),
                  header.timeToLive(),
                  Arrays.copyOfRange(
                      packet, offset + header.headerLength(), offset + header.totalLength())));
        });
  }

  /** Reads a packet with its IPv6 header, as a packet socket gives it. */
  public static Decoding<Datagram> ofIpv6(byte[] packet, int offset, int length) {
    return Ipv6Header.decode(packet, offset, length)
        .then(header -> {
          if (header.nextHeader() != Advert.PROTOCOL) {
            return otherProtocol(header.nextHeader());
          }
          int begin = offset + Ipv6Header.LENGTH;
          return new Decoded<>(
              new Datagram(
                  header.source(),
                  header.destination(),
                  header.hopLimit(),
                  Arrays.copyOfRange(packet, begin, begin + header.payloadLength())));
        });
  }

  private static Decoding<Datagram> otherProtocol(int protocol) {
    return protocol == IP_AUTHENTICATION_HEADER
        ? new Malformed<>(
            Reason.AUTHENTICATION_HEADER, "IP protocol 51, AH (expected: 112; AH is not spoken)")
        : new Malformed<>(Reason.PROTOCOL, protocol + " (expected: 112)");
  }

  /** Returns where it comes from. */
  public InetAddress source() {
    return source;
  }

  /** Returns where it goes. */
  public InetAddress destination() {
    return destination;
  }

  /** Returns the TTL or hop limit with which it arrived. */
  public int timeToLive() {
    return timeToLive;
  }

  /** Returns the length of the payload in bytes. */
  public int length() {
    return payload.length;
  }

  /** Returns the payload itself, for this package's decoders. */
  byte[] payload() {
    return payload;
  }
}
