package io.lvs4j.linux.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** The answers of a kernel that has one Ethernet interface and does all that it is asked. */
public final class ObligingNetlink {
  private static final int INDEX = 2;
  private static final short ARPHRD_ETHER = 1;
  private static final int TYPE = 2; // of the device, in struct ifinfomsg
  private static final byte[] HARDWARE_ADDRESS = {2, 0, 0, 0, 0, 1};

  private ObligingNetlink() {}

  /**
   * Returns the datagrams that answer a request: links by any name are found, tables hold the one
   * interface, everything else is acknowledged.
   *
   * @param request a request as {@link RouteNetlink} makes it
   */
  public static List<byte[]> answer(byte[] request) {
    if (!(NetlinkMessage.decode(request, request.length)
        instanceof Decoding.Decoded<List<NetlinkMessage>>(var messages))) {
      throw new IllegalArgumentException("netlink: no request (expected: one)");
    }
    var asked = messages.getFirst();
    boolean dump = (asked.flags() & NetlinkMessage.NLM_F_DUMP) == NetlinkMessage.NLM_F_DUMP;
    if (dump) {
      var done = message(asked, NetlinkMessage.NLMSG_DONE, new byte[4]);
      return asked.type() == Link.RTM_GETLINK
          ? List.of(message(asked, Link.RTM_NEWLINK, link("eth0")), done)
          : List.of(done);
    }
    var acknowledgement = message(asked, NetlinkMessage.NLMSG_ERROR, acknowledgement(asked));
    return asked.type() == Link.RTM_GETLINK
        ? List.of(message(asked, Link.RTM_NEWLINK, link(name(asked))), acknowledgement)
        : List.of(acknowledgement);
  }

  /** Returns the datagram that brings the news of a link. */
  public static byte[] news() {
    return new NetlinkMessage(Link.RTM_NEWLINK, 0, 0, 0, link("eth0")).encode();
  }

  private static String name(NetlinkMessage asked) {
    return Attributes.decode(asked.payload(), Link.HEADER)
            instanceof Decoding.Decoded<Attributes>(var attributes)
        ? attributes.text(Link.IFLA_IFNAME).orElse("eth0")
        : "eth0";
  }

  private static byte[] link(String name) {
    byte[] payload =
        Link.payload(
            INDEX,
            Link.IFF_UP | Link.IFF_RUNNING,
            0,
            Attributes.none()
                .with(Link.IFLA_IFNAME, name)
                .with(Link.IFLA_ADDRESS, HARDWARE_ADDRESS));
    ByteBuffer.wrap(payload).order(ByteOrder.nativeOrder()).putShort(TYPE, ARPHRD_ETHER);
    return payload;
  }

  private static byte[] acknowledgement(NetlinkMessage asked) {
    return ByteBuffer.allocate(4 + NetlinkMessage.HEADER)
        .order(ByteOrder.nativeOrder())
        .putInt(0)
        .put(asked.encode(), 0, NetlinkMessage.HEADER)
        .array();
  }

  private static byte[] message(NetlinkMessage asked, int type, byte[] payload) {
    return new NetlinkMessage(type, NetlinkMessage.NLM_F_CAPPED, asked.sequence(), 0, payload)
        .encode();
  }
}
