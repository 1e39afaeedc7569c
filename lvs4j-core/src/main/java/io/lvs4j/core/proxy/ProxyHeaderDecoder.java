package io.lvs4j.core.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads a PROXY protocol header, version 1 or 2, from the beginning of a stream. */
final class ProxyHeaderDecoder {
  private static final byte[] SIGNATURE_V1 = "PROXY ".getBytes(US_ASCII);

  private static final int FIXED_V2 = 16;

  /** What the bytes so far amount to. */
  sealed interface Result {}

  /** A header may yet come of it. */
  record Incomplete() implements Result {}

  /** No header will come of it. */
  record Malformed(String reason) implements Result {}

  /**
   * There is a header.
   *
   * @param length how many bytes it takes; perhaps more than have come
   * @param header who speaks to whom; empty means that the socket's own addresses hold
   */
  record Decoded(int length, Optional<ProxyHeader> header) implements Result {}

  private ProxyHeaderDecoder() {}

  /** Looks at the readable bytes and leaves them unread. */
  static Result decode(ByteBuf bytes) {
    var result = decodeAddresses(bytes);
    return result instanceof Decoded whole && whole.length() > bytes.readableBytes()
        ? new Incomplete()
        : result;
  }

  /** Does the same, but needs nothing of what version 2 may send behind the addresses. */
  static Result decodeAddresses(ByteBuf bytes) {
    if (startsAs(bytes, SIGNATURE_V1)) {
      return decodeV1(bytes);
    }
    if (startsAs(bytes, ProxyHeader.SIGNATURE_V2)) {
      return decodeV2(bytes);
    }
    return new Malformed("no PROXY header");
  }

  private static boolean startsAs(ByteBuf bytes, byte[] signature) {
    int count = Math.min(bytes.readableBytes(), signature.length);
    for (int i = 0; i < count; i++) {
      if (bytes.getByte(bytes.readerIndex() + i) != signature[i]) {
        return false;
      }
    }
    return true;
  }

  private static Result decodeV1(ByteBuf bytes) {
    int limit = Math.min(bytes.readableBytes(), ProxyHeader.LONGEST_V1);
    int end = bytes.indexOf(bytes.readerIndex(), bytes.readerIndex() + limit, (byte) '\n');
    if (end < 0) {
      return limit == ProxyHeader.LONGEST_V1
          ? new Malformed("no end of line in " + ProxyHeader.LONGEST_V1 + " bytes")
          : new Incomplete();
    }
    int length = end + 1 - bytes.readerIndex();
    String line = bytes.toString(bytes.readerIndex(), length, US_ASCII);
    if (!line.endsWith("\r\n")) {
      return new Malformed("line ends without carriage return");
    }
    String[] words = line.substring(0, length - 2).split(" ", -1);
    return switch (words[1]) {
      case "UNKNOWN" -> new Decoded(length, Optional.empty());
      case "TCP4" -> decodeV1(words, 4, length);
      case "TCP6" -> decodeV1(words, 16, length);
      default -> new Malformed("protocol: " + words[1] + " (expected: TCP4, TCP6 or UNKNOWN)");
    };
  }

  private static Result decodeV1(String[] words, int addressLength, int length) {
    if (words.length != 6) {
      return new Malformed("line of " + words.length + " words (expected: 6)");
    }
    byte[] source = NetUtil.createByteArrayFromIpAddressString(words[2]);
    byte[] destination = NetUtil.createByteArrayFromIpAddressString(words[3]);
    if (source == null
        || destination == null
        || source.length != addressLength
        || destination.length != addressLength
        || words[2].indexOf('%') >= 0
        || words[3].indexOf('%') >= 0) {
      return new Malformed(
          "addresses: " + words[2] + " " + words[3] + " (expected: two of " + words[1] + ")");
    }
    OptionalInt sourcePort = port(words[4]);
    OptionalInt destinationPort = port(words[5]);
    if (sourcePort.isEmpty() || destinationPort.isEmpty()) {
      return new Malformed("ports: " + words[4] + " " + words[5] + " (expected: 0-65535)");
    }
    return decoded(length, source, sourcePort.getAsInt(), destination, destinationPort.getAsInt());
  }

  private static OptionalInt port(String word) {
    // 0 is a port here: some senders have none to tell (proxy-protocol.txt, 2.1).
    if (!word.matches("0|[1-9][0-9]{0,4}")) {
      return OptionalInt.empty();
    }
    int port = Integer.parseInt(word);
    return port <= 65_535 ? OptionalInt.of(port) : OptionalInt.empty();
  }

  private static Result decodeV2(ByteBuf bytes) {
    if (bytes.readableBytes() < FIXED_V2) {
      return new Incomplete();
    }
    int at = bytes.readerIndex();
    int command = bytes.getUnsignedByte(at + 12);
    int family = bytes.getUnsignedByte(at + 13);
    int length = FIXED_V2 + bytes.getUnsignedShort(at + 14);
    if (command != ProxyHeader.PROXY_V2 && command != ProxyHeader.LOCAL_V2) {
      return new Malformed("version and command: 0x%02x (expected: 0x20, 0x21)".formatted(command));
    }
    int addressLength =
        switch (family) {
          case ProxyHeader.TCP_OVER_IPV4 -> 4;
          case ProxyHeader.TCP_OVER_IPV6 -> 16;
          default -> 0;
        };
    if (command == ProxyHeader.LOCAL_V2 || addressLength == 0) {
      // UNSPEC, UNIX and datagram families: the receiver falls back on the socket (2.2).
      return new Decoded(length, Optional.empty());
    }
    int known = FIXED_V2 + 2 * addressLength + 4;
    if (length < known) {
      return new Malformed("length: " + length + " is too short for its addresses");
    }
    if (bytes.readableBytes() < known) {
      return new Incomplete();
    }
    byte[] source = new byte[addressLength];
    byte[] destination = new byte[addressLength];
    bytes.getBytes(at + FIXED_V2, source);
    bytes.getBytes(at + FIXED_V2 + addressLength, destination);
    int ports = at + FIXED_V2 + 2 * addressLength;
    return decoded(
        length,
        source,
        bytes.getUnsignedShort(ports),
        destination,
        bytes.getUnsignedShort(ports + 2));
  }

  private static Decoded decoded(
      int length, byte[] source, int sourcePort, byte[] destination, int destinationPort) {
    try {
      return new Decoded(
          length,
          Optional.of(
              new ProxyHeader(
                  InetAddress.getByAddress(source),
                  sourcePort,
                  InetAddress.getByAddress(destination),
                  destinationPort)));
    } catch (UnknownHostException e) {
      throw new AssertionError("4 or 16 bytes", e);
    }
  }
}
