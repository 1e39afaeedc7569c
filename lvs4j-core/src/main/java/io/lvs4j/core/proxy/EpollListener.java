package io.lvs4j.core.proxy;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.NativeInetAddress;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A listening socket of one loop; the kernel spreads connections over those of all loops
 * (SO_REUSEPORT).
 */
final class EpollListener implements EpollIoHandle {
  private static final System.Logger LOG = System.getLogger(EpollListener.class.getName());

  /** How many are accepted before the loop's other sockets have their turn. */
  private static final int ACCEPTS_AT_A_TIME = 64;

  private static final Duration OUT_OF_RESOURCES = Duration.ofMillis(100);

  private final EpollSocket socket;
  private final ProxyLoop loop;
  private final TcpService service;
  private final byte[] peer = new byte[25];
  private @Nullable IoRegistration registration;
  private boolean closed;

  /** Binds and listens. */
  EpollListener(InetSocketAddress address, ProxyLoop loop, TcpService service) throws IOException {
    this.loop = loop;
    this.service = service;
    this.socket = EpollSocket.open(address.getAddress());
    try {
      socket.setReuseAddress(true);
      socket.setReusePort(true);
      // Accepted sockets inherit it.
      socket.setTcpNoDelay(true);
      socket.bind(address);
      socket.listen(NetUtil.SOMAXCONN);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Begins to accept. */
  void start() {
    loop.execute(() -> {
      if (!closed) {
        registration = loop.eventLoop().register(this).getNow();
        registration.submit(EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLET));
      }
    });
  }

  /** Closes the socket. Completes when it is closed. */
  CompletableFuture<?> stop() {
    return CompletableFuture.runAsync(this::close, loop.eventLoop());
  }

  @Override
  public void handle(IoRegistration mine, IoEvent event) {
    accept();
  }

  private void accept() {
    for (int i = 0; i < ACCEPTS_AT_A_TIME; i++) {
      int descriptor;
      try {
        if (closed) {
          return;
        }
        descriptor = socket.accept(peer);
      } catch (IOException e) {
        // Most likely out of descriptors or memory (EMFILE, ENFILE, ENOBUFS). The edge won't come
        // again for what is in the queue already.
        LOG.log(
            System.Logger.Level.WARNING,
            () -> "accept on " + service.definition().id() + ": " + e.getMessage());
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
    var connection =
        new TcpConnection(
            service,
            loop,
            from,
            owner -> {
              var leg = new EpollLeg(owner, accepted);
              leg.register();
              return leg;
            });
    connection.begin();
  }

  @Override
  public FileDescriptor fd() {
    return socket;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (registration != null) {
      registration.cancel();
    }
  }
}
