package io.lvs4j.health.probe;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HealthCheck;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one thread on which attempts are made and timers fire. It carries no traffic, so that a
 * crowded data plane can't make real servers look dead.
 */
public final class ProbeLoop implements AutoCloseable {
  private final Supplier<SocketChannel> sockets;
  private final Function<SocketProtocolFamily, DatagramChannel> datagramSockets;
  private final TlsContexts tlsContexts = new TlsContexts(this);
  private final Echoes echoes = new Echoes();
  private final Standstill standstill = new Standstill(this);
  private final LoopThread threads = new LoopThread();
  private final SingleThreadIoEventLoop loop;

  ProbeLoop(
      IoHandlerFactory ioHandler,
      Supplier<SocketChannel> sockets,
      Function<SocketProtocolFamily, DatagramChannel> datagramSockets) {
    this.sockets = sockets;
    this.datagramSockets = datagramSockets;
    this.loop = new SingleThreadIoEventLoop(null, threads, ioHandler);
  }

  /** Opens a loop on the best transport there is; its thread starts with the first task. */
  public static ProbeLoop open() {
    HealthLog.prepare();
    return open(Transport.best());
  }

  static ProbeLoop open(Transport transport) {
    return new ProbeLoop(
        transport.ioHandler(), transport::newChannel, transport::newDatagramChannel);
  }

  /** Returns the present moment in nanoseconds, on the clock of {@link #at}. */
  public long now() {
    return loop.ticker().nanoTime();
  }

  /**
   * Runs a task on the loop's thread.
   *
   * @return false if the loop was closed before, and nothing runs on it any more
   */
  public boolean execute(Runnable task) {
    try {
      loop.execute(logged(task));
      return true;
    } catch (RejectedExecutionException closed) {
      return false;
    }
  }

  /** Runs a task at this moment. To be called, and cancelled, on the loop's thread. */
  public Cancellable at(long moment, Runnable task) {
    long delay = Math.max(0, moment - now());
    var timer = loop.schedule(logged(task), delay, TimeUnit.NANOSECONDS);
    return () -> timer.cancel(false);
  }

  /** Returns what makes the attempts of one checker for one real server. */
  public Prober prober(Endpoint target, HealthCheck check) {
    return new Prober(this, target, check);
  }

  /** Opens a socket; throws {@link io.netty.channel.ChannelException} when there is none left. */
  SocketChannel newChannel() {
    return sockets.get();
  }

  /** Opens a UDP socket; throws {@link io.netty.channel.ChannelException} if none is left. */
  DatagramChannel newDatagramChannel(InetAddress to) {
    return datagramSockets.apply(
        to instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6);
  }

  TlsContexts tlsContexts() {
    return tlsContexts;
  }

  Echoes echoes() {
    return echoes;
  }

  Standstill standstill() {
    return standstill;
  }

  ChannelFuture register(Channel channel) {
    return loop.register(channel);
  }

  /**
   * Ends all attempts and timers without a word to anybody, and waits until the thread has ended,
   * unless it is called on that thread itself. An interrupt does not shorten the wait; it is still
   * set afterwards.
   */
  @Override
  public void close() {
    var termination = loop.shutdownGracefully(0, 0, TimeUnit.NANOSECONDS);
    if (!loop.inEventLoop()) {
      termination.awaitUninterruptibly();
      threads.join();
    }
    echoes.close();
  }

  /** Netty keeps a task's exception for a reader of its future; nobody reads these futures. */
  private static Runnable logged(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error unexpected) {
        HealthLog.log(System.Logger.Level.ERROR, "health checks: unexpected error", unexpected);
      }
    };
  }

  /** Makes the loop's only thread, and remembers it to wait for its end. */
  private static final class LoopThread extends DefaultThreadFactory {
    private volatile @Nullable Thread thread;

    LoopThread() {
      super("lvs4j-health", true);
    }

    @Override
    protected Thread newThread(Runnable task, String name) {
      var made = super.newThread(task, "lvs4j-health");
      thread = made;
      return made;
    }

    void join() {
      var ending = thread;
      boolean interrupted = false;
      while (ending != null && ending.isAlive()) {
        try {
          ending.join();
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
