package io.lvs4j.core.engine;

import io.lvs4j.api.DirectorEvent;
import io.lvs4j.api.DirectorListener;
import io.lvs4j.api.loop.LoopFaults;
import io.lvs4j.api.loop.LoopLogger;
import io.lvs4j.api.loop.LoopSnapshot;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tells listeners of events: in order, one at a time, on a thread of its own. */
final class Notifications {
  private static final LoopLogger LOG = LoopLogger.of("io.lvs4j.director", System::nanoTime);

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String name;
  private final ExecutorService executor = Executors.newSingleThreadExecutor(this::newThread);
  private volatile @Nullable Thread thread;
  private final LoopFaults faults;

  Notifications(String name) {
    this.name = name;
    this.faults = new LoopFaults(name, LOG);
  }

  private Thread newThread(Runnable task) {
    var made = Thread.ofPlatform().name(name).daemon().unstarted(task);
    thread = made;
    return made;
  }

  /** Hands an event to the listeners that were there when it happened. */
  void publish(DirectorEvent event, List<DirectorListener> listeners) {
    var time = Instant.now();
    executor.execute(() -> {
      for (var listener : listeners) {
        try {
          listener.onEvent(event, time);
        } catch (Throwable failure) {
          faults.survived("a listener", failure);
        }
      }
    });
  }

  /** Tells listeners that a thread has ended. */
  void loopEnded(LoopSnapshot loop, List<DirectorListener> listeners) {
    executor.execute(() ->
        listeners.forEach(
            listener -> faults.guard("a listener", () -> listener.onLoopEnded(loop))));
  }

  /** Returns the thread as it is now; it begins with the first event. */
  LoopSnapshot snapshot() {
    // The executor starts another thread should one end.
    return faults.snapshot(true, Duration.ZERO);
  }

  /**
   * Ends the thread once the events that are on their way have been delivered, and waits for that
   * unless a listener asks for it: for 10 s or more, not for ever, as a listener may hang.
   *
   * @param longer how long to wait if that is more
   */
  void close(Duration longer) {
    executor.shutdown();
    if (Thread.currentThread().equals(thread)) {
      return;
    }
    var patience = longer.compareTo(PATIENCE) > 0 ? longer : PATIENCE;
    try {
      if (!executor.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.log(Level.WARNING, "a listener has not returned within " + patience.toSeconds() + " s");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
