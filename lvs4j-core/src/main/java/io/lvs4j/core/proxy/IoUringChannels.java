package io.lvs4j.core.proxy;

import io.netty.channel.Channel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** io_uring as netty has it. Apart from the others, since its classes need not be there. */
final class IoUringChannels {
  private static final System.Logger LOG = System.getLogger(IoUringChannels.class.getName());

  /**
   * With multishot polls netty 4.2.18 is told of edges only, and never learns of a RST that comes
   * together with data. Netty reads the switch once, so it has to be set before its class is.
   */
  private static final String MULTISHOT_POLL = "io.netty.iouring.pollAddMultishotEnabled";

  /** A close is a request like any other, whose completion the loop has to be there for. */
  private static final Duration COMPLETION = Duration.ofMillis(50);

  private IoUringChannels() {}

  /** Returns why io_uring can't be used here, or null. */
  static @Nullable Throwable unavailabilityCause() {
    if (System.getProperty(MULTISHOT_POLL) == null) {
      System.setProperty(MULTISHOT_POLL, "false");
    }
    return IoUring.unavailabilityCause();
  }

  private static final class Guarded extends LoopGroup.GuardedHandle<IoUringIoHandle>
      implements IoUringIoHandle {
    Guarded(IoUringIoHandle handle, Channel channel) {
      super(handle, channel);
    }
  }

  static ChannelTransport transport() {
    if (IoUring.isPollAddMultishotEnabled()) {
      LOG.log(
          Level.WARNING,
          "io_uring: a reset may stay unnoticed until the idle timeout; start Java with -D"
              + MULTISHOT_POLL
              + "=false");
    }
    return new ChannelTransport(
        "io_uring",
        IoUringIoHandler.newFactory(),
        (handle, channel) -> new Guarded((IoUringIoHandle) handle, channel),
        true,
        COMPLETION,
        _ -> new IoUringServerSocketChannel(),
        IoUringSocketChannel::new,
        IoUringDatagramChannel::new);
  }
}
