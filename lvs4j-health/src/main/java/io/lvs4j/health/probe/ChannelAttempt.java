package io.lvs4j.health.probe;

import io.lvs4j.api.host.Exhaustion;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An attempt over a connected socket, TCP or UDP.
 *
 * @param <C> the kind of channel
 */
abstract class ChannelAttempt<C extends Channel> extends Attempt {
  private @Nullable C channel;
  private boolean connected;

  ChannelAttempt(Assignment assignment, String subject) {
    super(assignment, subject);
  }

  /** Opens a socket; throws {@link ChannelException} when there is none left. */
  abstract C open();

  /** Sets up a socket that is not connected yet. */
  abstract void configure(C channel);

  /** Goes on once the connection stands. */
  abstract void connected(C channel);

  /**
   * Returns the way in which datagrams are to be read: after each one the loop looks around. A
   * channel that is closed while it has one would go on reading (netty 4.2.18, {@code
   * EpollDatagramChannel}), from whatever socket has been given its number by then.
   *
   * @param bytes the room for one
   */
  static RecvByteBufAllocator oneAtATime(int bytes) {
    return new FixedRecvByteBufAllocator(bytes).maxMessagesPerRead(1);
  }

  /** Ends the attempt because nothing came in time after the connection stood. */
  abstract void answerTimedOut();

  @Override
  final void begin() {
    awaitNext();
    C opened;
    try {
      opened = open();
    } catch (ChannelException noSocket) {
      noSocket(noSocket);
      return;
    }
    channel = opened;
    // A write that fails would close the channel before the answer has been read.
    opened.config().setAutoClose(false);
    configure(opened);
    var registration = loop.register(opened);
    registration.addListener(_ -> guarded(() -> registered(opened, registration.cause())));
  }

  /** Netty only logs what its listeners throw, and the real server would be blamed at the end. */
  final void guarded(Runnable step) {
    if (hasEnded()) {
      return;
    }
    try {
      step.run();
    } catch (RuntimeException | Error unexpected) {
      unexpected(unexpected);
    }
  }

  private void registered(C channel, @Nullable Throwable failure) {
    if (failure != null) {
      noSocket(failure);
      return;
    }
    var refused = SocketRoute.prepare(channel, check);
    if (refused.isPresent()) {
      inconclusive(refused.get());
      return;
    }
    var local = SocketRoute.local(check, at);
    var connect =
        local.isPresent()
            ? channel.connect(at.toSocketAddress(), local.get())
            : channel.connect(at.toSocketAddress());
    connect.addListener(_ -> guarded(() -> connectEnded(channel, connect, local.orElse(null))));
  }

  private void connectEnded(C channel, ChannelFuture connect, @Nullable InetSocketAddress local) {
    var failure = connect.cause();
    if (failure != null) {
      connectFailed(failure, local);
    } else if (at.toSocketAddress().equals(channel.localAddress())) {
      // TCP's simultaneous open: possible where a local port of the ephemeral range is checked.
      fail("connected to itself, nobody listens there", expectedConnection());
    } else {
      connected = true;
      awaitNext();
      sendProxyHeader(channel);
      connected(channel);
    }
  }

  /**
   * Past all handlers, which would take it for something of their protocol: TLS too comes after it.
   */
  private void sendProxyHeader(C channel) {
    check
        .proxyProtocol()
        .ifPresent(version -> {
          var header = ProxyHeaders.of(version, channel.localAddress(), channel.remoteAddress());
          var first = channel.pipeline().firstContext();
          var _ = first == null ? channel.writeAndFlush(header) : first.writeAndFlush(header);
        });
  }

  /** Returns what may be behind a connection that a server ends without a word. */
  final String perhapsProxy() {
    return check.proxyProtocol().isPresent()
        ? ", as by a server that wants no PROXY header"
        : ", as by a server that wants a PROXY header";
  }

  /**
   * Takes what netty says of a request that couldn't be sent. The server may have answered before,
   * and ended the connection: what there is to read tells, be it only the end.
   */
  final void notSent(Throwable failure) {
    if (!hasEnded()) {
      var _ = isOwnFault(failure);
    }
  }

  private void connectFailed(Throwable failure, @Nullable InetSocketAddress local) {
    if (local != null && SocketRoute.isLocal(failure)) {
      inconclusive("can't send from " + SocketRoute.text(local) + ": " + Wording.message(failure));
    } else if (!isOwnFault(failure, lacking(failure))) {
      fail(Wording.connectFailure(failure), expectedConnection());
    }
  }

  /**
   * A connect that finds no port by itself says so in several ways, UDP's like a lack of threads.
   */
  private static Optional<Exhaustion> lacking(Throwable failure) {
    var found = Exhaustion.of(failure);
    boolean port =
        SocketRoute.isLocal(failure) || found.filter(Exhaustion.THREADS::equals).isPresent();
    return port && !(failure instanceof Error) ? Optional.of(Exhaustion.LOCAL_PORTS) : found;
  }

  /** keepalived too learns nothing of the server from that: check_tcp.c, tcp_connect_thread. */
  private void noSocket(Throwable failure) {
    if (isOwnFault(failure)) {
      return;
    }
    inconclusive("no socket to check with: " + Wording.message(failure));
  }

  @Override
  final void timedOut() {
    if (connected) {
      answerTimedOut();
    } else {
      failUnlessStalled("connect timed out", expectedConnection());
    }
  }

  private String expectedConnection() {
    return "a connection within " + timeout();
  }

  @Override
  final void release() {
    if (channel == null) {
      return;
    }
    if (channel.isRegistered()) {
      close(channel);
    } else {
      channel.unsafe().closeForcibly();
    }
  }

  /** Closes the registered channel, at once: the loop may end after this. */
  void close(C channel) {
    var _ = channel.close();
  }
}
