package io.lvs4j.core.proxy;

import static io.lvs4j.core.proxy.NettyFutures.completion;

import io.lvs4j.api.Protocol;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.AttributeKey;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sockets as netty channels: Java NIO, which is everywhere, and io_uring. */
final class ChannelTransport implements SocketTransport {
  /** What is below a channel of NIO. */
  private static final AttributeKey<java.nio.channels.DatagramChannel> SOCKET =
      AttributeKey.valueOf(ChannelTransport.class, "SOCKET");

  private final String name;
  private final IoHandlerFactory handlers;
  private final BiFunction<IoHandle, Channel, IoHandle> guard;
  private final boolean reusesPort;
  private final Duration lingering;
  private final Function<SocketProtocolFamily, ServerSocketChannel> servers;
  private final Supplier<SocketChannel> sockets;
  private final Function<SocketProtocolFamily, DatagramChannel> datagrams;

  /** Creates a transport of other channels than the known ones. */
  ChannelTransport(
      IoHandlerFactory handlers,
      BiFunction<IoHandle, Channel, IoHandle> guard,
      boolean reusesPort,
      Duration lingering,
      Function<SocketProtocolFamily, ServerSocketChannel> servers,
      Supplier<SocketChannel> sockets,
      Function<SocketProtocolFamily, DatagramChannel> datagrams) {
    this("netty", handlers, guard, reusesPort, lingering, servers, sockets, datagrams);
  }

  ChannelTransport(
      String name,
      IoHandlerFactory handlers,
      BiFunction<IoHandle, Channel, IoHandle> guard,
      boolean reusesPort,
      Duration lingering,
      Function<SocketProtocolFamily, ServerSocketChannel> servers,
      Supplier<SocketChannel> sockets,
      Function<SocketProtocolFamily, DatagramChannel> datagrams) {
    this.name = name;
    this.handlers = handlers;
    this.guard = guard;
    this.reusesPort = reusesPort;
    this.lingering = lingering;
    this.servers = servers;
    this.sockets = sockets;
    this.datagrams = datagrams;
  }

  static ChannelTransport nio() {
    return new ChannelTransport(
        "NIO",
        NioIoHandler.newFactory(),
        (handle, channel) -> new Guarded((NioIoHandle) handle, channel),
        false,
        Duration.ZERO,
        // Of its family: 0.0.0.0 on a socket for both would be :: to the JDK.
        LastingServerSocketChannel::new,
        NioSocketChannel::new,
        ChannelTransport::nioDatagrams);
  }

  private static DatagramChannel nioDatagrams(SocketProtocolFamily family) {
    try {
      var socket =
          java.nio.channels.DatagramChannel.open(
              family == SocketProtocolFamily.INET6
                  ? StandardProtocolFamily.INET6
                  : StandardProtocolFamily.INET);
      var channel = new NioDatagramChannel(socket);
      channel.attr(SOCKET).set(socket);
      return channel;
    } catch (IOException e) {
      throw new ChannelException(e.getMessage(), e);
    }
  }

  /** Netty would close a listening socket of which one accept throws an Error. */
  private static final class LastingServerSocketChannel extends NioServerSocketChannel {
    LastingServerSocketChannel(SocketProtocolFamily family) {
      super(SelectorProvider.provider(), family);
    }

    @Override
    protected boolean closeOnReadError(Throwable cause) {
      return false;
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public IoHandlerFactory handlers() {
    return handlers;
  }

  @Override
  public IoHandle guarded(IoHandle handle, Channel channel) {
    return guard.apply(handle, channel);
  }

  private static final class Guarded extends LoopGroup.GuardedHandle<NioIoHandle>
      implements NioIoHandle {
    Guarded(NioIoHandle handle, Channel channel) {
      super(handle, channel);
    }

    @Override
    public SelectableChannel selectableChannel() {
      return handle.selectableChannel();
    }
  }

  @Override
  public boolean reusesPort() {
    return reusesPort;
  }

  @Override
  public Duration lingering() {
    return lingering;
  }

  @Override
  public boolean isTransparencySupported() {
    return false;
  }

  @Override
  public void probeTransparency(InetAddress like) throws IOException {
    throw new IOException("not supported");
  }

  /** Java has no way to bind an address that isn't here: what is tried is the port. */
  @Override
  public void probeBind(Protocol protocol, InetSocketAddress address) throws IOException {
    var local =
        InetAddress.ofLiteral(
            address.getAddress() instanceof Inet6Address ? "::1" : "127.255.255.254");
    var probe = new InetSocketAddress(local, address.getPort());
    try {
      if (protocol == Protocol.TCP) {
        try (var socket = new ServerSocket()) {
          socket.bind(probe, 1);
        }
      } else {
        try (var socket = new DatagramSocket(null)) {
          socket.bind(probe);
        }
      }
    } catch (IOException refused) {
      if (BindFailure.isPrivilege(refused)) {
        throw refused;
      }
      // Somebody may have that port at the loopback address, which is no concern of ours.
    }
  }

  @Override
  public Leg newLeg(TcpConnection connection, InetAddress server) {
    var channel = sockets.get();
    channel.config().setAllocator(connection.loop().allocator());
    var leg = new ChannelLeg(connection, channel, false);
    var _ = connection.loop().register(channel);
    return leg;
  }

  @Override
  public CompletionStage<Listener> listen(
      InetSocketAddress address, List<ProxyLoop> loops, TcpService service) {
    ServerSocketChannel channel;
    try {
      channel = servers.apply(family(address.getAddress()));
    } catch (ChannelException e) {
      return CompletableFuture.failedFuture(e);
    }
    var listener = new ChannelListener(channel, loops.getFirst(), loops, service);
    return listener
        .bind(address)
        .<Listener>thenApply(bound -> listener::close)
        .exceptionallyCompose(failure ->
            listener.close().thenCompose(closed -> CompletableFuture.failedFuture(failure)));
  }

  @Override
  public DatagramChannel newDatagramChannel(InetAddress like) {
    return datagrams.apply(family(like));
  }

  private static SocketProtocolFamily family(InetAddress like) {
    return like instanceof Inet6Address ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET;
  }

  @Override
  public CompletableFuture<?> connect(
      DatagramChannel channel, InetSocketAddress to, @Nullable InetAddress source) {
    return completion(
        channel.connect(to, source == null ? null : new InetSocketAddress(source, 0)));
  }

  @Override
  public InetSocketAddress localAddress(DatagramChannel channel) {
    return channel.localAddress();
  }

  @Override
  public void sendEmpty(DatagramChannel channel, @Nullable InetSocketAddress to)
      throws IOException {
    var socket = channel.attr(SOCKET).get();
    if (socket == null) {
      return;
    }
    if (to != null) {
      socket.send(ByteBuffer.allocate(0), to);
      return;
    }
    // The JDK sends nothing over a connected socket when there are no bytes, so another one at the
    // same port does. Only for the moment of its bind may the port be shared.
    var family =
        channel.localAddress().getAddress() instanceof Inet6Address
            ? StandardProtocolFamily.INET6
            : StandardProtocolFamily.INET;
    socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    try (var sender = java.nio.channels.DatagramChannel.open(family)) {
      sender.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      sender.bind(socket.getLocalAddress());
      sender.send(ByteBuffer.allocate(0), socket.getRemoteAddress());
    } finally {
      socket.setOption(StandardSocketOptions.SO_REUSEADDR, false);
    }
  }

  @Override
  public boolean isRecipientTold() {
    return false;
  }

  @Override
  public void tellRecipient(DatagramChannel channel) {
    throw new UnsupportedOperationException("needs epoll");
  }

  @Override
  public List<DatagramChannel> bindTogether(InetSocketAddress address, int number) {
    throw new UnsupportedOperationException("needs epoll");
  }

  @Override
  public void makeTransparent(DatagramChannel channel) {
    throw new UnsupportedOperationException("IP_TRANSPARENT needs epoll");
  }
}
