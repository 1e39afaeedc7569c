package io.lvs4j.linux.socket;

/** The checksum of RFC 1071. */
final class InternetChecksum {
  private InternetChecksum() {}

  /** Returns the checksum of an even number of bytes. */
  static short of(byte[] bytes, int offset, int length) {
    int sum = 0;
    for (int i = offset; i < offset + length; i += 2) {
      sum += (bytes[i] & 0xff) << 8 | (bytes[i + 1] & 0xff);
    }
    while (sum >>> 16 != 0) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return (short) ~sum;
  }
}
