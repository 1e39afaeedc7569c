package io.lvs4j.api.host;

/**
 * The Ethernet address of an interface.
 *
 * @param value its 48 bits
 */
public record HardwareAddress(long value) {
  /** Checks the range. */
  public HardwareAddress {
    if (value >>> 48 != 0) {
      throw new IllegalArgumentException(
          "hardware address: " + Long.toHexString(value) + " (expected: 48 bits)");
    }
  }

  /** Returns the address of six bytes. */
  public static HardwareAddress of(byte[] bytes) {
    if (bytes.length != 6) {
      throw new IllegalArgumentException(
          "hardware address: " + bytes.length + " bytes (expected: 6)");
    }
    long value = 0;
    for (byte b : bytes) {
      value = (value << 8) | (b & 0xff);
    }
    return new HardwareAddress(value);
  }

  /** Returns its six bytes, a new array each time. */
  public byte[] bytes() {
    var bytes = new byte[6];
    for (int i = 0; i < 6; i++) {
      bytes[i] = (byte) (value >>> (40 - 8 * i));
    }
    return bytes;
  }

  /** Returns {@code 00:00:5e:00:01:33}. */
  @Override
  public String toString() {
    var text = new StringBuilder(17);
    for (byte b : bytes()) {
      if (!text.isEmpty()) {
        text.append(':');
      }
      text.append(Character.forDigit((b >> 4) & 0xf, 16)).append(Character.forDigit(b & 0xf, 16));
    }
    return text.toString();
  }
}
