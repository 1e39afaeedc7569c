package io.lvs4j.vrrp.wire;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.host.InternetChecksum;
import io.lvs4j.api.vrrp.ChecksumDialect;
import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.VirtualRouterId;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.vrrp.wire.Decoding.Decoded;
import io.lvs4j.vrrp.wire.Decoding.Malformed;
import io.lvs4j.vrrp.wire.Decoding.Reason;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A VRRPv3 advertisement (RFC 9568 section 5.2), over IPv4 or IPv6.
 *
 * @param virtualRouterId which virtual router it is about
 * @param priority the sender's priority
 * @param interval hundredths of a second, 10 ms to 40.95 s
 * @param addresses the virtual addresses, all of the family that the advert travels in
 * @param coverage what the checksum covers
 */
public record VrrpV3(
    VirtualRouterId virtualRouterId,
    Priority priority,
    Duration interval,
    List<InetAddress> addresses,
    Coverage coverage)
    implements Advert {

  private static final int HEADER = 8;

  /** The upper four bits are reserved; they are sent as 0 and not looked at. */
  private static final int INTERVAL_MASK = 0xfff;

  private static final Duration HUNDREDTH = Duration.ofMillis(10);

  /** Copies the addresses. */
  public VrrpV3 {
    addresses = List.copyOf(addresses);
  }

  /** What a checksum covers. Over IPv6 it is always the pseudo header and the message. */
  public enum Coverage {
    /** The pseudo header of the packet and the message: keepalived, FRR. */
    PSEUDO_HEADER,
    /** The message alone: RFC 9568 section 5.2.8 for IPv4. */
    MESSAGE,
    /**
     * A pseudo header with the multicast group, though the packet is unicast: keepalived up to
     * 1.3.6 and its {@code old_unicast_checksum}.
     */
    MULTICAST_PSEUDO_HEADER;

    /** Returns what a configuration asks for. */
    public static Coverage of(ChecksumDialect dialect, AddressFamily family) {
      return dialect == ChecksumDialect.RFC_9568 && family == AddressFamily.IPV4
          ? MESSAGE
          : PSEUDO_HEADER;
    }
  }

  @Override
  public VrrpVersion version() {
    return VrrpVersion.V3;
  }

  /** Returns how long the advert is that begins with this header. */
  static int expectedLength(byte[] bytes, int offset, AddressFamily family) {
    return HEADER + family.bits() / 8 * Bytes.u8(bytes, offset + 3);
  }

  /** Reads an advert that is exactly as long as it says; its version has been looked at. */
  static Decoding<Advert> decode(
      byte[] bytes, int offset, int length, InetAddress source, InetAddress destination) {
    int id = Bytes.u8(bytes, offset + 1);
    if (id == 0) {
      return new Malformed<>(Reason.VIRTUAL_ROUTER_ID, "0 (expected: 1-255)");
    }
    int hundredths = Bytes.u16(bytes, offset + 4) & INTERVAL_MASK;
    if (hundredths == 0) {
      return new Malformed<>(Reason.ADVERTISEMENT_INTERVAL, "0s (expected: 0.01s to 40.95s)");
    }
    var family = AddressFamily.of(source);
    for (var coverage : Coverage.values()) {
      if (sum(bytes, offset, length, coverage, source, destination).isWhole()) {
        return new Decoded<>(
            new VrrpV3(
                new VirtualRouterId(id),
                new Priority(Bytes.u8(bytes, offset + 2)),
                HUNDREDTH.multipliedBy(hundredths),
                addresses(bytes, offset, family),
                coverage));
      }
      if (family == AddressFamily.IPV6) {
        break;
      }
    }
    return new Malformed<>(Reason.CHECKSUM, "of the VRRPv3 message");
  }

  private static List<InetAddress> addresses(byte[] bytes, int offset, AddressFamily family) {
    var addresses = new ArrayList<InetAddress>();
    for (int i = 0; i < Bytes.u8(bytes, offset + 3); i++) {
      addresses.add(
          switch (family) {
            case IPV4 -> Bytes.ipv4(bytes, offset + HEADER + 4 * i);
            case IPV6 -> Bytes.ipv6(bytes, offset + HEADER + 16 * i);
          });
    }
    return addresses;
  }

  /** Returns the bytes of the message as it goes from one address to another. */
  public byte[] encode(InetAddress source, InetAddress destination) {
    int size = AddressFamily.of(source).bits() / 8;
    byte[] bytes = new byte[HEADER + size * addresses.size()];
    Bytes.put8(bytes, 0, VrrpVersion.V3.number() << 4 | TYPE);
    Bytes.put8(bytes, 1, virtualRouterId.value());
    Bytes.put8(bytes, 2, priority.value());
    Bytes.put8(bytes, 3, addresses.size());
    Bytes.put16(bytes, 4, Math.toIntExact(interval.dividedBy(HUNDREDTH)));
    for (int i = 0; i < addresses.size(); i++) {
      Bytes.put(bytes, HEADER + size * i, addresses.get(i));
    }
    Bytes.put16(bytes, 6, sum(bytes, 0, bytes.length, coverage, source, destination).value());
    return bytes;
  }

  private static InternetChecksum sum(
      byte[] bytes,
      int offset,
      int length,
      Coverage coverage,
      InetAddress source,
      InetAddress destination) {
    var sum = new InternetChecksum().add(bytes, offset, length);
    return switch (coverage) {
      case PSEUDO_HEADER -> sum.addPseudoHeader(source, destination, PROTOCOL, length);
      case MULTICAST_PSEUDO_HEADER ->
          sum.addPseudoHeader(source, MulticastGroups.IPV4, PROTOCOL, length);
      case MESSAGE -> sum;
    };
  }
}
