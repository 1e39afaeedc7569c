package io.lvs4j.core.proxy;

import io.netty.channel.ChannelException;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** A TCP socket by its descriptor. */
final class EpollSocket extends Socket {
  // include/uapi/linux/in.h and in6.h
  private static final int IPPROTO_IP = 0;
  private static final int IPPROTO_TCP = 6;
  private static final int IP_TRANSPARENT = 19;
  private static final int IP_BIND_ADDRESS_NO_PORT = 24;
  private static final int IPPROTO_IPV6 = 41;
  private static final int IPV6_TRANSPARENT = 75;

  // include/uapi/linux/tcp.h
  private static final int TCP_CORK = 3;

  private static final int IP_FREEBIND = 15;
  private static final int IPV6_FREEBIND = 78;

  private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(1);

  EpollSocket(int descriptor) {
    super(descriptor);
  }

  /** Opens a socket for addresses of one family; of IPv6 it serves IPv4 too. */
  static EpollSocket open(InetAddress like) throws IOException {
    try {
      return new EpollSocket(newSocketStream0(like instanceof Inet6Address));
    } catch (ChannelException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Opens a UDP socket for addresses of one family. */
  static EpollSocket openDatagram(InetAddress like) throws IOException {
    try {
      return new EpollSocket(newSocketDgram0(like instanceof Inet6Address));
    } catch (ChannelException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Sends a datagram without payload from a socket that is connected. */
  void sendEmpty() throws IOException {
    send(NOTHING, 0, 0);
  }

  /** Sends a datagram without payload. */
  void sendEmpty(InetSocketAddress to) throws IOException {
    sendTo(NOTHING, 0, 0, to.getAddress(), to.getPort());
  }

  /** Lets the socket take an address that isn't the host's. Needs CAP_NET_ADMIN. */
  void setTransparent() throws IOException {
    if (ipv6) {
      setIntOpt(IPPROTO_IPV6, IPV6_TRANSPARENT, 1);
    } else {
      setIntOpt(IPPROTO_IP, IP_TRANSPARENT, 1);
    }
  }

  /** Lets the socket be bound to an address that isn't here yet (include/uapi/linux/in.h). */
  void setFreeBind() throws IOException {
    setIntOpt(ipv6 ? IPPROTO_IPV6 : IPPROTO_IP, ipv6 ? IPV6_FREEBIND : IP_FREEBIND, 1);
  }

  /** Keeps back what doesn't fill a segment, until the FIN takes it along. */
  void cork() throws IOException {
    setIntOpt(IPPROTO_TCP, TCP_CORK, 1);
  }

  /** Leaves the choice of the local port to connect, which knows which ones are free for it. */
  void setBindAddressNoPort() throws IOException {
    setIntOpt(IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
  }
}
