package io.lvs4j.linux.netlink;

import io.lvs4j.api.host.HardwareAddress;
import io.lvs4j.linux.netlink.Decoding.Decoded;
import io.lvs4j.linux.netlink.Decoding.Malformed;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * What the kernel believes of a neighbour on a link, {@code struct ndmsg}: an entry of the ARP or
 * neighbour discovery cache.
 *
 * @param interfaceIndex on which link
 * @param address the neighbour
 * @param hardwareAddress where it is, if that is known
 * @param state NUD_REACHABLE (2), NUD_STALE (4) and the like
 */
public record Neighbour(
    int interfaceIndex, InetAddress address, Optional<HardwareAddress> hardwareAddress, int state) {

  static final int RTM_GETNEIGH = 30;
  static final int HEADER = 12;
  static final int NDA_DST = 1;
  static final int NDA_LLADDR = 2;

  static Decoding<Neighbour> decode(NetlinkMessage message) {
    byte[] payload = message.payload();
    if (payload.length < HEADER) {
      return new Malformed<>("neighbour: " + payload.length + " bytes (expected: 12 or more)");
    }
    return Attributes.decode(payload, HEADER)
        .then(attributes -> {
          var header = ByteBuffer.wrap(payload).order(ByteOrder.nativeOrder());
          var address =
              attributes.bytes(NDA_DST).filter(bytes -> bytes.length == 4 || bytes.length == 16);
          if (address.isEmpty()) {
            return new Malformed<>("neighbour: no address (expected: one)");
          }
          return new Decoded<>(
              new Neighbour(
                  header.getInt(4),
                  IpBytes.address(address.get()),
                  attributes
                      .bytes(NDA_LLADDR)
                      .filter(bytes -> bytes.length == 6)
                      .map(HardwareAddress::of),
                  header.getShort(8) & 0xffff));
        });
  }

  static byte[] query() {
    return new byte[HEADER];
  }
}
