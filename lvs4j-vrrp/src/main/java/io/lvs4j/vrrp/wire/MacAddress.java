package io.lvs4j.vrrp.wire;

import java.util.HexFormat;

/**
 * The address of a network card.
 *
 * @param value its 48 bits
 */
public record MacAddress(long value) {
  /** The address of all cards on a link. */
  public static final MacAddress BROADCAST = new MacAddress(0xffff_ffff_ffffL);

  /** The length in bytes. */
  static final int LENGTH = 6;

  /** Checks the range. */
  public MacAddress {
    if (value >>> 48 != 0) {
      throw new IllegalArgumentException(
          "MAC address: " + Long.toHexString(value) + " (expected: 48 bits)");
    }
  }

  static MacAddress read(byte[] bytes, int offset) {
    return new MacAddress((long) Bytes.u16(bytes, offset) << 32 | Bytes.u32(bytes, offset + 2));
  }

  void write(byte[] bytes, int offset) {
    Bytes.put16(bytes, offset, (int) (value >>> 32));
    Bytes.put32(bytes, offset + 2, value);
  }

  /** Returns {@code 00:00:5e:00:01:33}. */
  @Override
  public String toString() {
    byte[] bytes = new byte[LENGTH];
    write(bytes, 0);
    return HexFormat.ofDelimiter(":").formatHex(bytes);
  }
}
