package io.lvs4j.ipvs.client;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * The attributes of a message as lines such as {@code .1.10.4=0000}, read by hand: what a decoder
 * is compared with must not come from it.
 */
final class AttributeTree {
  private static final int NETLINK_AND_GENERIC_HEADER = 20;
  private static final int NLA_F_NESTED = 0x8000;
  private static final int PAD = 11;
  private static final int DAEMON = 3;
  private static final Set<Integer> OBJECTS = Set.of(1, 2, DAEMON);
  private static final Set<Integer> STATISTICS = Set.of(10, 12);

  private AttributeTree() {}

  /** Returns the lines of all but padding, sorted. */
  static List<String> of(byte[] message, boolean isInfo) {
    var lines = new ArrayList<String>();
    walk(
        message,
        NETLINK_AND_GENERIC_HEADER,
        message.length,
        "",
        isInfo ? Set.of() : OBJECTS,
        lines);
    lines.sort(null);
    return lines;
  }

  private static void walk(
      byte[] message, int from, int to, String path, Set<Integer> nests, List<String> lines) {
    var reader = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = from; at < to; at += aligned(reader.getShort(at) & 0xffff)) {
      int length = reader.getShort(at) & 0xffff;
      int type = reader.getShort(at + 2) & 0x3fff;
      String name = path + "." + type;
      if (nests.contains(type)) {
        boolean holdsStatistics = path.isEmpty() && type != DAEMON;
        walk(message, at + 4, at + length, name, holdsStatistics ? STATISTICS : Set.of(), lines);
      } else if (!(type == PAD && length == 4)) {
        lines.add(name + "=" + HexFormat.of().formatHex(message, at + 4, at + length));
      }
    }
  }

  /** Returns a message without the flags of nests, which the kernel doesn't look at. */
  static byte[] withoutNestFlags(byte[] message) {
    byte[] copy = message.clone();
    var writer = ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN);
    int at = NETLINK_AND_GENERIC_HEADER;
    while (at + 4 <= copy.length) {
      writer.putShort(at + 2, (short) (writer.getShort(at + 2) & ~NLA_F_NESTED));
      at += Math.max(4, aligned(writer.getShort(at) & 0xffff));
    }
    return copy;
  }

  /** Says whether no nest of a message has its flag. */
  static boolean lacksNestFlags(byte[] message) {
    return Arrays.equals(message, withoutNestFlags(message));
  }

  private static int aligned(int length) {
    return (length + 3) & ~3;
  }
}
