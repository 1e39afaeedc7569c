package io.lvs4j.core.proxy;

import io.lvs4j.api.loop.LoopFaults;
import io.lvs4j.api.loop.LoopSnapshot;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An event loop and what belongs to its thread: the deadlines, the randomness and the connections
 * and sessions that it carries.
 */
final class ProxyLoop {
  /** The most that is read at once. */
  static final int READ = 256 * 1024;

  /** How connections end that were asked to, and how many have. */
  static final class Closing {
    final CompletableFuture<Integer> done = new CompletableFuture<>();
    private final Ending ending;
    private int ended;

    Closing(Ending ending) {
      this.ending = ending;
    }
  }

  /** How many connections end before the others of the loop have their turn. */
  private static final int ENDS = 64;

  /** How many are looked at meanwhile. */
  private static final int LOOKS = 8192;

  /** One part in so many is no difference in load. */
  private static final int SLACK = 16;

  /** How long nothing is accepted after descriptors or memory were found to be missing. */
  private static final Duration ACCEPT_RETRY = Duration.ofMillis(100);

  /** How often the loop shows that it is there. */
  private static final Duration TICK = Duration.ofSeconds(1);

  private final LoopGroup.Loop eventLoop;
  private final LoopFaults faults;
  private final Shared shared;
  private final MemoryBudget memory;
  private final RelayQueue udpSessions = new RelayQueue();
  private final SocketTransport transport;
  private final RandomGenerator random;
  private final TimeoutWheel timeouts;
  private final ByteBuf readBuffer = Unpooled.directBuffer(READ, READ);
  private final List<Relay> open = new ArrayList<>();

  /** What is to end with the next sweep, and how. Guarded by itself, as the flag below is. */
  private final Map<Doomed, Closing> doomed = new HashMap<>();

  private boolean sweeping;
  private final AtomicInteger underWay = new AtomicInteger();
  // The size of the list, for other loops that look without its lock.
  private volatile int size;
  private final List<Acceptor> acceptors = new ArrayList<>();
  private @Nullable ScheduledFuture<?> alarm;
  private boolean acceptRetryPending;
  private @Nullable ScheduledFuture<?> acceptRetry;
  private volatile long tickedAt;

  /**
   * What the loops of a plane have in common.
   *
   * @param loops how many there are
   */
  record Shared(int loops, DirectMemory memory, UdpSessions udpSessions, Shortage shortage) {}

  ProxyLoop(
      LoopGroup.Loop eventLoop, SocketTransport transport, Shared shared, RandomGenerator random) {
    this.eventLoop = eventLoop;
    this.faults = eventLoop.faults();
    this.shared = shared;
    this.memory = new MemoryBudget(shared.memory().forWaitingBytes() / shared.loops());
    this.transport = transport;
    this.random = random;
    this.timeouts = new TimeoutWheel(now(), this::wakeIn);
    this.tickedAt = now();
    var _ =
        eventLoop.scheduleAtFixedRate(
            () -> faults.guard("the loop's clock", this::tick),
            TICK.toNanos(),
            TICK.toNanos(),
            TimeUnit.NANOSECONDS);
  }

  /** Takes up what was left when there was no memory to ask for a later call. */
  private void tick() {
    long now = now();
    tickedAt = now;
    if (timeouts.isOverdue(now)) {
      timeouts.turn(now);
    }
    if (acceptRetry == null || acceptRetry.isDone()) {
      retryAccepts();
    }
    if (!shared.shortage().isLasting(now)) {
      shared.udpSessions().grow();
    }
  }

  /** Returns the loop as it is now. Any thread may ask. */
  LoopSnapshot snapshot() {
    var late = Duration.ofNanos(now() - tickedAt).minus(TICK.multipliedBy(2));
    return faults.snapshot(!eventLoop.hasEnded(), late.isNegative() ? Duration.ZERO : late);
  }

  /** Counts and logs what would have ended the loop. */
  void survived(String where, Throwable fault) {
    faults.survived(where, fault);
  }

  /** Takes note that a call of TCP failed for want of descriptors or memory, and makes room. */
  void ranShort(String call, Throwable cause) {
    shared.shortage().met(call, cause, now());
    for (int i = shared.udpSessions().shrink(); i > 0 && endLongestIdleSession(); i--) {
      // One more.
    }
  }

  /** Takes note that a call failed for want of descriptors or memory. */
  void ranShortOfSessions(String call, Throwable cause) {
    shared.shortage().met(call, cause, now());
  }

  /** Returns the memory that is kept for peers that don't keep up. */
  MemoryBudget memory() {
    return memory;
  }

  /** Returns where buffers outside the heap come from. */
  ByteBufAllocator allocator() {
    return shared.memory();
  }

  /** Returns the loop's UDP sessions, of all virtual servers. */
  RelayQueue udpSessions() {
    return udpSessions;
  }

  /** Ends the UDP session that has been idle the longest, if there is one. */
  boolean endLongestIdleSession() {
    var longest = udpSessions.longestIdle();
    if (longest == null) {
      return false;
    }
    longest.end(Ending.DISPLACED);
    return true;
  }

  /** Adds what accepts connections on this loop. */
  void add(Acceptor acceptor) {
    acceptors.add(acceptor);
  }

  void remove(Acceptor acceptor) {
    acceptors.remove(acceptor);
  }

  /** Says whether to leave clients in the queue, for the last attempt found no descriptor left. */
  boolean isShort() {
    return acceptRetryPending;
  }

  /** Lets the loop's acceptors that wait try again in a while: one attempt for all of them. */
  void retryAcceptsLater() {
    if (!acceptRetryPending) {
      acceptRetryPending = true;
      acceptRetry =
          eventLoop.schedule(
              () -> faults.guard("accepts", this::retryAccepts),
              ACCEPT_RETRY.toNanos(),
              TimeUnit.NANOSECONDS);
    }
  }

  private void retryAccepts() {
    if (acceptRetry != null) {
      // Another one beside it would go on for ever, as this one does.
      acceptRetry.cancel(false);
      acceptRetry = null;
    }
    acceptRetryPending = false;
    for (int i = 0; i < acceptors.size() && !acceptRetryPending; i++) {
      var acceptor = acceptors.get(i);
      if (acceptor.isWaiting()) {
        faults.guard("an accept", acceptor::retry);
      }
    }
    if (acceptRetryPending) {
      // The others have their turn first the next time.
      Collections.rotate(acceptors, -1);
    }
  }

  LoopGroup.Loop eventLoop() {
    return eventLoop;
  }

  SocketTransport transport() {
    return transport;
  }

  RandomGenerator random() {
    return random;
  }

  TimeoutWheel timeouts() {
    return timeouts;
  }

  /** Returns the buffer that all of the loop's sockets read into, one after the other. */
  ByteBuf readBuffer() {
    return readBuffer;
  }

  /** Returns the time on the clock of the deadlines. */
  long now() {
    return System.nanoTime();
  }

  /** Makes a channel one of this loop. */
  ChannelFuture register(Channel channel) {
    EventLoopGroup group = eventLoop;
    return group.register(channel);
  }

  /** Runs this on the loop's thread. */
  void execute(Runnable task) {
    eventLoop.execute(() -> faults.guard("a task", task));
  }

  /** Runs this on the loop's thread after a while. */
  void executeIn(Duration delay, Runnable task) {
    var _ =
        eventLoop.schedule(
            () -> faults.guard("a task", task), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Adds to those that other threads see. */
  void opened(Relay relay) {
    synchronized (open) {
      relay.position = open.size();
      open.add(relay);
      size = open.size();
    }
  }

  /** Takes it out again, if it is in. */
  void closed(Relay relay) {
    synchronized (open) {
      if (relay.position == Relay.NOWHERE) {
        return;
      }
      Relay last = open.removeLast();
      if (relay.position < open.size()) {
        open.set(relay.position, last);
        last.position = relay.position;
      }
      relay.position = Relay.NOWHERE;
      size = open.size();
    }
  }

  /** Returns what is open at this moment. Any thread may ask. */
  List<Relay> open() {
    synchronized (open) {
      return List.copyOf(open);
    }
  }

  /** Returns how many are open at this moment or about to be. Any thread may ask. */
  int load() {
    return size + underWay.get();
  }

  /**
   * Says whether another loop has so many fewer connections that a new one had better go there. A
   * difference of a few isn't worth waking that loop.
   */
  boolean isBusierThan(ProxyLoop other) {
    int theirs = other.load();
    return load() > theirs + theirs / SLACK + 1;
  }

  /**
   * Opens a connection on this loop's thread. Any thread may ask.
   *
   * @throws RejectedExecutionException when the loop has ended
   */
  void open(Runnable connection) {
    underWay.incrementAndGet();
    var taken = new AtomicBoolean();
    try {
      eventLoop.execute(() -> {
        if (taken.compareAndSet(false, true)) {
          underWay.decrementAndGet();
          faults.guard("a connection that was accepted", connection);
        }
      });
    } catch (RuntimeException | Error e) {
      // The loop may have the task all the same, if waking it was what failed.
      if (taken.compareAndSet(false, true)) {
        underWay.decrementAndGet();
        throw e;
      }
      faults.survived("the handing over of a connection", e);
    }
  }

  /** Returns the loop with the fewest connections. */
  static ProxyLoop leastLoaded(List<ProxyLoop> loops) {
    var least = loops.getFirst();
    for (var loop : loops) {
      if (loop.load() < least.load()) {
        least = loop;
      }
    }
    return least;
  }

  /**
   * Ends some of what is open. Any thread may ask; it happens on the loop's, together with all that
   * is asked for until then in one pass over the connections, and in slices between which the
   * others have their turn.
   *
   * @return completes with the number of those that were ended
   */
  CompletableFuture<Integer> end(Doomed which, Ending ending) {
    CompletableFuture<Integer> done;
    synchronized (doomed) {
      done = doomed.computeIfAbsent(which, key -> new Closing(ending)).done;
      if (sweeping) {
        return done;
      }
      sweeping = true;
    }
    try {
      eventLoop.execute(this::sweep);
    } catch (RejectedExecutionException e) {
      // The loop has ended, and all that was open with it.
      synchronized (doomed) {
        sweeping = false;
        doomed.values().forEach(closing -> closing.done.complete(0));
        doomed.clear();
      }
    }
    return done;
  }

  private void sweep() {
    Map<Doomed, Closing> asked;
    synchronized (doomed) {
      if (doomed.isEmpty()) {
        sweeping = false;
        return;
      }
      asked = Map.copyOf(doomed);
      doomed.clear();
    }
    sweep(asked, open().iterator());
  }

  private void sweep(Map<Doomed, Closing> asked, Iterator<Relay> rest) {
    try {
      sweepSlice(asked, rest);
    } catch (Throwable thrown) {
      faults.survived("the end of connections", thrown);
      synchronized (doomed) {
        sweeping = false;
      }
      asked.values().forEach(closing -> closing.done.complete(closing.ended));
    }
  }

  private void sweepSlice(Map<Doomed, Closing> asked, Iterator<Relay> rest) {
    int ended = 0;
    for (int looks = 0; rest.hasNext() && ended < ENDS && looks < LOOKS; looks++) {
      var relay = rest.next();
      var closing = Doomed.by(relay, asked);
      if (closing != null) {
        faults.guard("the end of a connection", () -> relay.end(closing.ending));
        closing.ended++;
        ended++;
      }
    }
    Runnable next;
    if (rest.hasNext()) {
      next = () -> sweep(asked, rest);
    } else {
      asked.values().forEach(closing -> closing.done.complete(closing.ended));
      next = this::sweep;
    }
    // Scheduled, for a task that is executed at once would go before the sockets again.
    var _ = eventLoop.schedule(next, 0, TimeUnit.NANOSECONDS);
  }

  /** Ends all that is open, at once. Completes when it has happened. */
  CompletableFuture<?> endAll() {
    return run(() ->
        open()
            .forEach(relay ->
                faults.guard(
                    "the end of a connection", () -> relay.end(Ending.CLOSED_BY_DIRECTOR))));
  }

  /**
   * Runs a task on the loop's thread, or here if that has ended: what is to be closed has to be.
   *
   * @return completes when it has run
   */
  CompletableFuture<?> run(Runnable task) {
    try {
      return CompletableFuture.runAsync(task, eventLoop);
    } catch (RejectedExecutionException ended) {
      faults.guard("a task", task);
      return CompletableFuture.completedFuture(this);
    }
  }

  /** Frees the loop's memory; its thread has ended. */
  void free() {
    readBuffer.release();
  }

  private void wakeIn(long delay) {
    if (alarm != null) {
      alarm.cancel(false);
    }
    alarm =
        eventLoop.schedule(
            () -> faults.guard("the timeouts", () -> timeouts.turn(now())),
            delay,
            TimeUnit.NANOSECONDS);
  }
}
