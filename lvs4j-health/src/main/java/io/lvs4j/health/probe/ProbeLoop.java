package io.lvs4j.health.probe;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.loop.LoopFaults;
import io.lvs4j.api.loop.LoopLogger;
import io.lvs4j.api.loop.LoopSnapshot;
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
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one thread on which attempts are made and timers fire. It carries no traffic, so that a
 * crowded data plane can't make real servers look dead.
 */
public final class ProbeLoop implements AutoCloseable {
  private static final Duration A_MOMENT = Duration.ofMillis(10);
  private static final int LOOKS_A_SECOND = 2;
  private static final Duration LOOK = Duration.ofMillis(500);

  private final Supplier<SocketChannel> sockets;
  private final Function<SocketProtocolFamily, DatagramChannel> datagramSockets;
  private final TlsContexts tlsContexts = new TlsContexts(this);
  private final Echoes echoes = new Echoes();
  private final Standstill standstill = new Standstill(this);
  private final LoopThread threads = new LoopThread();
  private final Set<LookedAfter> lookedAfter = ConcurrentHashMap.newKeySet();
  private final LoopFaults faults =
      new LoopFaults("lvs4j-health", LoopLogger.of("io.lvs4j.health", System::nanoTime));
  private final IoHandlerFactory ioHandler;
  private final Thread watchdog;
  private volatile SurvivingLoop loop;
  private volatile boolean closed;
  private volatile boolean looking;
  private volatile long lookedAt;
  private int looks;

  /** Somebody who has tasks on the loop, and wants them done whatever happens to it. */
  private record LookedAfter(Runnable everySecond, Runnable anew) {}

  ProbeLoop(
      IoHandlerFactory ioHandler,
      Supplier<SocketChannel> sockets,
      Function<SocketProtocolFamily, DatagramChannel> datagramSockets) {
    this.sockets = sockets;
    this.datagramSockets = datagramSockets;
    this.ioHandler = ioHandler;
    this.loop = new SurvivingLoop(threads, ioHandler);
    this.watchdog =
        Thread.ofPlatform().daemon().name("lvs4j-health-watchdog").unstarted(this::watch);
    watchdog.start();
  }

  /**
   * A loop that whatever is thrown on it doesn't end: not by netty's own code for want of memory,
   * nor by a logger of netty's that fails.
   */
  private final class SurvivingLoop extends SingleThreadIoEventLoop {
    SurvivingLoop(LoopThread threads, IoHandlerFactory ioHandler) {
      super(null, threads, ioHandler);
    }

    @Override
    protected void run() {
      boolean over = false;
      while (!over) {
        try {
          super.run();
          over = true;
        } catch (RuntimeException | Error failure) {
          failed(failure);
          // What fails at once again would keep a processor busy.
          LockSupport.parkNanos(A_MOMENT.toNanos());
        }
      }
    }
  }

  private void failed(Throwable failure) {
    faults.count("health checks", failure);
    HealthLog.often(
        System.Logger.Level.ERROR,
        "loop " + failure.getClass().getName(),
        "health checks: unexpected error; they go on",
        failure);
  }

  /** Returns how many errors the loop has survived. */
  long errors() {
    return faults.count();
  }

  /**
   * Returns the thread as it is now; none once it is closed. The watchdog replaces one that has
   * ended, so it counts as alive as long as there is a watchdog.
   */
  public List<LoopSnapshot> loops() {
    boolean alive = watchdog.isAlive() || !threads.hasEnded();
    var behind = looking ? Duration.ofNanos(System.nanoTime() - lookedAt) : Duration.ZERO;
    // Closing says so before it ends the threads: what has ended of that is no news.
    return closed ? List.of() : List.of(faults.snapshot(alive, behind));
  }

  /**
   * Has two tasks run on the loop: one each second, by which somebody finds out what an error has
   * taken from him, and one when another loop had to take this one's place.
   */
  public Cancellable lookAfter(Runnable everySecond, Runnable anew) {
    var entry = new LookedAfter(everySecond, anew);
    lookedAfter.add(entry);
    return () -> lookedAfter.remove(entry);
  }

  /** On the watchdog's thread. Nothing of it may end it. */
  private void watch() {
    while (!closed) {
      try {
        LockSupport.parkNanos(LOOK.toNanos());
        if (!closed) {
          look();
        }
      } catch (RuntimeException | Error failure) {
        failed(failure);
      }
    }
  }

  private void look() {
    if (threads.hasEnded()) {
      HealthLog.log(
          System.Logger.Level.ERROR, "health checks: their thread has ended; another one begins");
      loop = new SurvivingLoop(threads.anew(), ioHandler);
      looking = false;
      execute(() -> lookedAfter.forEach(each -> logged(each.anew).run()));
    } else if (threads.hasBegun() && looks++ % LOOKS_A_SECOND == 0 && !looking) {
      lookedAt = System.nanoTime();
      looking = execute(this::lookAfterAll);
    }
  }

  private void lookAfterAll() {
    looking = false;
    lookedAfter.forEach(each -> logged(each.everySecond).run());
  }

  /** The netty loop of now, for tests that end it. */
  SingleThreadIoEventLoop eventLoop() {
    return loop;
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
    closed = true;
    LockSupport.unpark(watchdog);
    boolean ownThread = loop.inEventLoop() || Thread.currentThread().equals(watchdog);
    if (!ownThread) {
      join(watchdog);
    }
    var termination = loop.shutdownGracefully(0, 0, TimeUnit.NANOSECONDS);
    if (!loop.inEventLoop()) {
      termination.awaitUninterruptibly();
      threads.join();
    }
    echoes.close();
  }

  /** Netty keeps a task's exception for a reader of its future; nobody reads these futures. */
  private Runnable logged(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error unexpected) {
        failed(unexpected);
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

    LoopThread anew() {
      thread = null;
      return this;
    }

    boolean hasBegun() {
      return thread != null;
    }

    boolean hasEnded() {
      var begun = thread;
      return begun != null && begun.getState() == Thread.State.TERMINATED;
    }

    void join() {
      var ending = thread;
      if (ending != null) {
        ProbeLoop.join(ending);
      }
    }
  }

  /** An interrupt doesn't shorten the wait; it is still set afterwards. */
  private static void join(Thread ending) {
    boolean interrupted = false;
    while (ending.isAlive()) {
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
