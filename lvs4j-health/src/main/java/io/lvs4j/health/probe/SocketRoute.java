package io.lvs4j.health.probe;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HealthCheck;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.channel.unix.UnixChannel;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;

/** What a check says of the way its packets take, put on a socket. */
final class SocketRoute {
  private static final int SOL_SOCKET = 1;
  private static final int SO_BINDTODEVICE = 25;
  private static final int SO_MARK = 36;
  private static final int IFNAMSIZ = 16;
  private static final RawUnixChannelOption BIND_TO_DEVICE =
      new RawUnixChannelOption("SO_BINDTODEVICE", SOL_SOCKET, SO_BINDTODEVICE, IFNAMSIZ);
  private static final IntegerUnixChannelOption MARK =
      new IntegerUnixChannelOption("SO_MARK", SOL_SOCKET, SO_MARK);

  private SocketRoute() {}

  /** Sets the options of a socket that is not connected yet; returns what was refused. */
  static Optional<String> prepare(Channel channel, HealthCheck check) {
    try {
      if (check.bindPort().isPresent()) {
        // The port of the last connection may still wait for stray packets.
        channel.config().setOption(ChannelOption.SO_REUSEADDR, true);
      }
      if (check.bindInterface().isEmpty() && check.firewallMark().isEmpty()) {
        return Optional.empty();
      }
      if (!(channel instanceof UnixChannel)) {
        return Optional.of(
            "can't choose an interface or mark packets here (expected: Linux and netty's epoll)");
      }
      check.firewallMark().ifPresent(mark -> channel.config().setOption(MARK, (int) mark));
      check
          .bindInterface()
          .ifPresent(name -> channel.config().setOption(BIND_TO_DEVICE, padded(name)));
      return Optional.empty();
    } catch (ChannelException refused) {
      return Optional.of(
          "the system refuses the check's interface or mark: " + Wording.message(refused));
    }
  }

  private static ByteBuffer padded(String name) {
    return ByteBuffer.allocateDirect(IFNAMSIZ).put(name.getBytes(US_ASCII)).rewind();
  }

  /** Returns what to bind to, if the check says so. */
  static Optional<InetSocketAddress> local(HealthCheck check, Endpoint at) {
    if (check.bindAddress().isEmpty() && check.bindPort().isEmpty()) {
      return Optional.empty();
    }
    var address = check.bindAddress().orElseGet(() -> anyAddress(at.address()));
    return Optional.of(new InetSocketAddress(address, check.bindPort().orElse(0)));
  }

  private static InetAddress anyAddress(InetAddress like) {
    try {
      return InetAddress.getByAddress(new byte[like instanceof Inet4Address ? 4 : 16]);
    } catch (UnknownHostException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Says whether a connect failed for want of the local address or port. */
  static boolean isLocal(Throwable failure) {
    var text = Wording.message(failure).toLowerCase(Locale.ROOT);
    return failure instanceof BindException
        || text.contains("address already in use")
        || text.contains("cannot assign requested address")
        || text.contains("bind(");
  }

  static String text(InetSocketAddress local) {
    return new Endpoint(local.getAddress(), local.getPort()).toString();
  }
}
