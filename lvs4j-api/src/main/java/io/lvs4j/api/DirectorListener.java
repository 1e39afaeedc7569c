package io.lvs4j.api;

/**
 * Is told of what happens in a director, in order, one event at a time, on a thread that does
 * nothing else. A slow listener delays later events, never traffic; an exception is logged.
 */
@FunctionalInterface
public interface DirectorListener {
  /** Is called with the next event. */
  void onEvent(DirectorEvent event);
}
