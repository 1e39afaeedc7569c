package io.lvs4j.vrrp.router;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpListener;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls listeners one at a time and in order, on a thread that does nothing else. A call that takes
 * long is told of while it lasts, by another thread.
 */
final class NotificationThread implements Notifications, AutoCloseable {
  private static final Duration LAST_WORDS = Duration.ofSeconds(10);

  /** Beyond this, events that are no change of state are dropped while a listener is busy. */
  private static final int MOST_WAITING = 10_000;

  private final ExecutorService executor;
  private final ScheduledExecutorService watch;
  private final RouterLog log;
  private final Duration slow;
  private final AtomicInteger waiting = new AtomicInteger();
  private final Set<VrrpListener> heard = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile Thread thread = Thread.currentThread();

  /**
   * Starts the thread.
   *
   * @param watch a thread for warnings
   * @param slow after what time a warning is due
   */
  NotificationThread(ScheduledExecutorService watch, RouterLog log, Duration slow) {
    this.watch = watch;
    this.log = log;
    this.slow = slow;
    var single =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            NANOSECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              thread =
                  Thread.ofPlatform().name("lvs4j-vrrp-notifications").daemon().unstarted(task);
              return thread;
            });
    // Now, and not with the first event: by then there may be no room for a thread.
    var _ = single.prestartCoreThread();
    this.executor = single;
  }

  @Override
  public void publish(VrrpEvent event, List<VrrpListener> listeners) {
    if (listeners.isEmpty()) {
      return;
    }
    if (waiting.get() >= MOST_WAITING && !isChangeOfState(event)) {
      log.warn(
          "notifications " + event.name(),
          event.name() + ": listeners are too slow, dropped " + event);
      return;
    }
    heard.addAll(listeners);
    waiting.incrementAndGet();
    try {
      executor.execute(() -> {
        waiting.decrementAndGet();
        listeners.forEach(listener -> call(listener, event));
      });
    } catch (RuntimeException | Error failed) {
      waiting.decrementAndGet();
      log.failed(event.name() + ": notification", failed);
    }
  }

  private static boolean isChangeOfState(VrrpEvent event) {
    return switch (event) {
      case VrrpEvent.Master _, VrrpEvent.Backup _, VrrpEvent.Fault _, VrrpEvent.Stopped _ -> true;
      case VrrpEvent.LowerPriorityHeard _,
          VrrpEvent.SecondOwnerHeard _,
          VrrpEvent.OwnAddressHeard _,
          VrrpEvent.PriorityChanged _,
          VrrpEvent.AddressRestored _,
          VrrpEvent.Stalled _,
          VrrpEvent.IntervalAdopted _ ->
          false;
    };
  }

  private void call(VrrpListener listener, VrrpEvent event) {
    var what = event.name() + ": listener of " + word(event);
    long start = System.nanoTime();
    var warned = new AtomicBoolean();
    var warning = warnLater(what, warned);
    try {
      listener.accept(event);
    } catch (Throwable failure) { // a checked one, too, if its compiler lets it
      if (failure instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      log.log(Level.ERROR, what + " failed", failure);
    } finally {
      warning.ifPresent(each -> each.cancel(false));
      if (warned.get()) {
        var took = Duration.ofNanos(System.nanoTime() - start);
        log.log(Level.WARNING, what + " took " + text(took), null);
      }
    }
  }

  private Optional<Future<?>> warnLater(String what, AtomicBoolean warned) {
    try {
      return Optional.of(
          watch.schedule(
              () -> {
                warned.set(true);
                log.log(
                    Level.WARNING,
                    what + " takes longer than " + text(slow) + "; later events wait for it",
                    null);
              },
              slow.toNanos(),
              NANOSECONDS));
    } catch (RuntimeException | Error ended) {
      return Optional.empty(); // the watch has ended, or there is no memory for one
    }
  }

  private static String word(VrrpEvent event) {
    return event.getClass().getSimpleName().toUpperCase(Locale.ROOT);
  }

  private static String text(Duration duration) {
    return duration.toMillis() + " ms";
  }

  /**
   * Waits until all events have been delivered and what listeners have set going for them is over,
   * or the time for last words is: one wait for all of it, and for all calls. When a listener calls
   * this there is nothing to wait for: it would be itself.
   */
  @Override
  public void close() {
    executor.shutdown();
    if (Thread.currentThread().equals(thread) || closed.getAndSet(true)) {
      return;
    }
    long deadline = System.nanoTime() + LAST_WORDS.toNanos();
    try {
      if (!executor.awaitTermination(LAST_WORDS.toNanos(), NANOSECONDS)) {
        log.log(
            Level.WARNING,
            "listeners: still busy " + text(LAST_WORDS) + " after the end; not waited for",
            null);
        return;
      }
      for (var listener : heard) {
        awaitEnd(listener, Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitEnd(VrrpListener listener, Duration left) throws InterruptedException {
    try {
      listener.awaitEnd(left);
    } catch (RuntimeException | Error failure) {
      log.log(Level.ERROR, "a listener failed at the end", failure);
    }
  }
}
