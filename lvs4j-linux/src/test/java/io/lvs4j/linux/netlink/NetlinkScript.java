package io.lvs4j.linux.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Replies of a netlink kernel, for tests: a host with eth0 and a TUN device, and 10.77.0.1. */
public final class NetlinkScript {
  private NetlinkScript() {}

  /** Returns the replies of a kernel that does all it is asked. */
  public static List<byte[]> obliging(byte[] request) {
    var asked = only(request);
    boolean dump = (asked.flags() & NetlinkMessage.NLM_F_DUMP) == NetlinkMessage.NLM_F_DUMP;
    return switch (asked.type()) {
      case Link.RTM_GETLINK -> {
        if (dump) {
          yield table(
              asked,
              answer(asked, Link.RTM_NEWLINK, eth0()),
              answer(asked, Link.RTM_NEWLINK, tun()));
        }
        String name =
            ((Decoding.Decoded<Attributes>) Attributes.decode(asked.payload(), Link.HEADER))
                .value()
                .text(Link.IFLA_IFNAME)
                .orElseThrow();
        yield List.of(
            answer(asked, Link.RTM_NEWLINK, name.equals("eth0") ? eth0() : tun()).encode(),
            acknowledgement(asked, 0, Optional.empty(), true));
      }
      case InterfaceAddress.RTM_GETADDR -> table(asked);
      default -> List.of(acknowledgement(asked, 0, Optional.empty(), true));
    };
  }

  public static NetlinkMessage only(byte[] request) {
    return ((Decoding.Decoded<List<NetlinkMessage>>) NetlinkMessage.decode(request, request.length))
        .value()
        .getFirst();
  }

  static byte[] eth0() {
    byte[] payload =
        Link.payload(
            2,
            Link.IFF_UP | Link.IFF_RUNNING,
            0,
            Attributes.none()
                .with(Link.IFLA_IFNAME, "eth0")
                .with(Link.IFLA_ADDRESS, new byte[] {2, 0, 0, 0, 0, 1}));
    payload[2] = 1;
    return payload;
  }

  private static byte[] tun() {
    return Link.payload(3, 0, 0, Attributes.none().with(Link.IFLA_IFNAME, "lvs4j0"));
  }

  static NetlinkMessage answer(NetlinkMessage asked, int type, byte[] payload) {
    return new NetlinkMessage(type, NetlinkMessage.NLM_F_MULTI, asked.sequence(), 1, payload);
  }

  static List<byte[]> table(NetlinkMessage asked, NetlinkMessage... rows) {
    var datagrams = new ArrayList<byte[]>();
    for (var row : rows) {
      datagrams.add(row.encode());
    }
    datagrams.add(
        new NetlinkMessage(NetlinkMessage.NLMSG_DONE, 0, asked.sequence(), 1, new byte[4])
            .encode());
    return datagrams;
  }

  /** Returns NLMSG_ERROR as kernels write it, with or without the whole request. */
  static byte[] acknowledgement(
      NetlinkMessage asked, int error, Optional<String> words, boolean capped) {
    byte[] echo = asked.encode();
    int echoed = capped ? NetlinkMessage.HEADER : NetlinkMessage.aligned(echo.length);
    byte[] tail =
        words.map(text -> Attributes.none().with(1, text).encode()).orElseGet(() -> new byte[0]);
    var payload =
        ByteBuffer.allocate(4 + echoed + tail.length)
            .order(ByteOrder.nativeOrder())
            .putInt(error)
            .put(echo, 0, Math.min(echo.length, echoed))
            .position(4 + echoed)
            .put(tail)
            .array();
    int flags =
        (capped ? NetlinkMessage.NLM_F_CAPPED : 0)
            | (words.isPresent() ? NetlinkMessage.NLM_F_ACK_TLVS : 0);
    return new NetlinkMessage(NetlinkMessage.NLMSG_ERROR, flags, asked.sequence(), 1, payload)
        .encode();
  }
}
