package io.lvs4j.core.proxy;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.util.concurrent.ThreadAwareExecutor;

/**
 * Netty's epoll handler without the fault that cuts replies to half-closed clients.
 *
 * <p>Since 4.2.13 (netty pull request 16689) an empty interest set takes the socket out of epoll,
 * while the registration goes on to believe that it is in: the next change of interest fails with
 * ENOENT. A half-closed channel has an empty set until a write meets a full send buffer, and then
 * it is the rest of the reply that is lost. Here an empty set becomes one that is edge-triggered
 * and otherwise empty: the socket stays in, and EPOLLHUP, which can't be switched off, is reported
 * once instead of for ever. {@code SafeEpollTest} says when stock netty no longer needs this.
 */
final class SafeEpoll {
  private SafeEpoll() {}

  static IoHandlerFactory newFactory() {
    IoHandlerFactory stock = EpollIoHandler.newFactory();
    return new IoHandlerFactory() {
      @Override
      public IoHandler newHandler(ThreadAwareExecutor executor) {
        return new Handler(stock.newHandler(executor));
      }

      @Override
      public boolean isChangingThreadSupported() {
        return stock.isChangingThreadSupported();
      }
    };
  }

  private record Handler(IoHandler stock) implements IoHandler {
    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
      return new Registration(stock.register(handle));
    }

    @Override
    public void initialize() {
      stock.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
      return stock.run(context);
    }

    @Override
    public void prepareToDestroy() {
      stock.prepareToDestroy();
    }

    @Override
    public void destroy() {
      stock.destroy();
    }

    @Override
    public void wakeup() {
      stock.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> type) {
      return stock.isCompatible(type);
    }
  }

  private static final class Registration implements IoRegistration {
    private final IoRegistration stock;
    private boolean added;

    Registration(IoRegistration stock) {
      this.stock = stock;
    }

    @Override
    public long submit(IoOps ops) {
      boolean empty = ops.equals(EpollIoOps.NONE);
      if (empty && added) {
        return stock.submit(EpollIoOps.EPOLLET);
      }
      added |= !empty;
      return stock.submit(ops);
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // netty's signature
    public <T> T attachment() {
      return stock.attachment();
    }

    @Override
    public boolean isValid() {
      return stock.isValid();
    }

    @Override
    public boolean cancel() {
      return stock.cancel();
    }
  }
}
