package io.lvs4j.lab.network;

import io.lvs4j.api.host.HardwareAddress;
import io.lvs4j.vrrp.wire.Datagram;
import io.lvs4j.vrrp.wire.Decoding.Decoded;
import io.lvs4j.vrrp.wire.ReceivedAdvert;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** A frame as the switch forwarded it, and when; it is not changed by anybody. */
public final class Frame {
  private static final int IP = 14;
  private static final int MAC = 6;
  private static final int ETHERTYPE_IPV4 = 0x0800;
  private static final int ETHERTYPE_ARP = 0x0806;
  private static final int ETHERTYPE_IPV6 = 0x86dd;
  private static final int VRRP = 112;
  private static final int IPV6_HEADER = 40;
  private static final int ICMPV6 = IP + IPV6_HEADER;
  private static final int NEXT_HEADER_ICMPV6 = 58;
  private static final int NEIGHBOUR_ADVERTISEMENT = 136;

  private final Instant at;
  private final byte[] bytes;

  Frame(Instant at, byte[] bytes) {
    this.at = at;
    this.bytes = bytes;
  }

  /** Returns when it was seen. */
  public Instant at() {
    return at;
  }

  /** Returns the card that it came from. */
  public HardwareAddress sender() {
    return HardwareAddress.of(Arrays.copyOfRange(bytes, MAC, 2 * MAC));
  }

  /** Returns its headers. */
  public Packet packet() {
    return Packet.of(at, bytes);
  }

  /** Returns the advert in it, if it is one that can be read. */
  public Optional<ReceivedAdvert> advert() {
    var datagram =
        switch (etherType()) {
          case ETHERTYPE_IPV4 -> ipv4();
          case ETHERTYPE_IPV6 -> ipv6();
          default -> Optional.<Datagram>empty();
        };
    return datagram
        .map(ReceivedAdvert::decode)
        .flatMap(decoding ->
            decoding instanceof Decoded<ReceivedAdvert>(var advert)
                ? Optional.of(advert)
                : Optional.empty());
  }

  private Optional<Datagram> ipv4() {
    if (unsigned(IP + 9) != VRRP) {
      return Optional.empty();
    }
    int header = (unsigned(IP) & 0xf) * 4;
    int end = IP + ByteBuffer.wrap(bytes).getShort(IP + 2);
    return Optional.of(
        Datagram.of(
            address(IP + 12, 4),
            address(IP + 16, 4),
            unsigned(IP + 8),
            Arrays.copyOfRange(bytes, IP + header, end)));
  }

  private Optional<Datagram> ipv6() {
    if (unsigned(IP + 6) != VRRP) {
      return Optional.empty();
    }
    int end = IP + IPV6_HEADER + ByteBuffer.wrap(bytes).getShort(IP + 4);
    return Optional.of(
        Datagram.of(
            address(IP + 8, 16),
            address(IP + 24, 16),
            unsigned(IP + 7),
            Arrays.copyOfRange(bytes, IP + IPV6_HEADER, end)));
  }

  /** Returns the address that it announces, if it is a gratuitous ARP or unsolicited NA. */
  public Optional<InetAddress> announced() {
    if (etherType() == ETHERTYPE_ARP) {
      var sender = address(IP + 14, 4);
      return Optional.of(sender).filter(address(IP + 24, 4)::equals);
    }
    boolean neighbour =
        etherType() == ETHERTYPE_IPV6
            && unsigned(IP + 6) == NEXT_HEADER_ICMPV6
            && unsigned(ICMPV6) == NEIGHBOUR_ADVERTISEMENT
            && address(IP + 24, 16).isMulticastAddress();
    return neighbour ? Optional.of(address(ICMPV6 + 8, 16)) : Optional.empty();
  }

  private InetAddress address(int offset, int length) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(bytes, offset, offset + length));
    } catch (UnknownHostException impossible) {
      throw new AssertionError("4 or 16 bytes are an address", impossible);
    }
  }

  private int etherType() {
    return ByteBuffer.wrap(bytes).getShort(2 * MAC) & 0xffff;
  }

  private int unsigned(int offset) {
    return bytes[offset] & 0xff;
  }

  /** Returns the time and all bytes. */
  @Override
  public String toString() {
    return at + " " + HexFormat.of().formatHex(bytes);
  }
}
