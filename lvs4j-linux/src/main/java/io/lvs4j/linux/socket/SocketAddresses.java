package io.lvs4j.linux.socket;

import io.lvs4j.linux.kernel.Layouts;
import io.lvs4j.linux.kernel.SocketConstants;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The kernel's forms of socket addresses: {@code sockaddr_in}, {@code _in6} and {@code _ll}. */
final class SocketAddresses {
  private SocketAddresses() {}

  /**
   * Returns the address of an IP protocol, without a port.
   *
   * @param scope the interface of a link-local IPv6 address; 0 for none
   */
  static byte[] ip(InetAddress address, int scope) {
    if (address instanceof Inet6Address) {
      boolean scoped = address.isLinkLocalAddress() || address.isMulticastAddress();
      return ByteBuffer.allocate(Layouts.SOCKADDR_IN6)
          .order(ByteOrder.nativeOrder())
          .putShort((short) SocketConstants.AF_INET6)
          .position(8)
          .put(address.getAddress())
          .putInt(scoped ? scope : 0)
          .array();
    }
    return ByteBuffer.allocate(Layouts.SOCKADDR_IN)
        .order(ByteOrder.nativeOrder())
        .putShort((short) SocketConstants.AF_INET)
        .position(4)
        .put(address.getAddress())
        .array();
  }

  /** Returns the address of a packet socket: a protocol of Ethernet on an interface. */
  static byte[] link(int etherType, int interfaceIndex) {
    return ByteBuffer.allocate(Layouts.SOCKADDR_LL)
        .order(ByteOrder.nativeOrder())
        .putShort((short) SocketConstants.AF_PACKET)
        .putShort(networkOrder(etherType))
        .putInt(interfaceIndex)
        .array();
  }

  /** Returns a number of 16 bits as a C program would keep it after {@code htons}. */
  static short networkOrder(int value) {
    short host = (short) value;
    return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? host : Short.reverseBytes(host);
  }
}
