package io.lvs4j.health.probe;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.OptionalInt;

/**
 * The two messages of grpc.health.v1, in gRPC's frame of five bytes: a request with the name of a
 * service in field 1, and an answer with the status in field 1. Other fields are skipped, as
 * protobuf wants it.
 */
final class GrpcMessages {
  /** A flag for compression and four bytes of length. */
  static final int HEADER = 5;

  private static final int SERVICE_FIELD = (1 << 3) | 2;
  private static final int STATUS_FIELD = 1 << 3;
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int DELIMITED = 2;
  private static final int FIXED32 = 5;
  private static final int LONGEST_VARINT = 10;

  private GrpcMessages() {}

  /** Returns the request, with its header. */
  static ByteBuf request(String service) {
    var name = service.getBytes(UTF_8);
    var message = Unpooled.buffer();
    if (name.length > 0) {
      message.writeByte(SERVICE_FIELD);
      varint(message, name.length);
      message.writeBytes(name);
    }
    var framed = Unpooled.buffer().writeByte(0).writeInt(message.readableBytes());
    return framed.writeBytes(message);
  }

  private static void varint(ByteBuf to, int value) {
    int rest = value;
    while (rest > 0x7f) {
      to.writeByte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    to.writeByte(rest);
  }

  /**
   * Returns the status in an answer, without its header; 0 (UNKNOWN) if it names none.
   *
   * @return empty if it is no message of protobuf
   */
  static OptionalInt status(ByteBuf message) {
    int status = 0;
    try {
      while (message.isReadable()) {
        long tag = varint(message);
        if (tag == STATUS_FIELD) {
          status = (int) varint(message);
        } else if (tag >>> 3 == 0 || !skip(message, (int) (tag & 7))) {
          return OptionalInt.empty();
        }
      }
    } catch (IndexOutOfBoundsException cutShort) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(status);
  }

  private static long varint(ByteBuf from) {
    long value = 0;
    for (int i = 0; i < LONGEST_VARINT; i++) {
      byte octet = from.readByte();
      value |= (octet & 0x7fL) << (7 * i);
      if (octet >= 0) {
        return value;
      }
    }
    throw new IndexOutOfBoundsException("a varint of more than " + LONGEST_VARINT + " bytes");
  }

  private static boolean skip(ByteBuf from, int type) {
    long length;
    switch (type) {
      case VARINT -> {
        varint(from);
        return true;
      }
      case FIXED64 -> length = Long.BYTES;
      case FIXED32 -> length = Integer.BYTES;
      case DELIMITED -> length = varint(from);
      default -> {
        return false;
      }
    }
    if (length < 0 || length > from.readableBytes()) {
      return false;
    }
    from.skipBytes((int) length);
    return true;
  }

  /** Returns a serving status in the words of the protocol. */
  static String words(int status) {
    return switch (status) {
      case 0 -> "UNKNOWN";
      case 1 -> "SERVING";
      case 2 -> "NOT_SERVING";
      case 3 -> "SERVICE_UNKNOWN";
      default -> "serving status " + status;
    };
  }
}
