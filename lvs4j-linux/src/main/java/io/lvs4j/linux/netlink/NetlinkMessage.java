package io.lvs4j.linux.netlink;

import io.lvs4j.linux.netlink.Decoding.Decoded;
import io.lvs4j.linux.netlink.Decoding.Malformed;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One netlink message, {@code struct nlmsghdr} and what follows.
 *
 * @param type what it is
 * @param flags how to take it
 * @param sequence the number that ties replies to their request
 * @param port the socket it belongs to; 0 for the kernel
 * @param payload what follows the header; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // equality is of the content, see below
public record NetlinkMessage(int type, int flags, int sequence, int port, byte[] payload) {
  static final int HEADER = 16;

  static final int NLMSG_ERROR = 2;
  static final int NLMSG_DONE = 3;

  static final int NLM_F_REQUEST = 0x1;
  static final int NLM_F_MULTI = 0x2;
  static final int NLM_F_ACK = 0x4;
  static final int NLM_F_DUMP_INTR = 0x10;
  static final int NLM_F_DUMP = 0x300;
  static final int NLM_F_REPLACE = 0x100;
  static final int NLM_F_EXCL = 0x200;
  static final int NLM_F_CREATE = 0x400;
  static final int NLM_F_APPEND = 0x800;
  static final int NLM_F_CAPPED = 0x100;
  static final int NLM_F_ACK_TLVS = 0x200;

  /** Returns the bytes of the message, without padding after it. */
  public byte[] encode() {
    return ByteBuffer.allocate(HEADER + payload.length)
        .order(ByteOrder.nativeOrder())
        .putInt(HEADER + payload.length)
        .putShort((short) type)
        .putShort((short) flags)
        .putInt(sequence)
        .putInt(port)
        .put(payload)
        .array();
  }

  /** Reads the messages of one datagram. */
  public static Decoding<List<NetlinkMessage>> decode(byte[] datagram, int length) {
    var messages = new ArrayList<NetlinkMessage>();
    int at = 0;
    while (at < length) {
      if (length - at < HEADER) {
        return new Malformed<>("netlink header: " + (length - at) + " bytes (expected: 16)");
      }
      var header = ByteBuffer.wrap(datagram, at, HEADER).order(ByteOrder.nativeOrder());
      int messageLength = header.getInt();
      if (messageLength < HEADER || messageLength > length - at) {
        return new Malformed<>(
            "netlink message length: "
                + messageLength
                + " (expected: 16-"
                + (length - at)
                + ", what is left of the datagram)");
      }
      int type = header.getShort() & 0xffff;
      int flags = header.getShort() & 0xffff;
      messages.add(
          new NetlinkMessage(
              type,
              flags,
              header.getInt(),
              header.getInt(),
              Arrays.copyOfRange(datagram, at + HEADER, at + messageLength)));
      at += aligned(messageLength);
    }
    return new Decoded<>(List.copyOf(messages));
  }

  /** Returns a length with its padding: netlink aligns everything to 4 bytes. */
  static int aligned(int length) {
    return (length + 3) & ~3;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NetlinkMessage that
        && type == that.type
        && flags == that.flags
        && sequence == that.sequence
        && port == that.port
        && Arrays.equals(payload, that.payload);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * type + sequence) + Arrays.hashCode(payload);
  }

  @Override
  public String toString() {
    return "type " + type + " flags 0x" + Integer.toHexString(flags) + " sequence " + sequence;
  }
}
