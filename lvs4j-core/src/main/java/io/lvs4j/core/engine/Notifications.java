package io.lvs4j.core.engine;

import io.lvs4j.api.DirectorEvent;
import io.lvs4j.api.DirectorListener;
import java.lang.System.Logger;
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
  private static final Logger LOG = System.getLogger("io.lvs4j.director");

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String name;
  private final ExecutorService executor = Executors.newSingleThreadExecutor(this::newThread);
  private volatile @Nullable Thread thread;

  Notifications(String name) {
    this.name = name;
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
        } catch (RuntimeException | Error failure) {
          LOG.log(Level.ERROR, "a listener failed on " + event, failure);
        }
      }
    });
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
