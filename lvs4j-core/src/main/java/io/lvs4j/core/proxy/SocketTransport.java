package io.lvs4j.core.proxy;

import io.lvs4j.api.Protocol;
import io.netty.channel.Channel;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.socket.DatagramChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The way to the host's sockets: what differs between epoll, io_uring and Java NIO. */
interface SocketTransport {
  /** Returns what people call it. */
  String name();

  /** Returns what drives the event loops. */
  IoHandlerFactory handlers();

  /** Puts a guard around the handle of a netty channel, which is of the kind that they handle. */
  IoHandle guarded(IoHandle handle, Channel channel);

  /** Says whether each loop can have a socket of its own for one address (SO_REUSEPORT). */
  boolean reusesPort();

  /** Returns how long an event loop has to go on after its last socket was closed. */
  Duration lingering();

  /** Says whether a socket can take an address that isn't the host's (IP_TRANSPARENT). */
  boolean isTransparencySupported();

  /**
   * Tries whether this process may do that.
   *
   * @throws IOException when it may not
   */
  void probeTransparency(InetAddress like) throws IOException;

  /**
   * Tries whether this process may listen at an address, which need not be on this host.
   *
   * @throws IOException when it may not, or somebody else does
   */
  void probeBind(Protocol protocol, InetSocketAddress address) throws IOException;

  /**
   * Returns the leg to a real server, not connected yet.
   *
   * @throws IOException when there are no descriptors left
   */
  Leg newLeg(TcpConnection connection, InetAddress server) throws IOException;

  /**
   * Begins to accept connections for a service, spread over all loops.
   *
   * @return completes when it does, or with the exception of the bind and nothing of it left
   */
  CompletionStage<Listener> listen(
      InetSocketAddress address, List<ProxyLoop> loops, TcpService service);

  /** Returns a UDP socket for addresses of the same family as this one, not bound yet. */
  DatagramChannel newDatagramChannel(InetAddress like);

  /** Sets up a UDP socket to take an address that isn't the host's. */
  void makeTransparent(DatagramChannel channel);

  /** Connects a UDP socket, so that the kernel tells of an unreachable port. */
  CompletableFuture<?> connect(
      DatagramChannel channel, InetSocketAddress to, @Nullable InetAddress source);

  /** Returns where a connected UDP socket is. */
  InetSocketAddress localAddress(DatagramChannel channel);

  /**
   * Sends a datagram without payload, which netty's channels drop. Dropped here too where the
   * transport can't.
   *
   * @param to null for a socket that is connected
   */
  void sendEmpty(DatagramChannel channel, @Nullable InetSocketAddress to) throws IOException;

  /**
   * Says whether a socket at all addresses can tell which one a datagram was sent to, so that the
   * answer can leave from there.
   */
  boolean isRecipientTold();

  /** Lets a socket tell it, of datagrams over IPv4. */
  void tellRecipient(DatagramChannel channel);

  /**
   * Binds sockets to one address, beside those that have it as one of all. The kernel deals the
   * datagrams of a client to the same one, by its place among them.
   */
  List<DatagramChannel> bindTogether(InetSocketAddress address, int number) throws IOException;

  /** What accepts the connections of one address. */
  interface Listener {
    /** Stops. Completes when the address is free again. */
    CompletionStage<?> close();
  }
}
