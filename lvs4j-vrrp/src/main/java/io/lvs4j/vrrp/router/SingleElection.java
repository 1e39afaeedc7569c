package io.lvs4j.vrrp.router;

import io.lvs4j.vrrp.machine.Event;
import io.lvs4j.vrrp.machine.Machine;
import io.lvs4j.vrrp.machine.Moment;
import io.lvs4j.vrrp.machine.State;
import io.lvs4j.vrrp.machine.Tracked;
import java.util.List;
import java.util.Optional;

/** An instance that decides by itself. */
final class SingleElection implements Election {
  private final Member member;
  private State state;

  SingleElection(Member member) {
    this(member, Machine.initial(Tracked.GOOD));
  }

  /** Goes on with an instance that is something already. */
  SingleElection(Member member, State state) {
    this.member = member;
    this.state = state;
  }

  @Override
  public List<Member> members() {
    return List.of(member);
  }

  @Override
  public State state(Member member) {
    return state;
  }

  @Override
  public List<Task> step(Member member, Event event, Moment now) {
    var step = Machine.step(member.self, state, event, now);
    state = step.state();
    return step.actions().stream().map(action -> new Task(Optional.of(member), action)).toList();
  }
}
