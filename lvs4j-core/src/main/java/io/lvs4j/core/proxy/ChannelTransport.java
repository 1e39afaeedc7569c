package io.lvs4j.core.proxy;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/** Sockets as netty channels: Java NIO, which is everywhere, and io_uring. */
final class ChannelTransport implements SocketTransport {
  private final IoHandlerFactory handlers;
  private final boolean reusesPort;
  private final Duration lingering;
  private final Function<SocketProtocolFamily, ServerSocketChannel> servers;
  private final Supplier<SocketChannel> sockets;
  private final Function<SocketProtocolFamily, DatagramChannel> datagrams;

  ChannelTransport(
      IoHandlerFactory handlers,
      boolean reusesPort,
      Duration lingering,
      Function<SocketProtocolFamily, ServerSocketChannel> servers,
      Supplier<SocketChannel> sockets,
      Function<SocketProtocolFamily, DatagramChannel> datagrams) {
    this.handlers = handlers;
    this.reusesPort = reusesPort;
    this.lingering = lingering;
    this.servers = servers;
    this.sockets = sockets;
    this.datagrams = datagrams;
  }

  static ChannelTransport nio() {
    return new ChannelTransport(
        NioIoHandler.newFactory(),
        false,
        Duration.ZERO,
        // Of its family: 0.0.0.0 on a socket for both would be :: to the JDK.
        family -> new NioServerSocketChannel(SelectorProvider.provider(), family),
        NioSocketChannel::new,
        NioDatagramChannel::new);
  }

  @Override
  public IoHandlerFactory handlers() {
    return handlers;
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

  @Override
  public Leg newLeg(TcpConnection connection, InetAddress server) {
    var channel = sockets.get();
    var leg = new ChannelLeg(connection, channel, false);
    var _ = connection.loop().register(channel);
    return leg;
  }

  @Override
  public CompletionStage<Listener> listen(
      InetSocketAddress address, List<ProxyLoop> loops, TcpService service) {
    var channel = servers.apply(family(address.getAddress()));
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
  public void makeTransparent(DatagramChannel channel) {
    throw new UnsupportedOperationException("IP_TRANSPARENT needs epoll");
  }
}
