package io.lvs4j.vrrp.wire;

import io.lvs4j.api.host.InternetChecksum;
import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.VirtualRouterId;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.vrrp.wire.Decoding.Decoded;
import io.lvs4j.vrrp.wire.Decoding.Malformed;
import io.lvs4j.vrrp.wire.Decoding.Reason;
import java.net.Inet4Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A VRRPv2 advertisement (RFC 3768 section 5.3), always over IPv4.
 *
 * @param virtualRouterId which virtual router it is about
 * @param priority the sender's priority
 * @param interval whole seconds, 1 s to 255 s
 * @param addresses the virtual addresses
 * @param authentication what the sender puts in its last eight bytes
 */
public record VrrpV2(
    VirtualRouterId virtualRouterId,
    Priority priority,
    Duration interval,
    List<Inet4Address> addresses,
    Password authentication)
    implements Advert {

  private static final int HEADER = 8;
  private static final int ADDRESS = 4;
  private static final int AUTHENTICATION_DATA = 8;
  private static final int NO_AUTHENTICATION = 0;
  private static final int SIMPLE_PASSWORD = 1;
  private static final int IP_AUTHENTICATION_HEADER = 2;

  /** Copies the addresses. */
  public VrrpV2 {
    addresses = List.copyOf(addresses);
  }

  @Override
  public VrrpVersion version() {
    return VrrpVersion.V2;
  }

  /** Returns how long the advert is that begins with this header, or less than that if unknown. */
  static int expectedLength(byte[] bytes, int offset) {
    return HEADER + ADDRESS * Bytes.u8(bytes, offset + 3) + AUTHENTICATION_DATA;
  }

  /** Reads an advert that is exactly as long as it says; its version has been looked at. */
  static Decoding<Advert> decode(byte[] bytes, int offset, int length) {
    int id = Bytes.u8(bytes, offset + 1);
    if (id == 0) {
      return new Malformed<>(Reason.VIRTUAL_ROUTER_ID, "0 (expected: 1-255)");
    }
    int type = Bytes.u8(bytes, offset + 4);
    if (type == IP_AUTHENTICATION_HEADER) {
      return new Malformed<>(
          Reason.AUTHENTICATION_HEADER, "authentication type 2, AH (expected: none or PASS)");
    }
    if (type != NO_AUTHENTICATION && type != SIMPLE_PASSWORD) {
      return new Malformed<>(
          Reason.AUTHENTICATION_TYPE, type + " (expected: 0 for none or 1 for PASS)");
    }
    int interval = Bytes.u8(bytes, offset + 5);
    if (interval == 0) {
      return new Malformed<>(Reason.ADVERTISEMENT_INTERVAL, "0s (expected: 1s to 255s)");
    }
    if (!new InternetChecksum().add(bytes, offset, length).isWhole()) {
      return new Malformed<>(Reason.CHECKSUM, "of the VRRPv2 message");
    }
    var addresses = new ArrayList<Inet4Address>();
    for (int i = 0; i < Bytes.u8(bytes, offset + 3); i++) {
      addresses.add(Bytes.ipv4(bytes, offset + HEADER + ADDRESS * i));
    }
    return new Decoded<>(
        new VrrpV2(
            new VirtualRouterId(id),
            new Priority(Bytes.u8(bytes, offset + 2)),
            Duration.ofSeconds(interval),
            addresses,
            type == SIMPLE_PASSWORD
                ? Password.of(Bytes.u64(bytes, offset + length - AUTHENTICATION_DATA))
                : Password.NONE));
  }

  /** Returns the bytes of the message. */
  public byte[] encode() {
    byte[] bytes = new byte[HEADER + ADDRESS * addresses.size() + AUTHENTICATION_DATA];
    Bytes.put8(bytes, 0, VrrpVersion.V2.number() << 4 | TYPE);
    Bytes.put8(bytes, 1, virtualRouterId.value());
    Bytes.put8(bytes, 2, priority.value());
    Bytes.put8(bytes, 3, addresses.size());
    Bytes.put8(bytes, 4, authentication.present() ? SIMPLE_PASSWORD : NO_AUTHENTICATION);
    Bytes.put8(bytes, 5, Math.toIntExact(interval.toSeconds()));
    for (int i = 0; i < addresses.size(); i++) {
      Bytes.put(bytes, HEADER + ADDRESS * i, addresses.get(i));
    }
    Bytes.put64(bytes, bytes.length - AUTHENTICATION_DATA, authentication.bits());
    Bytes.put16(bytes, 6, new InternetChecksum().add(bytes, 0, bytes.length).value());
    return bytes;
  }

  /**
   * The authentication data: eight bytes of password, or none.
   *
   * @param present whether there is a password
   * @param bits its bytes, the first one uppermost; 0 without
   */
  public record Password(boolean present, long bits) {
    /** No password. */
    public static final Password NONE = new Password(false, 0);

    /** Returns the password with these eight bytes. */
    public static Password of(long bits) {
      return new Password(true, bits);
    }

    /** Returns the password of a configuration. */
    public static Password of(io.lvs4j.api.vrrp.Authentication.Password password) {
      return of(Bytes.u64(password.padded(), 0));
    }

    /** Returns a text without the secret. */
    @Override
    public String toString() {
      return present ? "PASS" : "none";
    }
  }
}
