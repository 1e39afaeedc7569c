package io.lvs4j.vrrp.machine;

import java.util.List;

/**
 * What came of an event.
 *
 * @param state the next state
 * @param actions what is to be done, in order
 */
public record Step(State state, List<Action> actions) {
  /** Copies the actions. */
  public Step {
    actions = List.copyOf(actions);
  }
}
