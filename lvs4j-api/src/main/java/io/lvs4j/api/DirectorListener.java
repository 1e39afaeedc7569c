package io.lvs4j.api;

import io.lvs4j.api.loop.LoopSnapshot;
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

  /**
   * Is called when a thread that the director can't do without has ended, which takes a fault that
   * none of its guards has caught. The director no longer runs then: it has given its virtual
   * addresses up, and what is left of it waits for {@code close}. Does nothing if not overridden.
   */
  default void onLoopEnded(LoopSnapshot loop) {}
}
