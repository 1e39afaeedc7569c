package io.lvs4j.core.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Netty's futures as the JDK's. */
final class NettyFutures {
  private static final Duration ONE_TURN = Duration.ofMillis(1);

  private NettyFutures() {}

  static CompletableFuture<Channel> completion(ChannelFuture future) {
    var completion = new CompletableFuture<Channel>();
    var _ =
        future.addListener(done -> {
          if (done.isSuccess()) {
            completion.complete(future.channel());
          } else {
            completion.completeExceptionally(done.cause());
          }
        });
    return completion;
  }

  /**
   * Closes a channel that is bound to an address. Completes when the address is free: with NIO that
   * is not before the selector has turned once more and let go of the socket.
   */
  static CompletableFuture<?> close(Channel channel, ProxyLoop loop) {
    if (loop.eventLoop().isShutdown()) {
      // Nothing runs there any more, and nothing else knows the socket.
      channel.unsafe().closeForcibly();
      return CompletableFuture.completedFuture(channel);
    }
    return completion(channel.close())
        .thenCompose(closed -> {
          var turned = new CompletableFuture<Channel>();
          loop.executeIn(ONE_TURN, () -> turned.complete(closed));
          return turned;
        });
  }
}
