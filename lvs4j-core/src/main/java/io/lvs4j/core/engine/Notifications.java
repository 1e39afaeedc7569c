package io.lvs4j.core.engine;

import io.lvs4j.api.DirectorEvent;
import io.lvs4j.api.DirectorListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Tells listeners of events: in order, one at a time, on a thread of its own. */
final class Notifications implements AutoCloseable {
  private static final Logger LOG = System.getLogger("io.lvs4j.director");

  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(
          task -> Thread.ofPlatform().name("lvs4j-notifications").daemon().unstarted(task));

  /** Hands an event to the listeners that were there when it happened. */
  void publish(DirectorEvent event, List<DirectorListener> listeners) {
    executor.execute(() -> {
      for (var listener : listeners) {
        try {
          listener.onEvent(event);
        } catch (RuntimeException failure) {
          LOG.log(Level.ERROR, "a listener failed on " + event, failure);
        }
      }
    });
  }

  /** Ends the thread once the events that are on their way have been delivered. */
  @Override
  public void close() {
    executor.shutdown();
  }
}
