package io.lvs4j.lab.network;

import io.lvs4j.vrrp.wire.Datagram;
import io.lvs4j.vrrp.wire.Decoding;
import io.lvs4j.vrrp.wire.Decoding.Decoded;
import io.lvs4j.vrrp.wire.GratuitousArp;
import io.lvs4j.vrrp.wire.MacAddress;
import io.lvs4j.vrrp.wire.NeighbourAdvertisement;
import io.lvs4j.vrrp.wire.ReceivedAdvert;
import java.net.InetAddress;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/** A frame as the switch forwarded it, and when; it is not changed by anybody. */
public final class Frame {
  private static final int ETHERNET = 14;
  private static final int MAC = 6;
  private static final int IPV4 = 0x0800;
  private static final int IPV6 = 0x86dd;

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
  public MacAddress sender() {
    return new MacAddress(Long.parseLong(HexFormat.of().formatHex(bytes, MAC, 2 * MAC), 16));
  }

  /** Returns the advert in it, if it is one that can be read. */
  public Optional<ReceivedAdvert> advert() {
    Decoding<Datagram> datagram =
        switch (etherType()) {
          case IPV4 -> Datagram.ofIpv4(bytes, ETHERNET, bytes.length - ETHERNET);
          case IPV6 -> Datagram.ofIpv6(bytes, ETHERNET, bytes.length - ETHERNET);
          default -> new Decoding.Malformed<>(Decoding.Reason.PROTOCOL, "not IP");
        };
    return datagram.then(ReceivedAdvert::decode) instanceof Decoded<ReceivedAdvert>(var advert)
        ? Optional.of(advert)
        : Optional.empty();
  }

  /** Returns the address that it announces, if it is a gratuitous ARP or unsolicited NA. */
  public Optional<InetAddress> announced() {
    if (GratuitousArp.decode(bytes, 0, bytes.length) instanceof Decoded<GratuitousArp>(var arp)) {
      return Optional.of(arp.address());
    }
    return NeighbourAdvertisement.decode(bytes, 0, bytes.length)
            instanceof Decoded<NeighbourAdvertisement>(var neighbour)
        ? Optional.of(neighbour.address())
        : Optional.empty();
  }

  private int etherType() {
    return ((bytes[12] & 0xff) << 8) | (bytes[13] & 0xff);
  }

  /** Returns the time and all bytes. */
  @Override
  public String toString() {
    return at + " " + HexFormat.of().formatHex(bytes);
  }
}
