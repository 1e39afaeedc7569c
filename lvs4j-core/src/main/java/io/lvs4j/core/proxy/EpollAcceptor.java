package io.lvs4j.core.proxy;

import io.lvs4j.api.loop.LoopLogger;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.NativeInetAddress;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What one loop does at a listening socket: it accepts, and gives each connection to the loop with
 * the fewest. The loop that happens to be awake accepts the most, so without that it would keep the
 * most.
 */
final class EpollAcceptor implements EpollIoHandle, Acceptor {
  private static final LoopLogger LOG = LoopLogger.of(EpollAcceptor.class, System::nanoTime);

  /**
   * Wakes one of the loops that wait for a connection, not all (include/uapi/linux/eventpoll.h).
   */
  private static final int EPOLLEXCLUSIVE = 1 << 28;

  private static final EpollIoOps CONNECTIONS =
      EpollIoOps.valueOf(EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLET).value() | EPOLLEXCLUSIVE);

  /** How many are accepted before the loop's other sockets have their turn. */
  private static final int ACCEPTS_AT_A_TIME = 64;

  private final EpollSocket socket;
  private final ProxyLoop loop;
  private final List<ProxyLoop> loops;
  private final TcpService service;
  private final byte[] peer = new byte[25];
  private @Nullable IoRegistration registration;
  private final String accept;
  private boolean waiting;
  private boolean stopped;

  EpollAcceptor(EpollSocket socket, ProxyLoop loop, List<ProxyLoop> loops, TcpService service) {
    this.socket = socket;
    this.loop = loop;
    this.loops = loops;
    this.service = service;
    this.accept = "accept on " + service.definition().id();
  }

  /** Begins to accept. Called on the loop's thread. */
  void start() {
    if (!stopped) {
      loop.add(this);
      registration = loop.eventLoop().register(this).getNow();
      registration.submit(CONNECTIONS);
    }
  }

  /** Stops accepting; the socket stays open. Called on the loop's thread. */
  void stop() {
    stopped = true;
    loop.remove(this);
    if (registration != null) {
      registration.cancel();
    }
  }

  @Override
  public void handle(IoRegistration mine, IoEvent event) {
    try {
      accept();
    } catch (Throwable thrown) {
      loop.survived(accept, thrown);
      retryLater();
    }
  }

  @Override
  public boolean isWaiting() {
    return waiting;
  }

  @Override
  public void retry() {
    waiting = false;
    accept();
  }

  /** The edge won't come again for what is in the queue already. */
  private void retryLater() {
    waiting = true;
    loop.retryAcceptsLater();
  }

  private void accept() {
    if (waiting) {
      return;
    }
    if (loop.isShort()) {
      retryLater();
      return;
    }
    for (int i = 0; i < ACCEPTS_AT_A_TIME; i++) {
      if (stopped) {
        return;
      }
      int descriptor;
      try {
        descriptor = socket.accept(peer);
      } catch (IOException e) {
        if (Shortage.isBehind(e)) {
          loop.ranShort(accept, e);
        } else {
          LOG.log(Level.WARNING, () -> accept + ": " + e.getMessage());
        }
        retryLater();
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
    } catch (RuntimeException | Error e) {
      close(accepted);
      throw e;
    }
  }

  private void begin(EpollSocket accepted, InetSocketAddress from, ProxyLoop carrier) {
    TcpConnection connection = null;
    try {
      connection =
          new TcpConnection(service, carrier, from, owner -> new EpollLeg(owner, accepted));
      connection.begin();
    } catch (Throwable thrown) {
      if (connection == null) {
        carrier.survived(service.connections(), thrown);
        close(accepted);
      } else {
        connection.fault(thrown);
      }
    }
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
