package io.lvs4j.core.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.util.concurrent.CompletableFuture;

/** Netty's futures as the JDK's. */
final class NettyFutures {
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
}
