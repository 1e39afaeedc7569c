package io.lvs4j.vrrp.wire;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.vrrp.wire.Decoding.Decoded;
import io.lvs4j.vrrp.wire.Decoding.Malformed;
import io.lvs4j.vrrp.wire.Decoding.Reason;
import java.util.Optional;

/**
 * An advert as it came: the packet around it and the signature behind it.
 *
 * @param datagram the packet
 * @param advert what it says
 * @param signature keepalived's trailer, when there is one; not verified yet
 */
public record ReceivedAdvert(Datagram datagram, Advert advert, Optional<HmacTrailer> signature) {
  private static final int HEADER = 8;

  /** Reads the advert of a packet. */
  public static Decoding<ReceivedAdvert> decode(Datagram datagram) {
    byte[] bytes = datagram.payload();
    if (bytes.length < HEADER) {
      return new Malformed<>(Reason.PACKET_LENGTH, bytes.length + " bytes (expected: 8 or more)");
    }
    int version = Bytes.u8(bytes, 0) >> 4;
    if (version != 2 && version != 3) {
      return new Malformed<>(Reason.VERSION, version + " (expected: 2 or 3)");
    }
    int type = Bytes.u8(bytes, 0) & 0xf;
    if (type != Advert.TYPE) {
      return new Malformed<>(Reason.TYPE, type + " (expected: 1)");
    }
    var family = AddressFamily.of(datagram.source());
    if (version == 2 && family == AddressFamily.IPV6) {
      return new Malformed<>(Reason.VERSION, "2 over IPv6 (expected: 3)");
    }
    int expected =
        version == 2 ? VrrpV2.expectedLength(bytes, 0) : VrrpV3.expectedLength(bytes, 0, family);
    if (bytes.length != expected && bytes.length != expected + HmacTrailer.LENGTH) {
      return new Malformed<>(
          Reason.PACKET_LENGTH,
          bytes.length + " bytes (expected: " + expected + ", or 28 more if signed)");
    }
    var advert =
        version == 2
            ? VrrpV2.decode(bytes, 0, expected)
            : VrrpV3.decode(bytes, 0, expected, datagram.source(), datagram.destination());
    if (bytes.length == expected) {
      return advert.then(
          value -> new Decoded<>(new ReceivedAdvert(datagram, value, Optional.empty())));
    }
    return advert.then(value ->
        HmacTrailer.decode(bytes, expected)
            .then(trailer ->
                new Decoded<>(new ReceivedAdvert(datagram, value, Optional.of(trailer)))));
  }
}
