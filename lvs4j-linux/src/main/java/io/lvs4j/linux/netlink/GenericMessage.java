package io.lvs4j.linux.netlink;

import io.lvs4j.linux.netlink.Decoding.Decoded;
import io.lvs4j.linux.netlink.Decoding.Malformed;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What a message of generic netlink carries, {@code struct genlmsghdr} and attributes.
 *
 * @param command what to do, or what this is; the family's own numbers, 0 to 255
 * @param version of the family's commands
 * @param attributes what it says
 */
public record GenericMessage(int command, int version, Attributes attributes) {
  static final int HEADER = 4;

  /** Returns the payload of a netlink message. */
  public byte[] encode() {
    byte[] tail = attributes.encode();
    return ByteBuffer.allocate(HEADER + tail.length)
        .order(ByteOrder.nativeOrder())
        .put((byte) command)
        .put((byte) version)
        .putShort((short) 0)
        .put(tail)
        .array();
  }

  /** Reads the payload of a netlink message. */
  public static Decoding<GenericMessage> decode(byte[] payload) {
    if (payload.length < HEADER) {
      return new Malformed<>(
          "generic netlink header: " + payload.length + " bytes (expected: 4 or more)");
    }
    return Attributes.decode(payload, HEADER)
        .then(attributes ->
            new Decoded<>(new GenericMessage(payload[0] & 0xff, payload[1] & 0xff, attributes)));
  }
}
