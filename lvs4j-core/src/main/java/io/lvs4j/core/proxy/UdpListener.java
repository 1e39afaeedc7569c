package io.lvs4j.core.proxy;

import static io.lvs4j.core.proxy.NettyFutures.completion;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Protocol;
import io.lvs4j.core.balance.ConnectionFlow;
import io.lvs4j.core.balance.Lease;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.UnixChannelOption;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The socket of a UDP virtual server on one loop, and the sessions of the clients whose datagrams
 * the kernel gives to it, which are always the same ones.
 */
final class UdpListener extends ChannelInboundHandlerAdapter {
  /** The largest datagram is 65,507 bytes; a smaller buffer would cut it off without a word. */
  static final RecvByteBufAllocator BUFFERS = new FixedRecvByteBufAllocator(65_536);

  private static final System.Logger LOG = System.getLogger(UdpListener.class.getName());

  /**
   * Tells one session from another.
   *
   * @param client address and port of the client
   * @param server null for an ordinary session; with one-packet scheduling a client has a session
   *     with each server that got a datagram of it
   */
  private record Key(InetSocketAddress client, @Nullable Endpoint server) {}

  private final DatagramChannel channel;
  private final ProxyLoop loop;
  private final UdpService service;
  private final Map<Key, UdpSession> sessions = new HashMap<>();
  private boolean refusing;

  UdpListener(DatagramChannel channel, ProxyLoop loop, UdpService service) {
    this.channel = channel;
    this.loop = loop;
    this.service = service;
  }

  CompletableFuture<?> bind(InetSocketAddress address, boolean reusePort) {
    if (reusePort) {
      channel.config().setOption(UnixChannelOption.SO_REUSEPORT, true);
    }
    channel.config().setRecvByteBufAllocator(BUFFERS);
    channel.pipeline().addLast(this);
    return completion(loop.register(channel)).thenCompose(ok -> completion(channel.bind(address)));
  }

  /** Closes the socket, and the sessions with it. */
  CompletableFuture<?> close() {
    return NettyFutures.close(channel, loop);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    List.copyOf(sessions.values()).forEach(session -> session.end(Ending.CLOSED_BY_DIRECTOR));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    var packet = (DatagramPacket) message;
    try {
      // From port 0 means that no answer is wanted (RFC 768); no session could give one.
      if (packet.sender().getPort() != 0) {
        received(packet.sender(), packet.content());
      }
    } finally {
      packet.release();
    }
  }

  private void received(InetSocketAddress client, ByteBuf content) {
    var flow =
        new ConnectionFlow(
            Protocol.UDP,
            client,
            service.id().endpoint().toSocketAddress(),
            service.arrival(),
            loop.random());
    var session =
        service.definition().isOnePacket() ? sessionOfOnePacket(flow) : sessionOfClient(flow);
    if (session != null) {
      session.forward(content.retain());
    }
  }

  private @Nullable UdpSession sessionOfClient(ConnectionFlow flow) {
    var key = new Key(flow.client(), null);
    var session = sessions.get(key);
    if (session != null) {
      if (service.isServedBy(session.destination())) {
        return session;
      }
      session.end(Ending.SERVER_REMOVED);
    }
    var lease = service.balancer().assign(flow);
    return lease == null ? null : open(key, lease);
  }

  private @Nullable UdpSession sessionOfOnePacket(ConnectionFlow flow) {
    var lease = service.balancer().assignOnce(flow);
    if (lease == null) {
      return null;
    }
    var key = new Key(flow.client(), lease.destination().endpoint());
    var session = sessions.get(key);
    return session != null ? session : open(key, lease);
  }

  private @Nullable UdpSession open(Key key, Lease lease) {
    if (!service.takeSession()) {
      lease.release();
      refuse("no session left");
      return null;
    }
    DatagramChannel toServer;
    try {
      toServer = loop.transport().newDatagramChannel(lease.address().getAddress());
    } catch (ChannelException e) {
      service.returnSession();
      lease.release();
      refuse(String.valueOf(e.getMessage()));
      return null;
    }
    refusing = false;
    var session =
        new UdpSession(this, service, loop, key.client(), lease, toServer, () -> ended(key));
    sessions.put(key, session);
    session.begin();
    return session;
  }

  private void ended(Key key) {
    sessions.remove(key);
    service.returnSession();
  }

  private void refuse(String reason) {
    if (!refusing) {
      refusing = true;
      LOG.log(Level.WARNING, () -> service.id() + ": datagrams of new clients dropped: " + reason);
    }
  }

  /** Sends an answer from the virtual address, unless the socket's buffer is full. */
  void answer(InetSocketAddress client, ByteBuf content) {
    if (channel.isWritable()) {
      var _ = channel.write(new DatagramPacket(content, client), channel.voidPromise());
    } else {
      content.release();
    }
  }

  void flush() {
    channel.flush();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // A datagram that couldn't be sent, or a client that has gone: UDP promises nothing.
    LOG.log(Level.DEBUG, () -> service.id() + ": " + cause.getMessage(), cause);
  }
}
