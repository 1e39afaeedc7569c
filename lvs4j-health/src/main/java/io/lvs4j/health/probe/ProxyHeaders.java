package io.lvs4j.health.probe;

import io.lvs4j.api.ClientAddress;
import io.lvs4j.api.Endpoint;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;

/** The begin of a check's connection by the PROXY protocol (HAProxy's proxy-protocol.txt). */
final class ProxyHeaders {
  /** The signature of version 2, the command LOCAL, no family, no addresses. */
  private static final byte[] LOCAL_V2 = {
    '\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n', 0x20, 0, 0, 0
  };

  private ProxyHeaders() {}

  static ByteBuf of(ClientAddress version, SocketAddress from, SocketAddress to) {
    return version == ClientAddress.PROXY_PROTOCOL_V2
        ? Unpooled.copiedBuffer(LOCAL_V2)
        : Unpooled.copiedBuffer(line(from, to), StandardCharsets.US_ASCII);
  }

  private static String line(SocketAddress from, SocketAddress to) {
    if (from instanceof InetSocketAddress source && to instanceof InetSocketAddress destination) {
      var family = source.getAddress() instanceof Inet4Address ? "TCP4 " : "TCP6 ";
      return "PROXY "
          + family
          + literal(source)
          + " "
          + literal(destination)
          + " "
          + source.getPort()
          + " "
          + destination.getPort()
          + "\r\n";
    }
    return "PROXY UNKNOWN\r\n";
  }

  /** Returns an address without its zone, which means nothing to the other side. */
  private static String literal(InetSocketAddress address) {
    return Endpoint.literal(address.getAddress()).replaceFirst("%.*", "");
  }
}
