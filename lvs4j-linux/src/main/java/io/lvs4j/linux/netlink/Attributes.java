package io.lvs4j.linux.netlink;

import io.lvs4j.linux.netlink.Decoding.Decoded;
import io.lvs4j.linux.netlink.Decoding.Malformed;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The attributes of a netlink message in their order, {@code struct nlattr}. */
public final class Attributes {
  private static final int HEADER = 4;
  // NLA_F_NESTED and NLA_F_NET_BYTEORDER are the two highest bits of a type.
  private static final int TYPE_MASK = 0x3fff;

  private final List<Attribute> all;

  @SuppressWarnings("ArrayRecordComponent") // stays in here, never compared
  private record Attribute(int type, byte[] value) {}

  private Attributes(List<Attribute> all) {
    this.all = all;
  }

  /** Returns no attributes, to add some. */
  public static Attributes none() {
    return new Attributes(List.of());
  }

  /** Reads the attributes that begin at an offset and reach to the end. */
  public static Decoding<Attributes> decode(byte[] bytes, int offset) {
    var all = new ArrayList<Attribute>();
    int at = offset;
    while (at < bytes.length) {
      int left = bytes.length - at;
      if (left < HEADER) {
        return new Malformed<>("attribute header: " + left + " bytes (expected: 4)");
      }
      var header = ByteBuffer.wrap(bytes, at, HEADER).order(ByteOrder.nativeOrder());
      int length = header.getShort() & 0xffff;
      int type = header.getShort() & TYPE_MASK;
      if (length < HEADER || length > left) {
        return new Malformed<>(
            "length of attribute " + type + ": " + length + " (expected: 4-" + left + ")");
      }
      all.add(new Attribute(type, Arrays.copyOfRange(bytes, at + HEADER, at + length)));
      at += NetlinkMessage.aligned(length);
    }
    return new Decoded<>(new Attributes(List.copyOf(all)));
  }

  /** Returns these attributes and one more. */
  public Attributes with(int type, byte[] value) {
    var more = new ArrayList<>(all);
    more.add(new Attribute(type, value.clone()));
    return new Attributes(List.copyOf(more));
  }

  /** Returns these attributes and a number of 32 bits. */
  public Attributes with(int type, int value) {
    return with(type, ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array());
  }

  /** Returns these attributes and a text with its final zero. */
  public Attributes with(int type, String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    return with(type, Arrays.copyOf(bytes, bytes.length + 1));
  }

  /** Returns the bytes of an attribute; the last one wins, as in the kernel. */
  public Optional<byte[]> bytes(int type) {
    for (var attribute : all.reversed()) {
      if (attribute.type == type) {
        return Optional.of(attribute.value.clone());
      }
    }
    return Optional.empty();
  }

  /** Returns the number in an attribute of 1, 2 or 4 bytes; empty when it has another length. */
  public OptionalInt number(int type) {
    var value = bytes(type);
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    var buffer = ByteBuffer.wrap(value.get()).order(ByteOrder.nativeOrder());
    return switch (buffer.remaining()) {
      case 1 -> OptionalInt.of(buffer.get() & 0xff);
      case 2 -> OptionalInt.of(buffer.getShort() & 0xffff);
      case 4 -> OptionalInt.of(buffer.getInt());
      default -> OptionalInt.empty();
    };
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

  /** Returns the bytes of all attributes, each padded. */
  public byte[] encode() {
    int length = 0;
    for (var attribute : all) {
      length += NetlinkMessage.aligned(HEADER + attribute.value.length);
    }
    var buffer = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
    for (var attribute : all) {
      int start = buffer.position();
      buffer
          .putShort((short) (HEADER + attribute.value.length))
          .putShort((short) attribute.type)
          .put(attribute.value)
          .position(start + NetlinkMessage.aligned(HEADER + attribute.value.length));
    }
    return buffer.array();
  }
}
