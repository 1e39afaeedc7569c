package io.lvs4j.core.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/**
 * Who speaks to whom, as the PROXY protocol says it before the first byte of a stream (HAProxy's
 * proxy-protocol.txt).
 *
 * @param source the client's address
 * @param sourcePort the client's port
 * @param destination the address that the client connected to
 * @param destinationPort the port that it connected to
 */
record ProxyHeader(
    InetAddress source, int sourcePort, InetAddress destination, int destinationPort) {

  static final byte[] SIGNATURE_V2 = {
    '\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'
  };

  /** The longest version 1 line, its end included (proxy-protocol.txt, 2.1). */
  static final int LONGEST_V1 = 107;

  /** Version 2, command PROXY. */
  static final int PROXY_V2 = 0x21;

  /** Version 2, command LOCAL: the sender speaks for itself. */
  static final int LOCAL_V2 = 0x20;

  static final int TCP_OVER_IPV4 = 0x11;
  static final int TCP_OVER_IPV6 = 0x21;

  /** Returns the version 1 line. */
  ByteBuf version1(ByteBufAllocator allocator) {
    String line =
        isOneFamily()
            ? String.join(
                " ",
                "PROXY",
                source instanceof Inet4Address ? "TCP4" : "TCP6",
                literal(source),
                literal(destination),
                Integer.toString(sourcePort),
                Integer.toString(destinationPort))
            : "PROXY UNKNOWN";
    var header = allocator.directBuffer(LONGEST_V1);
    header.writeCharSequence(line + "\r\n", StandardCharsets.US_ASCII);
    return header;
  }

  /** Returns the version 2 header, without extensions. */
  ByteBuf version2(ByteBufAllocator allocator) {
    var header = allocator.directBuffer(16 + 36);
    header.writeBytes(SIGNATURE_V2).writeByte(PROXY_V2);
    if (!isOneFamily()) {
      return header.writeByte(0).writeShort(0);
    }
    byte[] from = source.getAddress();
    byte[] to = destination.getAddress();
    return header
        .writeByte(source instanceof Inet4Address ? TCP_OVER_IPV4 : TCP_OVER_IPV6)
        .writeShort(from.length + to.length + 4)
        .writeBytes(from)
        .writeBytes(to)
        .writeShort(sourcePort)
        .writeShort(destinationPort);
  }

  // A header can't name two families; then it says nothing.
  private boolean isOneFamily() {
    return source.getClass() == destination.getClass();
  }

  private static String literal(InetAddress address) {
    String text = address.getHostAddress();
    int scope = address instanceof Inet6Address ? text.indexOf('%') : -1;
    return scope < 0 ? text : text.substring(0, scope);
  }
}
