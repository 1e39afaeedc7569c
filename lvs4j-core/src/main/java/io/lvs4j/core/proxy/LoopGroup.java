package io.lvs4j.core.proxy;

import io.lvs4j.api.loop.LoopFaults;
import io.lvs4j.api.loop.LoopLogger;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Event loops that outlive what is thrown on them.
 *
 * <p>Of its own netty lets an Error out of a socket's handler end the loop's thread, and logs what
 * a task throws by a logger that may itself throw. Here both come back to {@link Loop} at the
 * latest, which goes on with the next event.
 */
final class LoopGroup extends MultiThreadIoEventLoopGroup {
  private static final LoopLogger LOG = LoopLogger.of(LoopGroup.class, System::nanoTime);

  private static final String THREADS = "lvs4j-proxy";

  LoopGroup(int loops, SocketTransport transport) {
    super(
        loops,
        new DefaultThreadFactory(THREADS, true),
        transport.handlers(),
        transport,
        new AtomicInteger());
  }

  @Override
  protected IoEventLoop newChild(Executor executor, IoHandlerFactory handlers, Object... args) {
    var transport = (SocketTransport) args[0];
    int number = ((AtomicInteger) args[1]).incrementAndGet();
    var channels = new ConcurrentHashMap<Object, Channel>();
    return new Loop(
        this,
        executor,
        thread -> new GuardedHandler(handlers.newHandler(thread), transport, channels),
        channels,
        new LoopFaults(THREADS + "-" + number, LOG));
  }

  /** One event loop. */
  static final class Loop extends SingleThreadIoEventLoop {
    /** So many faults while it ends, and the loop ends as it is. */
    private static final int PATIENCE_AT_THE_END = 100;

    private final LoopFaults faults;
    private final Map<Object, Channel> channels;
    private volatile boolean ended;

    Loop(
        LoopGroup group,
        Executor executor,
        IoHandlerFactory handlers,
        Map<Object, Channel> channels,
        LoopFaults faults) {
      super(group, executor, handlers);
      this.channels = channels;
      this.faults = faults;
    }

    LoopFaults faults() {
      return faults;
    }

    @Override
    public ChannelFuture register(Channel channel) {
      // Its handle is the channel's own, and the guard around it has to know whose it is.
      channels.put(channel.unsafe(), channel);
      return super.register(channel).addListener(_ -> channels.remove(channel.unsafe()));
    }

    /** Says whether the thread has ended. */
    boolean hasEnded() {
      return ended;
    }

    @Override
    protected void run() {
      int whileEnding = 0;
      try {
        while (whileEnding < PATIENCE_AT_THE_END) {
          try {
            super.run();
            return;
          } catch (Throwable fault) {
            faults.survived("the event loop", fault);
            if (isShuttingDown()) {
              whileEnding++;
            }
          }
        }
      } finally {
        ended = true;
      }
    }
  }

  /** Puts a guard around each socket that netty serves by itself. */
  private static final class GuardedHandler implements IoHandler {
    private final IoHandler handler;
    private final SocketTransport transport;
    private final Map<Object, Channel> channels;
    private boolean initialized;

    GuardedHandler(IoHandler handler, SocketTransport transport, Map<Object, Channel> channels) {
      this.handler = handler;
      this.transport = transport;
      this.channels = channels;
    }

    @Override
    public void initialize() {
      // A loop that begins again after a fault has its handler set up already.
      if (!initialized) {
        handler.initialize();
        initialized = true;
      }
    }

    @Override
    public int run(IoHandlerContext context) {
      return handler.run(context);
    }

    @Override
    public void prepareToDestroy() {
      handler.prepareToDestroy();
    }

    @Override
    public void destroy() {
      handler.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
      var channel = channels.get(handle);
      return handler.register(channel == null ? handle : transport.guarded(handle, channel));
    }

    @Override
    public void wakeup() {
      handler.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> type) {
      return handler.isCompatible(type);
    }
  }

  /** The handle of a netty channel. What it throws the channel's own handler hears of. */
  abstract static class GuardedHandle<H extends IoHandle> implements IoHandle {
    final H handle;
    private final Channel channel;

    GuardedHandle(H handle, Channel channel) {
      this.handle = handle;
      this.channel = channel;
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
      try {
        handle.handle(registration, event);
      } catch (Throwable fault) {
        channel.pipeline().fireExceptionCaught(fault);
      }
    }

    /** It is in the loop's set by now: a throw from here would leave it there unknown. */
    @Override
    public void registered() {
      try {
        handle.registered();
      } catch (Throwable fault) {
        channel.pipeline().fireExceptionCaught(fault);
      }
    }

    @Override
    public void unregistered() {
      try {
        handle.unregistered();
      } catch (Throwable fault) {
        channel.pipeline().fireExceptionCaught(fault);
      }
    }

    @Override
    public void close() {
      try {
        handle.close();
      } catch (Throwable fault) {
        channel.pipeline().fireExceptionCaught(fault);
      }
    }
  }
}
