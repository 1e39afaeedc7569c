package io.lvs4j.core.proxy;

import static io.lvs4j.core.proxy.NettyFutures.completion;

import io.lvs4j.api.loop.LoopLogger;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/**
 * A listening netty channel of one loop, which hands what it accepts to the one with the fewest.
 */
final class ChannelListener extends ChannelInboundHandlerAdapter implements Acceptor {
  private static final LoopLogger LOG = LoopLogger.of(ChannelListener.class, System::nanoTime);

  private final ServerSocketChannel channel;
  private final ProxyLoop own;
  private final List<ProxyLoop> loops;
  private final TcpService service;
  private final String accept;
  private boolean waiting;

  ChannelListener(
      ServerSocketChannel channel, ProxyLoop own, List<ProxyLoop> loops, TcpService service) {
    this.channel = channel;
    this.own = own;
    this.loops = loops;
    this.service = service;
    this.accept = "accept on " + service.definition().id();
  }

  CompletableFuture<?> bind(InetSocketAddress address) {
    channel.config().setReuseAddress(true);
    channel.pipeline().addLast(this);
    own.execute(() -> own.add(this));
    return completion(own.register(channel)).thenCompose(ok -> completion(channel.bind(address)));
  }

  CompletableFuture<?> close() {
    var _ = own.run(() -> own.remove(this));
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
      loop.open(() -> begin(accepted, from, loop));
    } catch (RejectedExecutionException e) {
      LOG.log(System.Logger.Level.DEBUG, "accepted while the plane closes", e);
      accepted.unsafe().closeForcibly();
    } catch (RuntimeException | Error e) {
      accepted.unsafe().closeForcibly();
      throw e;
    }
  }

  private void begin(SocketChannel accepted, InetSocketAddress from, ProxyLoop loop) {
    try {
      accepted.config().setAllocator(loop.allocator());
      var _ =
          new TcpConnection(service, loop, from, owner -> new ChannelLeg(owner, accepted, true));
      var _ = loop.register(accepted);
    } catch (Throwable thrown) {
      loop.survived(service.connections(), thrown);
      accepted.unsafe().closeForcibly();
    }
  }

  @Override
  public boolean isWaiting() {
    return waiting;
  }

  @Override
  public void retry() {
    waiting = false;
    channel.config().setAutoRead(true);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (Shortage.isBehind(cause)) {
      own.ranShort(accept, cause);
    } else if (cause instanceof IOException) {
      LOG.log(System.Logger.Level.WARNING, () -> accept + ": " + cause.getMessage());
    } else {
      own.survived(accept, cause);
    }
    // Accepting at once again would only burn time.
    waiting = true;
    channel.config().setAutoRead(false);
    own.retryAcceptsLater();
  }
}
