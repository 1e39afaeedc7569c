package io.lvs4j.api;

import java.time.Instant;

/**
 * Is told of what happens in a director, in order, one event at a time, on a thread that does
 * nothing else. A slow listener delays later events of the listeners, never traffic nor the log; an
 * exception is logged.
 */
@FunctionalInterface
public interface DirectorListener {
  /** Is called with the next event. */
  void onEvent(DirectorEvent event);

  /**
   * Is called with the next event and when it happened; calls {@link #onEvent(DirectorEvent)}
   * unless it is overridden.
   *
   * @param time when the event happened, which may be a while ago if a listener is slow
   */
  default void onEvent(DirectorEvent event, Instant time) {
    onEvent(event);
  }
}
