package io.lvs4j.api.host;

import java.net.InetAddress;

/**
 * The sum of RFC 1071: 16-bit words in one's complement. The router needs it for its messages, and
 * a host for the packets around them.
 */
public final class InternetChecksum {
  private long sum;

  /** Adds bytes; an odd last one counts as the upper half of a word. */
  public InternetChecksum add(byte[] bytes, int offset, int length) {
    int end = offset + length;
    for (int i = offset; i + 1 < end; i += 2) {
      sum += (bytes[i] & 0xff) << 8 | (bytes[i + 1] & 0xff);
    }
    if ((length & 1) == 1) {
      sum += (bytes[end - 1] & 0xff) << 8;
    }
    return this;
  }

  /**
   * Adds a pseudo header. That of IPv4 and that of IPv6 differ in layout but not in sum, as long as
   * the length fits 16 bits.
   *
   * @param source the packet's source
   * @param destination the packet's destination, of the same family
   * @param protocol the number of the protocol
   * @param length the length of the message in bytes, 65,535 at most
   */
  public InternetChecksum addPseudoHeader(
      InetAddress source, InetAddress destination, int protocol, int length) {
    byte[] from = source.getAddress();
    byte[] to = destination.getAddress();
    add(from, 0, from.length);
    add(to, 0, to.length);
    sum += protocol + (long) length;
    return this;
  }

  /** Returns what has to stand in the checksum field, when the field was 0 in what was added. */
  public int value() {
    return ~folded() & 0xffff;
  }

  /** Says whether what was added, checksum field and all, is whole. */
  public boolean isWhole() {
    return folded() == 0xffff;
  }

  private int folded() {
    long folded = sum;
    while (folded >>> 16 != 0) {
      folded = (folded & 0xffff) + (folded >>> 16);
    }
    return (int) folded;
  }
}
