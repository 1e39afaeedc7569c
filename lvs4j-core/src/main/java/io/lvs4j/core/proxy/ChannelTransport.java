package io.lvs4j.core.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.UnixChannelOption;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Sockets as netty channels. */
@SuppressWarnings("FutureReturnValueIgnored")
final class ChannelTransport implements SocketTransport {
  private final IoHandlerFactory handlers;
  private final Supplier<ServerSocketChannel> servers;
  private final Supplier<SocketChannel> sockets;
  private final boolean reusePort;

  ChannelTransport(
      IoHandlerFactory handlers,
      Supplier<ServerSocketChannel> servers,
      Supplier<SocketChannel> sockets,
      boolean reusePort) {
    this.handlers = handlers;
    this.servers = servers;
    this.sockets = sockets;
    this.reusePort = reusePort;
  }

  static ChannelTransport epoll() {
    return new ChannelTransport(
        SafeEpoll.newFactory(), EpollServerSocketChannel::new, EpollSocketChannel::new, true);
  }

  @Override
  public IoHandlerFactory handlers() {
    return handlers;
  }

  @Override
  public Leg newLeg(TcpConnection connection) {
    var channel = sockets.get();
    var leg = new ChannelLeg(connection, channel, false);
    connection.loop().register(channel);
    return leg;
  }

  @Override
  public CompletionStage<TcpListener> listen(
      InetSocketAddress address, List<ProxyLoop> loops, TcpService service) {
    var channels = new ArrayList<Channel>();
    var bound = new ArrayList<CompletableFuture<Void>>();
    for (var loop : reusePort ? loops : loops.subList(0, 1)) {
      var channel = servers.get();
      channel.config().setReuseAddress(true);
      if (reusePort) {
        channel.config().setOption(UnixChannelOption.SO_REUSEPORT, true);
      }
      channel.pipeline().addLast(new Acceptor(service, loop));
      var done = new CompletableFuture<Void>();
      loop.register(channel);
      channel
          .bind(address)
          .addListener(future -> {
            if (future.isSuccess()) {
              done.complete(null);
            } else {
              done.completeExceptionally(future.cause());
            }
          });
      channels.add(channel);
      bound.add(done);
    }
    return CompletableFuture.allOf(bound.toArray(CompletableFuture[]::new))
        .handle((ignored, failure) -> {
          return (TcpListener)
              () -> {
                channels.forEach(Channel::close);
                return CompletableFuture.completedFuture(null);
              };
        });
  }

  private static final class Acceptor extends ChannelInboundHandlerAdapter {
    private final TcpService service;
    private final ProxyLoop own;

    Acceptor(TcpService service, ProxyLoop own) {
      this.service = service;
      this.own = own;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      var channel = (SocketChannel) message;
      var from = channel.remoteAddress();
      new TcpConnection(
          service,
          own,
          from.getAddress(),
          from.getPort(),
          connection -> new ChannelLeg(connection, channel, true));
      own.register(channel);
    }
  }
}
