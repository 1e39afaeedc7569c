package io.lvs4j.core.proxy;

import io.lvs4j.api.Problem;
import io.lvs4j.api.StartException;
import io.lvs4j.core.proxy.ProxyDataPlane.Transport;
import io.netty.channel.epoll.Epoll;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds out which transports this host and class path have. */
final class Transports {
  private Transports() {}

  static SocketTransport of(Transport wanted) {
    return switch (wanted) {
      case AUTO -> Epoll.isAvailable() ? new EpollTransport() : ChannelTransport.nio();
      case NIO -> ChannelTransport.nio();
      case EPOLL -> {
        require(
            wanted, Epoll.unavailabilityCause(), "Linux with netty-transport-native-epoll, or NIO");
        yield new EpollTransport();
      }
      case IO_URING -> {
        require(
            wanted,
            ioUringUnavailabilityCause(),
            "Linux 5.14 with netty-transport-native-io_uring and sysctl kernel.io_uring_disabled"
                + " = 0, or AUTO");
        yield IoUringChannels.transport();
      }
    };
  }

  private static @Nullable Throwable ioUringUnavailabilityCause() {
    try {
      return IoUringChannels.unavailabilityCause();
    } catch (LinkageError e) {
      // The dependency is optional.
      return e;
    }
  }

  private static void require(Transport wanted, @Nullable Throwable cause, String expected) {
    if (cause != null) {
      throw new StartException(
          List.of(new Problem("transport " + wanted, "unavailable: " + cause, expected)));
    }
  }
}
