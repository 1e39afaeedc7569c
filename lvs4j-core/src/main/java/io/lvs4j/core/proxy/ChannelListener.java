package io.lvs4j.core.proxy;

import static io.lvs4j.core.proxy.NettyFutures.completion;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/**
 * A listening netty channel of one loop, which hands what it accepts to the one with the fewest.
 */
final class ChannelListener extends ChannelInboundHandlerAdapter {
  private static final System.Logger LOG = System.getLogger(ChannelListener.class.getName());

  private static final Duration OUT_OF_RESOURCES = Duration.ofMillis(100);

  private final ServerSocketChannel channel;
  private final ProxyLoop own;
  private final List<ProxyLoop> loops;
  private final TcpService service;

  ChannelListener(
      ServerSocketChannel channel, ProxyLoop own, List<ProxyLoop> loops, TcpService service) {
    this.channel = channel;
    this.own = own;
    this.loops = loops;
    this.service = service;
  }

  CompletableFuture<?> bind(InetSocketAddress address) {
    channel.config().setReuseAddress(true);
    channel.pipeline().addLast(this);
    return completion(own.register(channel)).thenCompose(ok -> completion(channel.bind(address)));
  }

  CompletableFuture<?> close() {
    return NettyFutures.close(channel, own);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    var accepted = (SocketChannel) message;
    var from = accepted.remoteAddress();
    var loop = ProxyLoop.leastLoaded(loops);
    if (from == null) {
      // It has gone already.
      accepted.unsafe().closeForcibly();
      return;
    }
    try {
      loop.open(() -> {
        var _ =
            new TcpConnection(service, loop, from, owner -> new ChannelLeg(owner, accepted, true));
        var _ = loop.register(accepted);
      });
    } catch (RejectedExecutionException e) {
      LOG.log(System.Logger.Level.DEBUG, "accepted while the plane closes", e);
      accepted.unsafe().closeForcibly();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // Most likely out of descriptors; accepting at once again would only burn time.
    LOG.log(
        System.Logger.Level.WARNING,
        () -> "accept on " + service.definition().id() + ": " + cause.getMessage());
    channel.config().setAutoRead(false);
    own.executeIn(OUT_OF_RESOURCES, () -> channel.config().setAutoRead(true));
  }
}
