package io.lvs4j.api.plane;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.VirtualServerId;

/** Is told of destinations that fail connections. It is called on any thread and must not block. */
@FunctionalInterface
public interface FailureListener {
  /**
   * Is called when connections to a destination have failed as often in a row as the virtual
   * server's {@link io.lvs4j.api.PassiveHealth} wants, and again after each so many more.
   *
   * @param inARow how many have failed since the last good one
   * @param last how the last one failed, for a person to read
   */
  void onFailures(VirtualServerId id, Endpoint destination, int inARow, String last);
}
