package io.lvs4j.linux.netlink;

import io.lvs4j.linux.netlink.Decoding.Decoded;
import io.lvs4j.linux.netlink.Decoding.Malformed;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The attributes of a netlink message in their order, {@code struct nlattr}. They stay the bytes
 * that they are: a table of a hundred thousand objects is read without an object an attribute.
 *
 * <p>A number of another length than asked for is taken for absent, as is an attribute that is not
 * there.
 */
public final class Attributes {
  private static final int HEADER = 4;
  private static final int NLA_F_NESTED = 0x8000;
  // NLA_F_NESTED and NLA_F_NET_BYTEORDER are the two highest bits of a type.
  private static final int TYPE_MASK = 0x3fff;
  private static final Attributes NONE = new Attributes(new byte[0], 0);

  private final byte[] bytes; // checked when decoded, never changed
  private final int start;

  private Attributes(byte[] bytes, int start) {
    this.bytes = bytes;
    this.start = start;
  }

  /** Returns no attributes, to add some. */
  public static Attributes none() {
    return NONE;
  }

  /** Reads the attributes that begin at an offset and reach to the end. */
  public static Decoding<Attributes> decode(byte[] bytes, int offset) {
    var reader = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    int at = offset;
    while (at < bytes.length) {
      int left = bytes.length - at;
      if (left < HEADER) {
        return new Malformed<>("attribute header: " + left + " bytes (expected: 4)");
      }
      int length = reader.getShort(at) & 0xffff;
      if (length < HEADER || length > left) {
        int type = reader.getShort(at + 2) & TYPE_MASK;
        return new Malformed<>(
            "length of attribute " + type + ": " + length + " (expected: 4-" + left + ")");
      }
      at += NetlinkMessage.aligned(length);
    }
    return new Decoded<>(new Attributes(bytes, offset));
  }

  /** Returns these attributes and one more. */
  public Attributes with(int type, byte[] value) {
    int end = NetlinkMessage.aligned(bytes.length - start);
    int length = HEADER + value.length;
    var more =
        ByteBuffer.allocate(end + NetlinkMessage.aligned(length)).order(ByteOrder.nativeOrder());
    more.put(bytes, start, bytes.length - start)
        .position(end)
        .putShort((short) length)
        .putShort((short) type)
        .put(value);
    return new Attributes(more.array(), 0);
  }

  /** Returns these attributes and a number of 32 bits. */
  public Attributes with(int type, int value) {
    return with(type, room(4).putInt(value).array());
  }

  /** Returns these attributes and a number of 8 bits. */
  public Attributes with8(int type, int value) {
    return with(type, new byte[] {(byte) value});
  }

  /** Returns these attributes and a number of 16 bits. */
  public Attributes with16(int type, int value) {
    return with(type, room(2).putShort((short) value).array());
  }

  /** Returns these attributes and a number of 16 bits in network byte order. */
  public Attributes withBigEndian16(int type, int value) {
    return with(type, new byte[] {(byte) (value >>> 8), (byte) value});
  }

  /** Returns these attributes and a number of 64 bits. */
  public Attributes with64(int type, long value) {
    return with(type, room(8).putLong(value).array());
  }

  /** Returns these attributes and a text with its final zero. */
  public Attributes with(int type, String text) {
    var encoded = text.getBytes(StandardCharsets.UTF_8);
    return with(type, Arrays.copyOf(encoded, encoded.length + 1));
  }

  /** Returns these attributes and one that holds others. */
  public Attributes with(int type, Attributes nested) {
    return with(type | NLA_F_NESTED, nested.encode());
  }

  private static ByteBuffer room(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
  }

  /** Returns the bytes of an attribute; the last one wins, as in the kernel. */
  public Optional<byte[]> bytes(int type) {
    int at = find(type);
    return at < 0
        ? Optional.empty()
        : Optional.of(Arrays.copyOfRange(bytes, at + HEADER, at + length(at)));
  }

  /** Returns the number in an attribute of 1, 2 or 4 bytes; empty when it has another length. */
  public OptionalInt number(int type) {
    int at = find(type);
    return switch (at < 0 ? 0 : length(at) - HEADER) {
      case 1 -> OptionalInt.of(bytes[at + HEADER] & 0xff);
      case 2 -> OptionalInt.of(reader().getShort(at + HEADER) & 0xffff);
      case 4 -> OptionalInt.of(reader().getInt(at + HEADER));
      default -> OptionalInt.empty();
    };
  }

  /** Returns the number in an attribute of 8 bits. */
  public OptionalInt number8(int type) {
    int at = find(type, 1);
    return at < 0 ? OptionalInt.empty() : OptionalInt.of(bytes[at + HEADER] & 0xff);
  }

  /** Returns the number in an attribute of 16 bits. */
  public OptionalInt number16(int type) {
    int at = find(type, 2);
    return at < 0 ? OptionalInt.empty() : OptionalInt.of(reader().getShort(at + HEADER) & 0xffff);
  }

  /** Returns the number in an attribute of 16 bits in network byte order. */
  public OptionalInt bigEndian16(int type) {
    int at = find(type, 2);
    return at < 0
        ? OptionalInt.empty()
        : OptionalInt.of((bytes[at + HEADER] & 0xff) << 8 | (bytes[at + HEADER + 1] & 0xff));
  }

  /** Returns the number in an attribute of 32 bits, 0 to 4294967295. */
  public OptionalLong number32(int type) {
    int at = find(type, 4);
    return at < 0
        ? OptionalLong.empty()
        : OptionalLong.of(Integer.toUnsignedLong(reader().getInt(at + HEADER)));
  }

  /** Returns the number in an attribute of 64 bits. */
  public OptionalLong number64(int type) {
    int at = find(type, 8);
    return at < 0 ? OptionalLong.empty() : OptionalLong.of(reader().getLong(at + HEADER));
  }

  /** Returns the text in an attribute, up to its first zero. */
  public Optional<String> text(int type) {
    return bytes(type)
        .map(value -> {
          int end = 0;
          while (end < value.length && value[end] != 0) {
            end++;
          }
          return new String(value, 0, end, StandardCharsets.UTF_8);
        });
  }

  /** Returns the attributes within an attribute; empty when it is not there. */
  public Decoding<Optional<Attributes>> nested(int type) {
    var value = bytes(type);
    return value.isEmpty()
        ? new Decoded<>(Optional.empty())
        : decode(value.get(), 0).then(inner -> new Decoded<>(Optional.of(inner)));
  }

  /** Returns the bytes of all attributes, each padded. */
  public byte[] encode() {
    return Arrays.copyOfRange(bytes, start, start + NetlinkMessage.aligned(bytes.length - start));
  }

  private int find(int type, int valueLength) {
    int at = find(type);
    return at >= 0 && length(at) == HEADER + valueLength ? at : -1;
  }

  private int find(int type) {
    int found = -1;
    var reader = reader();
    int at = start;
    while (at < bytes.length) {
      if ((reader.getShort(at + 2) & TYPE_MASK) == type) {
        found = at;
      }
      at += NetlinkMessage.aligned(reader.getShort(at) & 0xffff);
    }
    return found;
  }

  private int length(int at) {
    return reader().getShort(at) & 0xffff;
  }

  private ByteBuffer reader() {
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }
}
