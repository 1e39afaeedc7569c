package io.lvs4j.linux.socket;

import io.lvs4j.api.host.EchoRequest;
import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.linux.kernel.Capability;
import io.lvs4j.linux.kernel.Descriptor;
import io.lvs4j.linux.kernel.Errno;
import io.lvs4j.linux.kernel.Kernel;
import io.lvs4j.linux.kernel.Reception;
import io.lvs4j.linux.kernel.Refusal;
import io.lvs4j.linux.kernel.SocketConstants;
import io.lvs4j.linux.kernel.SystemCallException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.BiConsumer;

/**
 * A socket for echo requests of one family: the kernel's own for them, which takes no privilege
 * where {@code net.ipv4.ping_group_range} allows it, else a raw one (CAP_NET_RAW).
 */
public final class EchoSocket implements AutoCloseable {
  // include/uapi/linux/icmp.h, icmpv6.h and in.h
  private static final int SOL_RAW = 255;
  private static final int ICMP_FILTER = 1;
  private static final int ICMPV6_FILTER = 1;
  private static final int ECHO_REPLY_ONLY = ~1;
  private static final int ECHO_REPLY_V6 = 129;
  private static final int IPV6_FILTER_BYTES = 32;
  private static final int ANY_IDENTIFIER = -1;
  private static final int IDENTIFIERS = 0x10000;
  private static final int RECEIVE_BUFFER = 1 << 20;

  private final Kernel kernel;
  private final Descriptor descriptor;
  private final boolean ipv6;
  private final boolean raw;
  private final int identifier;
  private final Reception reception = new Reception(EchoMessage.LONGEST, 0);

  private EchoSocket(
      Kernel kernel, Descriptor descriptor, boolean ipv6, boolean raw, int identifier) {
    this.kernel = kernel;
    this.descriptor = descriptor;
    this.ipv6 = ipv6;
    this.raw = raw;
    this.identifier = identifier;
  }

  /**
   * Opens a socket in the network namespace of the calling thread.
   *
   * @param identifier tells the replies of a raw socket from those of others on this host; its last
   *     16 bits count
   * @throws SystemCallException when neither kind can be had, or the way is refused
   */
  public static EchoSocket open(Kernel kernel, EchoRequest route, int identifier)
      throws HostNetworkException {
    boolean ipv6 = route.to() instanceof Inet6Address;
    int domain = ipv6 ? SocketConstants.AF_INET6 : SocketConstants.AF_INET;
    int protocol = ipv6 ? SocketConstants.IPPROTO_ICMPV6 : SocketConstants.IPPROTO_ICMP;
    int flags = SocketConstants.SOCK_NONBLOCK | SocketConstants.SOCK_CLOEXEC;
    int opened = kernel.socket(domain, SocketConstants.SOCK_DGRAM | flags, protocol);
    boolean raw = opened < 0;
    if (raw && !isLackOfResources(opened)) {
      opened = kernel.socket(domain, SocketConstants.SOCK_RAW | flags, protocol);
    }
    var what = (ipv6 ? "ICMPv6" : "ICMP") + " echo socket";
    Refusal.check(opened, Capability.NET_RAW, "open " + what);
    var descriptor = new Descriptor(kernel, opened, what);
    int own = raw ? Math.floorMod(identifier, IDENTIFIERS) : ANY_IDENTIFIER;
    var socket = new EchoSocket(kernel, descriptor, ipv6, raw, own);
    try {
      socket.prepare(route);
      return socket;
    } catch (HostNetworkException | RuntimeException refused) {
      descriptor.close();
      throw refused;
    }
  }

  private static boolean isLackOfResources(int result) {
    return switch (Errno.ofResult(result).toString()) {
      case "EMFILE", "ENFILE", "ENOMEM", "ENOBUFS" -> true;
      default -> false;
    };
  }

  private void prepare(EchoRequest route) throws HostNetworkException {
    if (raw) {
      filter();
    }
    // Best effort: the usual size holds some hundred replies.
    int _ = set(SocketConstants.SOL_SOCKET, SocketConstants.SO_RCVBUF, number(RECEIVE_BUFFER));
    if (route.bindInterface().isPresent()) {
      var name = route.bindInterface().get();
      check(
          set(
              SocketConstants.SOL_SOCKET,
              SocketConstants.SO_BINDTODEVICE,
              name.getBytes(StandardCharsets.UTF_8)),
          Capability.NET_RAW,
          "send through " + name);
    }
    if (route.firewallMark().isPresent()) {
      long mark = route.firewallMark().getAsLong();
      check(
          set(SocketConstants.SOL_SOCKET, SocketConstants.SO_MARK, number((int) mark)),
          Capability.NET_ADMIN,
          "mark packets with " + mark);
    }
    if (route.bindAddress().isPresent()) {
      var address = route.bindAddress().get();
      check(
          kernel.bind(descriptor.value(), SocketAddresses.ip(address, scope(address))),
          Capability.NET_RAW,
          "bind to " + address.getHostAddress());
    }
  }

  /** A raw socket hears all of ICMP; this one wants replies only. */
  private void filter() throws HostNetworkException {
    if (ipv6) {
      var all = new byte[IPV6_FILTER_BYTES];
      Arrays.fill(all, (byte) 0xff);
      var words = ByteBuffer.wrap(all).order(ByteOrder.nativeOrder());
      int word = ECHO_REPLY_V6 / Integer.SIZE * Integer.BYTES;
      words.putInt(word, words.getInt(word) & ~(1 << (ECHO_REPLY_V6 % Integer.SIZE)));
      check(
          set(SocketConstants.IPPROTO_ICMPV6, ICMPV6_FILTER, all),
          Capability.NET_RAW,
          "filter ICMPv6");
    } else {
      check(set(SOL_RAW, ICMP_FILTER, number(ECHO_REPLY_ONLY)), Capability.NET_RAW, "filter ICMP");
    }
  }

  private int set(int level, int option, byte[] value) {
    return kernel.setOption(descriptor.value(), level, option, value);
  }

  private void check(int result, Capability needed, String operation) throws HostNetworkException {
    Refusal.check(result, needed, descriptor + ": " + operation);
  }

  private static byte[] number(int value) {
    return SocketSetup.bytes(value);
  }

  private static int scope(InetAddress address) {
    return address instanceof Inet6Address six ? six.getScopeId() : 0;
  }

  /** Returns the descriptor to wait for. */
  public Descriptor descriptor() {
    return descriptor;
  }

  /** Says whether it is a raw socket. */
  public boolean isRaw() {
    return raw;
  }

  /**
   * Sends a request.
   *
   * @return 0 or more, or the negated {@link Errno}
   */
  public int send(EchoRequest request, long token) {
    var message = EchoMessage.request(ipv6, Math.max(0, identifier), token, request.size());
    var address = SocketAddresses.ip(request.to(), scope(request.to()));
    int result;
    do {
      result = kernel.send(descriptor.value(), message, address, SocketConstants.MSG_DONTWAIT);
    } while (Errno.EINTR.is(result));
    return result;
  }

  /** Hands over the replies that have arrived, without waiting: the token and the sender. */
  public void receive(int most, BiConsumer<Long, byte[]> consumer) throws HostNetworkException {
    for (int i = 0; i < most; i++) {
      int result = kernel.receive(descriptor.value(), reception, SocketConstants.MSG_DONTWAIT);
      if (Errno.EAGAIN.is(result)) {
        return;
      }
      if (Errno.EINTR.is(result) || Errno.ENETDOWN.is(result)) {
        continue;
      }
      Refusal.check(result, Capability.NET_RAW, "read " + descriptor);
      // A raw socket of IPv4 shows the IP header too, ip(7); the others don't.
      int offset = raw && !ipv6 ? (reception.data()[0] & 0xf) * Integer.BYTES : 0;
      EchoMessage.token(ipv6, identifier, reception.data(), offset, reception.length())
          .ifPresent(token -> consumer.accept(token, sender()));
    }
  }

  private byte[] sender() {
    return ipv6
        ? Arrays.copyOfRange(reception.address(), 8, 24)
        : Arrays.copyOfRange(reception.address(), 4, 8);
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
