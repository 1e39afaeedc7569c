package io.lvs4j.linux;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.host.EchoChannel;
import io.lvs4j.api.host.EchoRequest;
import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.linux.kernel.Capability;
import io.lvs4j.linux.kernel.Errno;
import io.lvs4j.linux.kernel.Kernel;
import io.lvs4j.linux.kernel.Refusal;
import io.lvs4j.linux.socket.EchoSocket;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Echo requests to many hosts over few sockets: one for each way that requests may take. Requests
 * are sent by whoever asks; a daemon thread hears the replies, {@code lvs4j-echo}.
 */
final class LinuxEchoChannel implements EchoChannel {
  private static final Logger LOG = System.getLogger("io.lvs4j.linux");

  /** How long the thread sleeps at most; it is woken for everything. */
  private static final Duration NAP = Duration.ofSeconds(10);

  private static final int MOST_AT_ONCE = 256;
  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final Duration A_MOMENT = Duration.ofMillis(100);

  /** What a socket is for. */
  private record Way(
      AddressFamily family,
      Optional<InetAddress> address,
      Optional<String> networkInterface,
      OptionalLong mark) {
    static Way of(EchoRequest request) {
      return new Way(
          AddressFamily.of(request.to()),
          request.bindAddress(),
          request.bindInterface(),
          request.firewallMark());
    }
  }

  private record Waiting(InetAddress to, long sentAt, CompletableFuture<Duration> reply) {}

  private final Kernel kernel;
  private final int identifier = ThreadLocalRandom.current().nextInt();
  private final Map<Long, Waiting> waiting = new ConcurrentHashMap<>();

  /** Guarded by this, as what follows. */
  private final Map<Way, EchoSocket> sockets = new HashMap<>();

  private long nextToken = ThreadLocalRandom.current().nextLong();
  private @Nullable Waker waker;
  private @Nullable Thread thread;
  private boolean closed;

  LinuxEchoChannel(Kernel kernel) {
    this.kernel = kernel;
  }

  @Override
  public CompletableFuture<Duration> echo(EchoRequest request) {
    var reply = new CompletableFuture<Duration>();
    try {
      send(request, reply);
    } catch (IOException refused) {
      reply.completeExceptionally(refused);
    }
    return reply;
  }

  private synchronized void send(EchoRequest request, CompletableFuture<Duration> reply)
      throws IOException {
    if (closed) {
      throw new HostNetworkException("echo channel: closed (expected: open)");
    }
    var socket = socket(request);
    long token = nextToken++;
    waiting.put(token, new Waiting(request.to(), System.nanoTime(), reply));
    var _ = reply.whenComplete((_, _) -> waiting.remove(token));
    int result = socket.send(request, token);
    if (result < 0) {
      throw refusal(Errno.ofResult(result), request.to().getHostAddress());
    }
  }

  private static IOException refusal(Errno errno, String to) {
    return switch (errno.toString()) {
      case "EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN" ->
          new NoRouteToHostException(to + ": " + errno);
      default -> Refusal.of(errno, Capability.NET_RAW, "send an echo request to " + to);
    };
  }

  private EchoSocket socket(EchoRequest request) throws HostNetworkException {
    var way = Way.of(request);
    var known = sockets.get(way);
    if (known != null && thread != null && thread.getState() != Thread.State.TERMINATED) {
      return known;
    }
    var listening = waker == null ? Waker.open(kernel) : waker;
    waker = listening;
    var opened = known == null ? EchoSocket.open(kernel, request, identifier) : known;
    sockets.put(way, opened);
    if (thread == null || thread.getState() == Thread.State.TERMINATED) {
      thread = Thread.ofPlatform().daemon().name("lvs4j-echo").start(() -> listen(listening));
    } else {
      listening.wake();
    }
    return opened;
  }

  /** Hears replies until the channel is closed, whatever happens meanwhile. */
  private void listen(Waker woken) {
    long lastTold = System.nanoTime() - PAUSE.toNanos();
    while (!isClosed()) {
      try {
        await(woken, sockets());
      } catch (HostNetworkException | RuntimeException | Error broken) {
        lastTold = tell(broken, lastTold);
        if (broken instanceof HostNetworkException) {
          failAll(broken);
        }
        // What fails at once again would keep a processor busy.
        LockSupport.parkNanos(A_MOMENT.toNanos());
      }
    }
  }

  /** Who waits for a reply that may have been missed learns nothing of the other side. */
  private void failAll(Throwable cause) {
    try {
      var lost = new HostNetworkException("echo replies were not heard", cause);
      List.copyOf(waiting.values()).forEach(each -> each.reply().completeExceptionally(lost));
    } catch (RuntimeException | Error again) {
      // They time out, then.
      Thread.onSpinWait();
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized List<EchoSocket> sockets() {
    return List.copyOf(sockets.values());
  }

  private static long tell(Throwable broken, long lastTold) {
    long now = System.nanoTime();
    if (now - lastTold < PAUSE.toNanos()) {
      return lastTold;
    }
    try {
      LOG.log(Level.ERROR, "echo replies: unexpected error; they are still listened for", broken);
    } catch (RuntimeException | Error noLog) {
      return lastTold;
    }
    return now;
  }

  private void await(Waker woken, List<EchoSocket> heard) throws HostNetworkException {
    var numbers = new int[heard.size() + 1];
    numbers[0] = woken.descriptor().value();
    for (int i = 0; i < heard.size(); i++) {
      numbers[i + 1] = heard.get(i).descriptor().value();
    }
    var ready = new boolean[numbers.length];
    int result = kernel.poll(numbers, ready, NAP.toNanos());
    if (Errno.EINTR.is(result)) {
      return;
    }
    Refusal.check(result, Capability.NET_RAW, "wait for echo replies");
    if (ready[0]) {
      woken.reset();
    }
    for (int i = 0; i < heard.size(); i++) {
      if (ready[i + 1]) {
        heard.get(i).receive(MOST_AT_ONCE, this::replied);
      }
    }
  }

  private void replied(long token, byte[] sender) {
    var answered = waiting.get(token);
    // Somebody else's reply with a token of ours can only be a guess.
    if (answered != null && Arrays.equals(answered.to().getAddress(), sender)) {
      answered.reply().complete(Duration.ofNanos(System.nanoTime() - answered.sentAt()));
    }
  }

  @Override
  public void close() {
    Thread listening;
    synchronized (this) {
      closed = true;
      listening = thread;
      if (waker != null) {
        waker.wake();
      }
    }
    join(listening);
    synchronized (this) {
      sockets.values().forEach(EchoSocket::close);
      sockets.clear();
      if (waker != null) {
        waker.close();
        waker = null;
      }
    }
    List.copyOf(waiting.values()).forEach(each -> each.reply().cancel(false));
  }

  /** Waits for a thread; an interrupt doesn't shorten that, and is still set afterwards. */
  private static void join(@Nullable Thread thread) {
    boolean interrupted = false;
    while (thread != null && thread.isAlive() && !thread.equals(Thread.currentThread())) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
