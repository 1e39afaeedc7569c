package io.lvs4j.core.proxy;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One side of a relayed TCP connection: a socket that belongs to one event loop, on whose thread
 * everything is called. It tells its {@link TcpConnection} what happens to it, and goes silent once
 * it was closed or reset.
 */
interface Leg {
  /** Enters the loop's set with the socket of a client, if it isn't there yet. */
  default void begin() {}

  /**
   * Begins to connect; {@link TcpConnection#connected} or {@link TcpConnection#connectFailed}
   * follows, perhaps before this returns.
   *
   * @param server the real server
   * @param source the address to connect from, which need not be one of this host
   */
  void connect(InetSocketAddress server, @Nullable InetAddress source);

  /** Begins or goes on to hand over what the peer sends. */
  void resume();

  /** Stops that, so that TCP flow control stops the peer. A last piece may still come. */
  void pause();

  /** Takes bytes to send to the peer, and the buffer with them. */
  void write(ByteBuf bytes);

  /** Tells that what is written next is the last, so that the FIN may travel with it. */
  void endAfterNext();

  /** Sends what was written. */
  void flush();

  /**
   * Says whether the peer keeps up. If not, {@link TcpConnection#drained} tells when it has caught
   * up.
   */
  boolean isWritable();

  /** Returns how many written bytes the kernel hasn't taken yet. */
  long pending();

  /**
   * Sends a FIN after all that was written. If it has to wait, {@link TcpConnection#drained} tells
   * when it was sent.
   */
  void endOutput();

  /** Closes the socket, with a FIN if none was sent; nothing is pending. */
  void close();

  /** Closes the socket with a RST and drops what is pending. */
  void reset();

  /**
   * Does what can be done that {@link #reset} reaches the peer although the local address is no
   * longer on this host.
   */
  default void addressLost() {
    // The kernel drops the RST; the peer finds out when it speaks next, to whoever has the address.
  }

  /** Returns the local address; null while there is none yet. */
  @Nullable InetSocketAddress localAddress();
}
