package io.lvs4j.lab.network;

import io.lvs4j.api.host.HardwareAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A frame with its headers read, from the outermost to the innermost, through tunnels too: IP in
 * IP, GRE, and GUE where it is to its own port.
 *
 * @param from the card that it came from
 * @param to the card that it went to
 * @param headers those that are known; empty when it isn't IP
 */
public record Packet(Instant at, HardwareAddress from, HardwareAddress to, List<Header> headers) {
  /** The UDP port of Generic UDP Encapsulation. */
  public static final int GUE_PORT = 6080;

  private static final int MAC = 6;
  private static final int ETHERTYPE_IPV4 = 0x0800;
  private static final int ETHERTYPE_IPV6 = 0x86dd;
  private static final int ICMP = 1;
  private static final int IP_IN_IP = 4;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int IPV6_IN_IP = 41;
  private static final int GRE = 47;
  private static final int ICMPV6 = 58;

  /** A header. */
  public sealed interface Header {}

  /** That of IPv4 or IPv6. */
  public record Ip(InetAddress source, InetAddress destination, int protocol, int timeToLive)
      implements Header {}

  /** That of TCP. */
  public record Tcp(int sourcePort, int destinationPort, boolean syn, boolean ack, boolean reset)
      implements Header {}

  /** That of UDP. */
  public record Udp(int sourcePort, int destinationPort, int checksum) implements Header {}

  /** That of GRE; it may carry a checksum of all that follows. */
  public record Gre(boolean checksummed) implements Header {}

  /** That of GUE, behind that of UDP. */
  public record Gue(int protocol) implements Header {}

  /** That of ICMP for either family. */
  public record Icmp(int type, int code) implements Header {}

  /** Copies the headers. */
  public Packet {
    headers = List.copyOf(headers);
  }

  static Packet of(Instant at, byte[] bytes) {
    var frame = ByteBuffer.wrap(bytes);
    byte[] to = new byte[MAC];
    byte[] from = new byte[MAC];
    frame.get(to).get(from);
    var headers = new ArrayList<Header>();
    int type = unsignedShort(frame);
    if (type == ETHERTYPE_IPV4) {
      ipv4(frame, headers);
    } else if (type == ETHERTYPE_IPV6) {
      ipv6(frame, headers);
    }
    return new Packet(at, HardwareAddress.of(from), HardwareAddress.of(to), headers);
  }

  /** Returns the outermost IP header. */
  public Optional<Ip> ip() {
    return first(Ip.class);
  }

  /** Returns the innermost IP header, that of the packet as its sender made it. */
  public Optional<Ip> innerIp() {
    return headers.stream()
        .filter(Ip.class::isInstance)
        .map(Ip.class::cast)
        .reduce((_, later) -> later);
  }

  /** Returns the header of TCP. */
  public Optional<Tcp> tcp() {
    return first(Tcp.class);
  }

  /** Returns the first header of a kind. */
  public <T extends Header> Optional<T> first(Class<T> kind) {
    return headers.stream().filter(kind::isInstance).map(kind::cast).findFirst();
  }

  private static void ipv4(ByteBuffer bytes, List<Header> headers) {
    int start = bytes.position();
    int length = (bytes.get(start) & 0xf) * 4;
    int protocol = bytes.get(start + 9) & 0xff;
    int timeToLive = bytes.get(start + 8) & 0xff;
    boolean first = (bytes.getShort(start + 6) & 0x1fff) == 0;
    headers.add(
        new Ip(address(bytes, start + 12, 4), address(bytes, start + 16, 4), protocol, timeToLive));
    if (first) {
      within(bytes.position(start + length), protocol, headers);
    }
  }

  private static void ipv6(ByteBuffer bytes, List<Header> headers) {
    int start = bytes.position();
    int protocol = bytes.get(start + 6) & 0xff;
    int hopLimit = bytes.get(start + 7) & 0xff;
    headers.add(
        new Ip(address(bytes, start + 8, 16), address(bytes, start + 24, 16), protocol, hopLimit));
    bytes.position(start + 40);
    // The one extension header that the kernel's tunnels add: a limit of encapsulation.
    if (protocol == 60) {
      protocol = bytes.get(start + 40) & 0xff;
      bytes.position(start + 48);
    }
    within(bytes, protocol, headers);
  }

  private static void within(ByteBuffer bytes, int protocol, List<Header> headers) {
    switch (protocol) {
      case IP_IN_IP -> ipv4(bytes, headers);
      case IPV6_IN_IP -> ipv6(bytes, headers);
      case TCP -> tcp(bytes, headers);
      case UDP -> udp(bytes, headers);
      case GRE -> gre(bytes, headers);
      case ICMP, ICMPV6 -> headers.add(new Icmp(bytes.get() & 0xff, bytes.get() & 0xff));
      default -> {}
    }
  }

  private static void tcp(ByteBuffer bytes, List<Header> headers) {
    int flags = bytes.get(bytes.position() + 13);
    headers.add(
        new Tcp(
            unsignedShort(bytes),
            unsignedShort(bytes),
            (flags & 0x02) != 0,
            (flags & 0x10) != 0,
            (flags & 0x04) != 0));
  }

  private static void udp(ByteBuffer bytes, List<Header> headers) {
    int sourcePort = unsignedShort(bytes);
    int destinationPort = unsignedShort(bytes);
    unsignedShort(bytes); // the length
    headers.add(new Udp(sourcePort, destinationPort, unsignedShort(bytes)));
    if (destinationPort == GUE_PORT) {
      int length = (bytes.get(bytes.position()) & 0x1f) * 4;
      int protocol = bytes.get(bytes.position() + 1) & 0xff;
      headers.add(new Gue(protocol));
      within(bytes.position(bytes.position() + 4 + length), protocol, headers);
    }
  }

  private static void gre(ByteBuffer bytes, List<Header> headers) {
    boolean checksummed = bytes.get(bytes.position()) < 0;
    headers.add(new Gre(checksummed));
    int type = bytes.getShort(bytes.position() + 2) & 0xffff;
    bytes.position(bytes.position() + (checksummed ? 8 : 4));
    if (type == ETHERTYPE_IPV4) {
      ipv4(bytes, headers);
    } else if (type == ETHERTYPE_IPV6) {
      ipv6(bytes, headers);
    }
  }

  private static InetAddress address(ByteBuffer bytes, int offset, int length) {
    byte[] address = new byte[length];
    bytes.get(offset, address);
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException impossible) {
      throw new AssertionError("4 or 16 bytes are an address", impossible);
    }
  }

  private static int unsignedShort(ByteBuffer bytes) {
    return bytes.getShort() & 0xffff;
  }
}
