package io.lvs4j.core.proxy;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.NativeInetAddress;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What one loop does at a listening socket: it accepts, and gives each connection to the loop with
 * the fewest. The loop that happens to be awake accepts the most, so without that it would keep the
 * most.
 */
final class EpollAcceptor implements EpollIoHandle {
  private static final System.Logger LOG = System.getLogger(EpollAcceptor.class.getName());

  /**
   * Wakes one of the loops that wait for a connection, not all (include/uapi/linux/eventpoll.h).
   */
  private static final int EPOLLEXCLUSIVE = 1 << 28;

  private static final EpollIoOps CONNECTIONS =
      EpollIoOps.valueOf(EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLET).value() | EPOLLEXCLUSIVE);

  /** How many are accepted before the loop's other sockets have their turn. */
  private static final int ACCEPTS_AT_A_TIME = 64;

  private static final Duration OUT_OF_RESOURCES = Duration.ofMillis(100);

  private final EpollSocket socket;
  private final ProxyLoop loop;
  private final List<ProxyLoop> loops;
  private final TcpService service;
  private final byte[] peer = new byte[25];
  private @Nullable IoRegistration registration;
  private boolean stopped;

  EpollAcceptor(EpollSocket socket, ProxyLoop loop, List<ProxyLoop> loops, TcpService service) {
    this.socket = socket;
    this.loop = loop;
    this.loops = loops;
    this.service = service;
  }

  /** Begins to accept. Called on the loop's thread. */
  void start() {
    if (!stopped) {
      registration = loop.eventLoop().register(this).getNow();
      registration.submit(CONNECTIONS);
    }
  }

  /** Stops accepting; the socket stays open. Called on the loop's thread. */
  void stop() {
    stopped = true;
    if (registration != null) {
      registration.cancel();
    }
  }

  @Override
  public void handle(IoRegistration mine, IoEvent event) {
    accept();
  }

  private void accept() {
    for (int i = 0; i < ACCEPTS_AT_A_TIME; i++) {
      int descriptor;
      try {
        if (stopped) {
          return;
        }
        descriptor = socket.accept(peer);
      } catch (IOException e) {
        // Most likely out of descriptors or memory (EMFILE, ENFILE, ENOBUFS). The edge won't come
        // again for what is in the queue already.
        LOG.log(
            Level.WARNING, () -> "accept on " + service.definition().id() + ": " + e.getMessage());
        loop.executeIn(OUT_OF_RESOURCES, this::accept);
        return;
      }
      if (descriptor < 0) {
        return;
      }
      accepted(new EpollSocket(descriptor));
    }
    loop.execute(this::accept);
  }

  private void accepted(EpollSocket accepted) {
    var from = NativeInetAddress.address(peer, 1, peer[0]);
    var least = ProxyLoop.leastLoaded(loops);
    if (!loop.isBusierThan(least)) {
      begin(accepted, from, loop);
      return;
    }
    try {
      least.open(() -> begin(accepted, from, least));
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "accepted while the plane closes", e);
      close(accepted);
    }
  }

  private void begin(EpollSocket accepted, InetSocketAddress from, ProxyLoop carrier) {
    var connection =
        new TcpConnection(
            service,
            carrier,
            from,
            owner -> {
              var leg = new EpollLeg(owner, accepted);
              leg.register();
              return leg;
            });
    connection.begin();
  }

  private static void close(EpollSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "close failed", e);
    }
  }

  @Override
  public FileDescriptor fd() {
    return socket;
  }

  @Override
  public void close() {
    stop();
    close(socket);
  }
}
