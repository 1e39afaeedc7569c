package io.lvs4j.linux.netlink;

import io.lvs4j.api.Endpoint;
import io.lvs4j.linux.kernel.SocketConstants;
import io.lvs4j.linux.netlink.Decoding.Decoded;
import io.lvs4j.linux.netlink.Decoding.Malformed;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * An address of an interface, {@code struct ifaddrmsg}.
 *
 * @param interfaceIndex which interface
 * @param address the address itself
 * @param prefixLength the length of its network's prefix
 * @param scope 0 global, 200 site, 253 link, 254 host
 * @param flags IFA_F_NODAD and the like
 * @param label its alias, IPv4 only
 * @param lifetime how long it lives
 */
public record InterfaceAddress(
    int interfaceIndex,
    InetAddress address,
    int prefixLength,
    int scope,
    int flags,
    Optional<String> label,
    Lifetime lifetime) {

  /** No duplicate address detection. */
  public static final int IFA_F_NODAD = 0x2;

  /** It draws no network of its own; IPv6 only. */
  public static final int IFA_F_NOPREFIXROUTE = 0x200;

  static final int RTM_NEWADDR = 20;
  static final int RTM_DELADDR = 21;
  static final int RTM_GETADDR = 22;
  static final int HEADER = 8;
  static final int IFA_ADDRESS = 1;
  static final int IFA_LOCAL = 2;
  static final int IFA_LABEL = 3;
  static final int IFA_CACHEINFO = 6;
  static final int IFA_FLAGS = 8;
  static final int CACHEINFO = 16;

  static Decoding<InterfaceAddress> decode(NetlinkMessage message) {
    byte[] payload = message.payload();
    if (payload.length < HEADER) {
      return new Malformed<>("address: " + payload.length + " bytes (expected: 8 or more)");
    }
    return Attributes.decode(payload, HEADER).then(attributes -> decode(payload, attributes));
  }

  private static Decoding<InterfaceAddress> decode(byte[] payload, Attributes attributes) {
    var header = ByteBuffer.wrap(payload).order(ByteOrder.nativeOrder());
    // IFA_ADDRESS is the peer on a point-to-point link, and then IFA_LOCAL is ours.
    var bytes = attributes.bytes(IFA_LOCAL).or(() -> attributes.bytes(IFA_ADDRESS));
    int expected = addressLength(header.get(0));
    if (bytes.isEmpty() || bytes.get().length != expected) {
      return new Malformed<>(
          "address: "
              + bytes.map(b -> b.length + " bytes").orElse("none")
              + " (expected: "
              + expected
              + " bytes)");
    }
    var lifetime =
        attributes
            .bytes(IFA_CACHEINFO)
            .filter(info -> info.length >= CACHEINFO)
            .map(info -> {
              var seconds = ByteBuffer.wrap(info).order(ByteOrder.nativeOrder());
              return Lifetime.ofSeconds(seconds.getInt(), seconds.getInt());
            })
            .orElse(Lifetime.FOREVER);
    return new Decoded<>(
        new InterfaceAddress(
            header.getInt(4),
            IpBytes.address(bytes.get()),
            header.get(1) & 0xff,
            header.get(3) & 0xff,
            attributes.number(IFA_FLAGS).orElse(header.get(2) & 0xff),
            attributes.text(IFA_LABEL),
            lifetime));
  }

  byte[] encode() {
    byte[] bytes = address.getAddress();
    var attributes =
        Attributes.none().with(IFA_LOCAL, bytes).with(IFA_ADDRESS, bytes).with(IFA_FLAGS, flags);
    if (label.isPresent()) {
      attributes = attributes.with(IFA_LABEL, label.get());
    }
    attributes =
        attributes.with(
            IFA_CACHEINFO,
            ByteBuffer.allocate(CACHEINFO)
                .order(ByteOrder.nativeOrder())
                .putInt(lifetime.preferredSeconds())
                .putInt(lifetime.validSeconds())
                .array());
    byte[] tail = attributes.encode();
    return header(tail.length).put(tail).array();
  }

  /** Returns the payload that deletes it: which one it is, and nothing about how it lives. */
  byte[] encodeKey() {
    byte[] bytes = address.getAddress();
    byte[] tail = Attributes.none().with(IFA_LOCAL, bytes).with(IFA_ADDRESS, bytes).encode();
    return header(tail.length).put(tail).array();
  }

  private ByteBuffer header(int tail) {
    return ByteBuffer.allocate(HEADER + tail)
        .order(ByteOrder.nativeOrder())
        .put((byte) family(address))
        .put((byte) prefixLength)
        .put((byte) flags)
        .put((byte) scope)
        .putInt(interfaceIndex);
  }

  static int family(InetAddress address) {
    return address instanceof Inet6Address ? SocketConstants.AF_INET6 : SocketConstants.AF_INET;
  }

  private static int addressLength(int family) {
    return family == SocketConstants.AF_INET6 ? 16 : 4;
  }

  @Override
  public String toString() {
    return Endpoint.literal(address) + "/" + prefixLength + " on interface " + interfaceIndex;
  }
}
