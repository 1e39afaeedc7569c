package io.lvs4j.linux.netlink;

import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.linux.kernel.Capability;
import io.lvs4j.linux.kernel.Errno;
import io.lvs4j.linux.kernel.Refusal;
import io.lvs4j.linux.netlink.Decoding.Decoded;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** The end of an answer: {@code struct nlmsgerr}, or the number in NLMSG_DONE. */
final class NetlinkAck {
  private static final int NLMSGERR_ATTR_MSG = 1;
  private static final int ERROR = 4;

  private NetlinkAck() {}

  /** Throws when the answer says that the request has failed. */
  static void check(String operation, NetlinkMessage message) throws HostNetworkException {
    byte[] payload = message.payload();
    if (payload.length < ERROR) {
      if (message.type() == NetlinkMessage.NLMSG_DONE) {
        return; // a dump of nothing, from kernels that put no number there
      }
      throw new HostNetworkException(
          operation + ": an answer of " + payload.length + " bytes (expected: 4 or more)");
    }
    int error = ByteBuffer.wrap(payload).order(ByteOrder.nativeOrder()).getInt();
    if (error >= 0) {
      return;
    }
    var words = words(message);
    var errno = Errno.ofResult(error);
    throw words.isPresent()
        ? Refusal.of(errno, Capability.NET_ADMIN, operation, words.get())
        : Refusal.of(errno, Capability.NET_ADMIN, operation);
  }

  /** Returns what the kernel says in words, NETLINK_EXT_ACK. */
  private static Optional<String> words(NetlinkMessage message) {
    if ((message.flags() & NetlinkMessage.NLM_F_ACK_TLVS) == 0) {
      return Optional.empty();
    }
    byte[] payload = message.payload();
    int offset = ERROR;
    if (message.type() == NetlinkMessage.NLMSG_ERROR) {
      if (payload.length < ERROR + NetlinkMessage.HEADER) {
        return Optional.empty();
      }
      // The request comes back: its header alone when capped, all of it otherwise.
      boolean capped = (message.flags() & NetlinkMessage.NLM_F_CAPPED) != 0;
      int echoed = ByteBuffer.wrap(payload).order(ByteOrder.nativeOrder()).getInt(ERROR);
      offset += capped ? NetlinkMessage.HEADER : NetlinkMessage.aligned(echoed);
    }
    return offset >= 0
            && offset <= payload.length
            && Attributes.decode(payload, offset) instanceof Decoded<Attributes>(var attributes)
        ? attributes.text(NLMSGERR_ATTR_MSG)
        : Optional.empty();
  }
}
