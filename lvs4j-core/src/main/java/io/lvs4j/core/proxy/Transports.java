package io.lvs4j.core.proxy;

import io.lvs4j.api.Problem;
import io.lvs4j.api.StartException;
import io.lvs4j.core.proxy.ProxyDataPlane.Transport;
import io.netty.channel.epoll.Epoll;
import io.netty.util.internal.PlatformDependent;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds out which transports this host and class path have. */
final class Transports {
  private static final Logger LOG = System.getLogger("io.lvs4j.director");

  private Transports() {}

  static SocketTransport of(Transport wanted) {
    return switch (wanted) {
      case AUTO -> Epoll.isAvailable() ? new EpollTransport() : withoutEpoll();
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

  /** On another system than Linux there is nothing to say; on Linux somebody may wonder. */
  private static SocketTransport withoutEpoll() {
    if (PlatformDependent.isOsx() || PlatformDependent.isWindows()) {
      return ChannelTransport.nio();
    }
    Throwable cause = Epoll.unavailabilityCause();
    while (cause != null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    LOG.log(
        Level.INFO,
        "proxy plane: Java NIO, for epoll can't be had: "
            + cause
            + " (expected: netty-transport-native-epoll of the same version as netty-transport on"
            + " the class path, with the classifier linux-x86_64 or linux-aarch_64)");
    return ChannelTransport.nio();
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
