package io.lvs4j.vrrp.router;

import io.lvs4j.vrrp.machine.Action;
import io.lvs4j.vrrp.machine.Event;
import io.lvs4j.vrrp.machine.Moment;
import io.lvs4j.vrrp.machine.State;
import java.util.List;
import java.util.Optional;

/** The state of those instances that decide together: one by itself, or a sync group. */
interface Election {
  /** Returns the instances. */
  List<Member> members();

  /** Returns the state of one of them. */
  State state(Member member);

  /** Takes the step that an event of one of them leads to, and returns what is to be done. */
  List<Task> step(Member member, Event event, Moment now);

  /**
   * Something that is to be done.
   *
   * @param member for which instance; empty for the sync group as a whole
   * @param action what
   */
  record Task(Optional<Member> member, Action action) {}
}
