package io.lvs4j.linux.netlink;

import io.lvs4j.linux.netlink.Decoding.Decoded;
import io.lvs4j.linux.netlink.Decoding.Malformed;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A route, {@code struct rtmsg}.
 *
 * @param destination where to; empty for the default route
 * @param prefixLength the length of the destination's prefix
 * @param gateway the next hop, if there is one
 * @param interfaceIndex where it leaves, if it does
 * @param preferredSource the address that new connections get, if the route says so
 * @param table 254 is main, 255 local
 * @param type 1 unicast, 2 local, 3 broadcast
 */
public record Route(
    Optional<InetAddress> destination,
    int prefixLength,
    Optional<InetAddress> gateway,
    OptionalInt interfaceIndex,
    Optional<InetAddress> preferredSource,
    int table,
    int type) {

  static final int RTM_GETROUTE = 26;
  static final int HEADER = 12;
  static final int RTA_DST = 1;
  static final int RTA_OIF = 4;
  static final int RTA_GATEWAY = 5;
  static final int RTA_PREFSRC = 7;
  static final int RTA_TABLE = 15;

  static Decoding<Route> decode(NetlinkMessage message) {
    byte[] payload = message.payload();
    if (payload.length < HEADER) {
      return new Malformed<>("route: " + payload.length + " bytes (expected: 12 or more)");
    }
    return Attributes.decode(payload, HEADER)
        .then(attributes -> {
          var header = ByteBuffer.wrap(payload).order(ByteOrder.nativeOrder());
          return new Decoded<>(
              new Route(
                  address(attributes, RTA_DST),
                  header.get(1) & 0xff,
                  address(attributes, RTA_GATEWAY),
                  attributes.number(RTA_OIF),
                  address(attributes, RTA_PREFSRC),
                  attributes.number(RTA_TABLE).orElse(header.get(4) & 0xff),
                  header.get(7) & 0xff));
        });
  }

  private static Optional<InetAddress> address(Attributes attributes, int type) {
    return attributes
        .bytes(type)
        .filter(bytes -> bytes.length == 4 || bytes.length == 16)
        .map(IpBytes::address);
  }

  static byte[] query() {
    return new byte[HEADER];
  }
}
