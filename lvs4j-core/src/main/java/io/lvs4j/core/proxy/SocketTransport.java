package io.lvs4j.core.proxy;

import io.netty.channel.IoHandlerFactory;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The way to the host's sockets: what differs between epoll, io_uring and Java NIO. */
interface SocketTransport {
  /** Returns what drives the event loops. */
  IoHandlerFactory handlers();

  /** Returns the leg to a real server, not connected yet. */
  Leg newLeg(TcpConnection connection);

  /**
   * Begins to accept connections for a service, spread over all loops.
   *
   * @return completes when it does, or with the exception of the bind and nothing of it left
   */
  CompletionStage<TcpListener> listen(
      InetSocketAddress address, List<ProxyLoop> loops, TcpService service);

  /** What accepts the connections of one address. */
  interface TcpListener {
    /** Stops. Completes when the address is free again. */
    CompletionStage<?> close();
  }
}
