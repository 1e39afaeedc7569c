package io.lvs4j.core.engine;

import io.lvs4j.api.DirectorEvent;
import io.lvs4j.api.DirectorListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tells listeners of events: in order, one at a time, on a thread of its own. */
final class Notifications implements AutoCloseable {
  private static final Logger LOG = System.getLogger("io.lvs4j.director");

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ExecutorService executor = Executors.newSingleThreadExecutor(this::newThread);
  private volatile @Nullable Thread thread;
  private volatile boolean awaitDelivery;

  private Thread newThread(Runnable task) {
    var made = Thread.ofPlatform().name("lvs4j-notifications").daemon().unstarted(task);
    thread = made;
    return made;
  }

  /** Hands an event to the listeners that were there when it happened. */
  void publish(DirectorEvent event, List<DirectorListener> listeners) {
    executor.execute(() -> {
      for (var listener : listeners) {
        try {
          listener.onEvent(event);
        } catch (RuntimeException | Error failure) {
          LOG.log(Level.ERROR, "a listener failed on " + event, failure);
        }
      }
    });
  }

  /** Lets {@link #close} wait for the delivery of the last events, for they may be the point. */
  void awaitDeliveryAtClose() {
    awaitDelivery = true;
  }

  /**
   * Ends the thread once the events that are on their way have been delivered. Where it was asked
   * for, and not by a listener, that is waited for: for some seconds at most, as a listener may
   * hang.
   */
  @Override
  public void close() {
    executor.shutdown();
    if (!awaitDelivery || Thread.currentThread().equals(thread)) {
      return;
    }
    try {
      if (!executor.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.log(Level.WARNING, "a listener has not returned within " + PATIENCE.toSeconds() + " s");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
