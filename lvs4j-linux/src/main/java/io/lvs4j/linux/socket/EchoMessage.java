package io.lvs4j.linux.socket;

import io.lvs4j.api.host.InternetChecksum;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * The echo messages of ICMP (RFC 792) and ICMPv6 (RFC 4443, 4.1): type, code, checksum, identifier,
 * sequence number, payload. The payload begins with a token that tells one request from all others.
 */
final class EchoMessage {
  static final int HEADER = 8;

  /** Larger than any payload that is sent, with an IPv4 header and its options in front. */
  static final int LONGEST = 2048;

  private static final int ECHO_REPLY = 0;
  private static final int ECHO_REQUEST = 8;
  private static final int ECHO_REQUEST_V6 = 128;
  private static final int ECHO_REPLY_V6 = 129;
  private static final int CHECKSUM_OFFSET = 2;
  private static final int IDENTIFIER_OFFSET = 4;
  private static final int TOKEN_OFFSET = HEADER;

  private EchoMessage() {}

  /** Returns a request; for IPv6 the kernel makes the checksum, for it knows the addresses. */
  static byte[] request(boolean ipv6, int identifier, long token, int size) {
    var message = ByteBuffer.allocate(HEADER + size);
    message.put((byte) (ipv6 ? ECHO_REQUEST_V6 : ECHO_REQUEST)).put((byte) 0).putShort((short) 0);
    message.putShort((short) identifier).putShort((short) token).putLong(token);
    while (message.hasRemaining()) {
      message.put((byte) message.position());
    }
    if (!ipv6) {
      message.putShort(
          CHECKSUM_OFFSET,
          (short) new InternetChecksum().add(message.array(), 0, message.capacity()).value());
    }
    return message.array();
  }

  /** Returns the token of a reply; empty if it is none of this identifier. */
  static OptionalLong token(boolean ipv6, int identifier, byte[] data, int offset, int length) {
    if (length - offset < HEADER + Long.BYTES
        || (data[offset] & 0xff) != (ipv6 ? ECHO_REPLY_V6 : ECHO_REPLY)) {
      return OptionalLong.empty();
    }
    var message = ByteBuffer.wrap(data, offset, length - offset).slice();
    return identifier >= 0 && (message.getShort(IDENTIFIER_OFFSET) & 0xffff) != identifier
        ? OptionalLong.empty()
        : OptionalLong.of(message.getLong(TOKEN_OFFSET));
  }
}
