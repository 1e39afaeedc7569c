package io.lvs4j.linux.netlink;

import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.linux.kernel.SystemCallException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Many requests in few datagrams. Only the last of a datagram is acknowledged when it goes well:
 * the kernel does them in order and answers refusals anyway, so that one answer tells the end.
 */
final class NetlinkBatch {
  // Below what a socket may send (212992 unless set), and few enough that the refusals of all of
  // them fit in its receive buffer, in which each takes about a kilobyte.
  static final int MOST_BYTES = 32 * 1024;
  static final int MOST_REQUESTS = 64;

  private NetlinkBatch() {}

  /** One request: what it does, its type and its payload. */
  @SuppressWarnings("ArrayRecordComponent") // stays in here, never compared
  record Part(String operation, int type, byte[] payload) {}

  static List<GenericNetlink.Refused> execute(NetlinkSocket socket, List<Part> parts)
      throws HostNetworkException {
    var refused = new ArrayList<GenericNetlink.Refused>();
    int from = 0;
    while (from < parts.size()) {
      int to = end(parts, from);
      send(socket, parts, from, to, refused);
      from = to;
    }
    return List.copyOf(refused);
  }

  /** Returns where the datagram that begins with a part ends. */
  private static int end(List<Part> parts, int from) {
    int bytes = 0;
    int to = from;
    while (to < parts.size() && to - from < MOST_REQUESTS) {
      bytes += NetlinkMessage.aligned(NetlinkMessage.HEADER + parts.get(to).payload.length);
      if (bytes > MOST_BYTES && to > from) {
        break;
      }
      to++;
    }
    return to;
  }

  private static void send(
      NetlinkSocket socket,
      List<Part> parts,
      int from,
      int to,
      List<GenericNetlink.Refused> refused)
      throws HostNetworkException {
    var datagram = new ByteArrayOutputStream(MOST_BYTES);
    int first = socket.nextSequence(to - from);
    for (int i = from; i < to; i++) {
      var part = parts.get(i);
      int flags = NetlinkMessage.NLM_F_REQUEST | (i == to - 1 ? NetlinkMessage.NLM_F_ACK : 0);
      byte[] request =
          new NetlinkMessage(part.type, flags, first + i - from, 0, part.payload).encode();
      datagram.writeBytes(request);
      datagram.write(new byte[4], 0, NetlinkMessage.aligned(request.length) - request.length);
    }
    String operation = parts.get(from).operation + " and " + (to - from - 1) + " more";
    socket.send(operation, datagram.toByteArray());
    boolean ended = false;
    while (!ended) {
      for (var message : socket.receive(operation)) {
        int index = message.sequence() - first;
        if (index < 0 || index >= to - from || message.type() != NetlinkMessage.NLMSG_ERROR) {
          continue; // the rest of an earlier answer that was given up
        }
        try {
          NetlinkAck.check(parts.get(from + index).operation, message);
        } catch (SystemCallException why) {
          refused.add(new GenericNetlink.Refused(from + index, why));
        }
        ended |= index == to - from - 1;
      }
    }
  }
}
