package io.lvs4j.vrrp.wire;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Reads and writes fields in network byte order. */
final class Bytes {
  private Bytes() {}

  static int u8(byte[] bytes, int offset) {
    return bytes[offset] & 0xff;
  }

  static int u16(byte[] bytes, int offset) {
    return u8(bytes, offset) << 8 | u8(bytes, offset + 1);
  }

  static long u32(byte[] bytes, int offset) {
    return (long) u16(bytes, offset) << 16 | u16(bytes, offset + 2);
  }

  static long u64(byte[] bytes, int offset) {
    return u32(bytes, offset) << 32 | u32(bytes, offset + 4);
  }

  static void put8(byte[] bytes, int offset, int value) {
    bytes[offset] = (byte) value;
  }

  static void put16(byte[] bytes, int offset, int value) {
    put8(bytes, offset, value >>> 8);
    put8(bytes, offset + 1, value);
  }

  static void put32(byte[] bytes, int offset, long value) {
    put16(bytes, offset, (int) (value >>> 16));
    put16(bytes, offset + 2, (int) value);
  }

  static void put64(byte[] bytes, int offset, long value) {
    put32(bytes, offset, value >>> 32);
    put32(bytes, offset + 4, value);
  }

  static void put(byte[] bytes, int offset, InetAddress address) {
    byte[] raw = address.getAddress();
    System.arraycopy(raw, 0, bytes, offset, raw.length);
  }

  static Inet4Address ipv4(byte[] bytes, int offset) {
    try {
      byte[] raw = Arrays.copyOfRange(bytes, offset, offset + 4);
      return (Inet4Address) InetAddress.getByAddress(raw);
    } catch (UnknownHostException wrongLength) {
      throw new AssertionError(wrongLength);
    }
  }

  /** Returns an IPv6 address, of the IPv4-mapped kind too, which InetAddress would make IPv4. */
  static Inet6Address ipv6(byte[] bytes, int offset) {
    try {
      return Inet6Address.getByAddress(null, Arrays.copyOfRange(bytes, offset, offset + 16), -1);
    } catch (UnknownHostException wrongLength) {
      throw new AssertionError(wrongLength);
    }
  }
}
