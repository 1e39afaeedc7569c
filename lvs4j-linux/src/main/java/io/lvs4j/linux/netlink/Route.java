package io.lvs4j.linux.netlink;

import io.lvs4j.api.Endpoint;
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

  /** The main table. */
  public static final int MAIN = 254;

  /** To one host or network. */
  public static final int UNICAST = 1;

  /**
   * Who made the routes of this library, as {@code ip route} shows it: the number of VRRP among the
   * protocols of IP. Nobody else has it in iproute2's rt_protos.
   */
  public static final int ORIGIN = 112;

  static final int RTM_NEWROUTE = 24;
  static final int RTM_DELROUTE = 25;
  static final int RTM_GETROUTE = 26;
  private static final int RT_SCOPE_LINK = 253;
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

  /**
   * Returns the route to a network that an interface reaches without a gateway.
   *
   * @param network any address of the network
   * @param source the address that new connections get; the route ends with it
   */
  public static Route connected(
      InetAddress network, int prefixLength, int interfaceIndex, InetAddress source) {
    return new Route(
        Optional.of(masked(network, prefixLength)),
        prefixLength,
        Optional.empty(),
        OptionalInt.of(interfaceIndex),
        Optional.of(source),
        MAIN,
        UNICAST);
  }

  /** Returns the address of the network that an address is in. */
  public static InetAddress masked(InetAddress address, int prefixLength) {
    byte[] bytes = address.getAddress();
    for (int bit = prefixLength; bit < bytes.length * Byte.SIZE; bit++) {
      bytes[bit / Byte.SIZE] &= (byte) ~(0x80 >> (bit % Byte.SIZE));
    }
    return IpBytes.address(bytes);
  }

  /** Returns the payload that makes or deletes it, as a route of {@link #ORIGIN}. */
  byte[] encode() {
    var target = destination.orElseThrow();
    var attributes = Attributes.none().with(RTA_DST, target.getAddress());
    if (preferredSource.isPresent()) {
      attributes = attributes.with(RTA_PREFSRC, preferredSource.get().getAddress());
    }
    byte[] tail = attributes.with(RTA_OIF, interfaceIndex.orElseThrow()).encode();
    return ByteBuffer.allocate(HEADER + tail.length)
        .order(ByteOrder.nativeOrder())
        .put((byte) InterfaceAddress.family(target))
        .put((byte) prefixLength)
        .put((byte) 0)
        .put((byte) 0)
        .put((byte) table)
        .put((byte) ORIGIN)
        .put((byte) RT_SCOPE_LINK)
        .put((byte) type)
        .putInt(0)
        .put(tail)
        .array();
  }

  @Override
  public String toString() {
    return destination.map(Endpoint::literal).orElse("default")
        + "/"
        + prefixLength
        + " on interface "
        + interfaceIndex.orElse(0);
  }

  static byte[] query() {
    return new byte[HEADER];
  }
}
