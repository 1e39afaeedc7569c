package io.lvs4j.core.proxy;

import static io.lvs4j.core.proxy.NettyFutures.completion;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Protocol;
import io.lvs4j.api.loop.LoopLogger;
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
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The socket of a UDP virtual server on one loop, and the sessions of the clients whose datagrams
 * the kernel gives to it, which are always the same ones.
 */
final class UdpListener extends ChannelInboundHandlerAdapter implements Acceptor {
  /** The largest datagram is 65,507 bytes; a smaller buffer would cut it off without a word. */
  static final RecvByteBufAllocator BUFFERS = new FixedRecvByteBufAllocator(65_536);

  private static final Duration REOPENED_AFTER = Duration.ofMillis(100);

  /** So many sessions end for a new one at most, when the limit has fallen. */
  private static final int MOST_DISPLACED = 8;

  private static final LoopLogger LOG = LoopLogger.of(UdpListener.class, System::nanoTime);

  /**
   * Tells one session from another.
   *
   * @param client address and port of the client
   * @param server null for an ordinary session; with one-packet scheduling a client has a session
   *     with each server that got a datagram of it
   */
  private record Key(InetSocketAddress client, InetAddress asked, @Nullable Endpoint server) {}

  /** A socket from which answers leave, and at which the datagrams for its address arrive. */
  final class Port extends ChannelInboundHandlerAdapter {
    private final DatagramChannel channel;

    /** The address that clients ask; of a socket at all addresses each datagram tells it. */
    private final InetAddress address;

    private Port(DatagramChannel channel, InetAddress address) {
      this.channel = channel;
      this.address = address;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      var packet = (DatagramPacket) message;
      try {
        // From port 0 means that no answer is wanted (RFC 768); no session could give one.
        if (packet.sender().getPort() != 0) {
          received(packet.sender(), asked(packet), packet.content());
        }
      } finally {
        packet.release();
      }
    }

    private InetAddress asked(DatagramPacket packet) {
      return address.isAnyLocalAddress() && service.areAnswersFromWhereAsked()
          ? packet.recipient().getAddress()
          : address;
    }

    /** Sends an answer, unless the socket's buffer is full. */
    void send(InetSocketAddress client, ByteBuf content) {
      if (!content.isReadable()) {
        content.release();
        sendEmpty(client);
      } else if (channel.isWritable()) {
        var _ = channel.write(new DatagramPacket(content, client), channel.voidPromise());
      } else {
        content.release();
      }
    }

    private void sendEmpty(InetSocketAddress client) {
      channel.flush();
      try {
        loop.transport().sendEmpty(channel, client);
      } catch (IOException e) {
        LOG.log(Level.DEBUG, () -> service.id() + ": " + e.getMessage(), e);
      }
    }

    void flush() {
      channel.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (cause instanceof IOException) {
        // A datagram that couldn't be sent, or a client that has gone: UDP promises nothing.
        LOG.log(Level.DEBUG, () -> service.id() + ": " + cause.getMessage(), cause);
        return;
      }
      loop.survived("a datagram of " + service.id(), cause);
      if (cause instanceof OutOfMemoryError) {
        // What couldn't be read is still there, and would be tried for ever.
        channel.config().setAutoRead(false);
        waiting = true;
        loop.retryAcceptsLater();
      }
    }
  }

  private DatagramChannel channel;
  private final ProxyLoop loop;
  private final UdpService service;
  private final Map<Key, UdpSession> sessions = new HashMap<>();
  private Port port;

  /** The sockets at single addresses of a virtual server that is at all of them. */
  private final Map<InetAddress, Port> ports = new HashMap<>();

  private boolean waiting;
  private volatile boolean closed;

  UdpListener(DatagramChannel channel, ProxyLoop loop, UdpService service) {
    this.channel = channel;
    this.loop = loop;
    this.service = service;
    this.port = new Port(channel, service.id().endpoint().address());
  }

  /**
   * Begins to receive.
   *
   * @param address where to; null if the socket is bound
   */
  CompletableFuture<?> begin(@Nullable InetSocketAddress address, boolean reusePort) {
    if (address != null && reusePort) {
      channel.config().setOption(UnixChannelOption.SO_REUSEPORT, true);
    }
    channel.config().setAllocator(loop.allocator());
    channel.config().setRecvByteBufAllocator(BUFFERS);
    loop.execute(() -> loop.add(this));
    if (service.areAnswersFromWhereAsked()) {
      loop.transport().tellRecipient(channel);
    }
    channel.pipeline().addLast(port, this);
    return completion(loop.register(channel))
        .thenCompose(registered ->
            address == null
                ? CompletableFuture.completedFuture(channel)
                : completion(channel.bind(address)));
  }

  /** Closes the sockets, and the sessions with them. */
  CompletableFuture<?> close() {
    closed = true;
    return loop.run(
            () -> {
              loop.remove(this);
              for (var each : ports.values()) {
                var _ = each.channel.close();
              }
            })
        .thenCompose(done -> NettyFutures.close(channel, loop));
  }

  /**
   * Takes another socket, at one of the addresses that the first one stands for. Called on any
   * thread.
   */
  void adopt(InetAddress address, DatagramChannel channel) {
    if (loop.eventLoop().inEventLoop()) {
      take(address, channel);
    } else {
      loop.execute(() -> take(address, channel));
    }
  }

  private void take(InetAddress address, DatagramChannel channel) {
    var taken = new Port(channel, address);
    channel.config().setAllocator(loop.allocator());
    channel.config().setRecvByteBufAllocator(BUFFERS);
    channel.pipeline().addLast(taken);
    var _ = loop.register(channel);
    if (closed) {
      var _ = channel.close();
    } else {
      ports.put(address, taken);
    }
  }

  /** Returns the socket from which answers leave that were asked for at an address. */
  private Port port(InetAddress asked) {
    if (!service.areAnswersFromWhereAsked()) {
      return port;
    }
    if (asked.isAnyLocalAddress()) {
      service.openAtNew();
    } else if (!ports.containsKey(asked)) {
      service.openAt(asked);
    }
    return ports.getOrDefault(asked, port);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    List.copyOf(sessions.values()).forEach(session -> session.end(Ending.CLOSED_BY_DIRECTOR));
    if (!closed) {
      // Netty closes a socket of NIO for whose datagram it finds no memory.
      loop.executeIn(REOPENED_AFTER, this::reopen);
    }
  }

  private void reopen() {
    if (closed) {
      return;
    }
    loop.remove(this);
    var address = service.id().endpoint().toSocketAddress();
    try {
      channel = loop.transport().newDatagramChannel(address.getAddress());
    } catch (ChannelException e) {
      loop.ranShort("socket of " + service.id(), e);
      loop.executeIn(REOPENED_AFTER, this::reopen);
      return;
    }
    port = new Port(channel, address.getAddress());
    waiting = false;
    var _ =
        begin(address, loop.transport().reusesPort())
            .whenComplete((_, failure) -> {
              if (failure != null) {
                LOG.log(Level.WARNING, () -> BindFailure.of(service.id(), failure).getMessage());
                var _ = channel.close();
              }
            });
  }

  @Override
  public boolean isWaiting() {
    return waiting;
  }

  @Override
  public void retry() {
    waiting = false;
    channel.config().setAutoRead(true);
    ports.values().forEach(each -> each.channel.config().setAutoRead(true));
  }

  private void received(InetSocketAddress client, InetAddress asked, ByteBuf content) {
    var elsewhere = service.owner(client, asked);
    if (elsewhere != null && elsewhere != this) {
      // The kernel deals datagrams anew when there is another socket at their address.
      content.retain();
      elsewhere.loop.execute(() -> {
        elsewhere.receivedHere(client, asked, content);
        content.release();
      });
    } else {
      receivedHere(client, asked, content);
    }
  }

  private void receivedHere(InetSocketAddress client, InetAddress asked, ByteBuf content) {
    var flow =
        new ConnectionFlow(
            Protocol.UDP,
            client,
            new InetSocketAddress(asked, service.id().endpoint().port()),
            service.arrival(),
            loop.random());
    var session =
        service.definition().isOnePacket() ? sessionOfOnePacket(flow) : sessionOfClient(flow);
    if (session != null) {
      session.forward(content.retain());
    }
  }

  private @Nullable UdpSession sessionOfClient(ConnectionFlow flow) {
    var key = new Key(flow.client(), flow.virtualAddress(), null);
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
    var key = new Key(flow.client(), flow.virtualAddress(), lease.destination().endpoint());
    var session = sessions.get(key);
    return session != null ? session : open(key, lease);
  }

  private @Nullable UdpSession open(Key key, Lease lease) {
    int hops = service.hops().of(Protocol.UDP, key.client());
    if (service.isCircling(key.client(), hops)) {
      lease.release();
      return null;
    }
    if (!take()) {
      lease.release();
      LOG.log(Level.WARNING, () -> service.id() + ": datagram of a new client dropped: no session");
      return null;
    }
    var toServer = socket(lease);
    if (toServer == null) {
      service.sessions().giveBack();
      lease.release();
      return null;
    }
    var session =
        new UdpSession(
            port(key.asked()),
            service,
            loop,
            key.client(),
            key.asked(),
            hops,
            lease,
            toServer,
            () -> ended(key));
    sessions.put(key, session);
    if (key.server() == null) {
      service.owns(key.client(), key.asked(), this);
    }
    try {
      session.begin();
    } catch (RuntimeException | Error e) {
      session.fault(e);
      return null;
    }
    return session;
  }

  /** Takes a session, of the one that has been idle the longest if there is none left. */
  private boolean take() {
    for (int i = 0; i < MOST_DISPLACED; i++) {
      if (service.sessions().take()) {
        return true;
      }
      LOG.log(
          Level.WARNING,
          () ->
              service.id()
                  + ": all "
                  + service.sessions().limit()
                  + " UDP sessions are in use; each new client takes the one that has been idle the"
                  + " longest (expected: more descriptors, by ulimit -n or LimitNOFILE=, or a"
                  + " shorter idle timeout)");
      if (!loop.endLongestIdleSession()) {
        return false;
      }
    }
    return false;
  }

  private @Nullable DatagramChannel socket(Lease lease) {
    var like = lease.address().getAddress();
    try {
      return loop.transport().newDatagramChannel(like);
    } catch (ChannelException e) {
      loop.ranShortOfSessions(service.id() + ": socket of a UDP session", e);
    }
    try {
      return loop.endLongestIdleSession() ? loop.transport().newDatagramChannel(like) : null;
    } catch (ChannelException e) {
      return null;
    }
  }

  private void ended(Key key) {
    sessions.remove(key);
    if (key.server() == null) {
      service.disowns(key.client(), key.asked(), this);
    }
    service.sessions().giveBack();
  }
}
