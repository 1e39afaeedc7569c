package io.lvs4j.vrrp.router;

import io.lvs4j.api.vrrp.SyncGroup;
import io.lvs4j.vrrp.machine.Event;
import io.lvs4j.vrrp.machine.GroupMachine;
import io.lvs4j.vrrp.machine.GroupMachine.GroupState;
import io.lvs4j.vrrp.machine.LocalRouter;
import io.lvs4j.vrrp.machine.Moment;
import io.lvs4j.vrrp.machine.State;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The instances of a sync group, which are master together or not at all. */
final class GroupElection implements Election {
  private final SyncGroup group;
  private final Map<String, Member> members = new LinkedHashMap<>();
  private GroupState state;

  GroupElection(SyncGroup group, List<Member> members) {
    this.group = group;
    members.forEach(member -> this.members.put(member.name(), member));
    this.state = GroupState.initial(group.instances());
  }

  /** Goes on with members that are something already. */
  GroupElection(SyncGroup group, List<Member> members, Map<Member, State> states) {
    this(group, members);
    var present = new LinkedHashMap<>(state.states());
    var own = new LinkedHashMap<>(state.own());
    states.forEach((member, each) -> {
      present.put(member.name(), each);
      own.put(member.name(), member.told);
    });
    this.state = new GroupState(present, own);
  }

  @Override
  public List<Member> members() {
    return List.copyOf(members.values());
  }

  @Override
  public State state(Member member) {
    return Objects.requireNonNull(state.states().get(member.name()));
  }

  @Override
  public List<Task> step(Member member, Event event, Moment now) {
    var routers = new LinkedHashMap<String, LocalRouter>();
    members.forEach((name, each) -> routers.put(name, each.self));
    var step = GroupMachine.step(group, routers, state, member.name(), event, now);
    state = step.state();
    return step.actions().stream()
        .map(each -> new Task(Optional.ofNullable(members.get(each.instance())), each.action()))
        .toList();
  }
}
