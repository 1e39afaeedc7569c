package io.lvs4j.linux.netlink;

import io.lvs4j.api.host.HardwareAddress;
import io.lvs4j.linux.netlink.Decoding.Decoded;
import io.lvs4j.linux.netlink.Decoding.Malformed;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A network interface, {@code struct ifinfomsg}.
 *
 * @param index the kernel's number for it
 * @param name its name
 * @param flags IFF_UP, IFF_RUNNING and the like
 * @param mtu the largest packet, in bytes
 * @param operationalState as RFC 2863 has it: 6 is up, 0 unknown
 * @param hardwareAddress its Ethernet address, if it is an Ethernet
 */
public record Link(
    int index,
    String name,
    int flags,
    int mtu,
    int operationalState,
    Optional<HardwareAddress> hardwareAddress) {

  static final int RTM_NEWLINK = 16;
  static final int RTM_DELLINK = 17;
  static final int RTM_GETLINK = 18;
  static final int HEADER = 16;
  static final int IFLA_ADDRESS = 1;
  static final int IFLA_IFNAME = 3;
  static final int IFLA_MTU = 4;
  static final int IFLA_OPERSTATE = 16;
  static final int IFF_UP = 0x1;
  static final int IFF_RUNNING = 0x40;
  private static final int ARPHRD_ETHER = 1;

  /** Says whether somebody has set it up. */
  public boolean isAdministrativelyUp() {
    return (flags & IFF_UP) != 0;
  }

  /** Says whether it can carry packets: the kernel's RUNNING flag, which follows the carrier. */
  public boolean isRunning() {
    return (flags & IFF_RUNNING) != 0;
  }

  static Decoding<Link> decode(NetlinkMessage message) {
    byte[] payload = message.payload();
    if (payload.length < HEADER) {
      return new Malformed<>("link: " + payload.length + " bytes (expected: 16 or more)");
    }
    return Attributes.decode(payload, HEADER)
        .then(attributes -> {
          var header = ByteBuffer.wrap(payload).order(ByteOrder.nativeOrder());
          var name = attributes.text(IFLA_IFNAME);
          if (name.isEmpty()) {
            return new Malformed<>("link: no IFLA_IFNAME (expected: one)");
          }
          boolean ethernet = (header.getShort(2) & 0xffff) == ARPHRD_ETHER;
          return new Decoded<>(
              new Link(
                  header.getInt(4),
                  name.get(),
                  header.getInt(8),
                  attributes.number(IFLA_MTU).orElse(0),
                  attributes.number(IFLA_OPERSTATE).orElse(0),
                  attributes
                      .bytes(IFLA_ADDRESS)
                      .filter(bytes -> ethernet && bytes.length == 6)
                      .map(HardwareAddress::of)));
        });
  }

  /** Returns the payload that asks for a link by name, or for all. */
  static byte[] query(Optional<String> name) {
    var attributes = Attributes.none();
    if (name.isPresent()) {
      attributes = attributes.with(IFLA_IFNAME, name.get());
    }
    return payload(0, 0, 0, attributes);
  }

  /** Returns the payload that sets a link up. */
  static byte[] up(int index) {
    return payload(index, IFF_UP, IFF_UP, Attributes.none());
  }

  /** Returns the payload that sets a link down. */
  static byte[] down(int index) {
    return payload(index, 0, IFF_UP, Attributes.none());
  }

  static byte[] payload(int index, int flags, int change, Attributes attributes) {
    byte[] tail = attributes.encode();
    return ByteBuffer.allocate(HEADER + tail.length)
        .order(ByteOrder.nativeOrder())
        .putInt(0)
        .putInt(index)
        .putInt(flags)
        .putInt(change)
        .put(tail)
        .array();
  }
}
