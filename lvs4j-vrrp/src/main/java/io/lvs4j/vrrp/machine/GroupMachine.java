package io.lvs4j.vrrp.machine;

import io.lvs4j.api.vrrp.SyncGroup;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpState;
import io.lvs4j.vrrp.machine.State.Backup;
import io.lvs4j.vrrp.machine.State.Master;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rules of a sync group, above the machines of its members: all are master or none is, they
 * become it when every one of them wants to, and a fault of one is a fault of all.
 */
public final class GroupMachine {
  private final SyncGroup group;
  private final Map<String, LocalRouter> routers;
  private final Moment now;
  private final Map<String, State> states;
  private final Map<String, Tracked> own;
  private final List<MemberAction> actions = new ArrayList<>();

  private GroupMachine(
      SyncGroup group, Map<String, LocalRouter> routers, GroupState state, Moment now) {
    this.group = group;
    this.routers = routers;
    this.now = now;
    this.states = new LinkedHashMap<>(state.states());
    this.own = new LinkedHashMap<>(state.own());
  }

  /**
   * The states of all members.
   *
   * @param states by the name of the instance
   * @param own what each member's own trackers said last
   */
  public record GroupState(Map<String, State> states, Map<String, Tracked> own) {
    /** Copies the maps. */
    public GroupState {
      states = Map.copyOf(states);
      own = Map.copyOf(own);
    }

    /** Returns the state of a group that is about to start. */
    public static GroupState initial(Collection<String> members) {
      var states = new LinkedHashMap<String, State>();
      var own = new LinkedHashMap<String, Tracked>();
      for (var member : members) {
        states.put(member, Machine.initial(Tracked.GOOD));
        own.put(member, Tracked.GOOD);
      }
      return new GroupState(states, own);
    }

    /** Returns what the group as a whole is doing: the worst of its members. */
    public VrrpState name() {
      return GroupMachine.summary(states.values());
    }
  }

  /**
   * What one member has to do.
   *
   * @param instance the member, or the name of the group for an event of its own
   * @param action what
   */
  public record MemberAction(String instance, Action action) {}

  /**
   * What came of an event.
   *
   * @param state the next states
   * @param actions what is to be done, in order
   */
  public record GroupStep(GroupState state, List<MemberAction> actions) {
    /** Copies the actions. */
    public GroupStep {
      actions = List.copyOf(actions);
    }
  }

  /**
   * Returns what an event of one member leads to in all of them.
   *
   * @param group the configuration
   * @param routers the members by name, each of them synchronised
   * @param state the present states
   * @param instance the member to which it happened
   * @param event what happened
   * @param now the present moment
   */
  public static GroupStep step(
      SyncGroup group,
      Map<String, LocalRouter> routers,
      GroupState state,
      String instance,
      Event event,
      Moment now) {
    var machine = new GroupMachine(group, routers, state, now);
    var before = state.name();
    if (event instanceof Event.TrackersChanged(Tracked tracked)) {
      machine.own.put(instance, tracked);
      machine.shareTracking(instance);
    } else {
      machine.member(instance, event);
    }
    machine.settle();
    machine.tellOfChange(before);
    return new GroupStep(new GroupState(machine.states, machine.own), machine.actions);
  }

  private void member(String instance, Event event) {
    var before = state(instance);
    var step = Machine.step(router(instance), before, event, now);
    states.put(instance, step.state());
    for (var action : step.actions()) {
      actions.add(new MemberAction(instance, action));
    }
    if (before instanceof Master && step.state() instanceof Backup) {
      others(instance, new Event.GroupBackup("sync group: " + instance + " is backup"));
    }
    boolean defended =
        step.actions().stream()
            .anyMatch(action -> action instanceof Action.Notify(VrrpEvent.LowerPriorityHeard _));
    if (defended) {
      others(instance, new Event.GroupAnnounce());
    }
  }

  private void others(String instance, Event event) {
    for (var other : group.instances()) {
      if (!other.equals(instance) && state(other) instanceof Master) {
        member(other, event);
      }
    }
  }

  /** The one that it is about comes first: the others follow it, and are told of after it. */
  private void shareTracking(String cause) {
    shareTrackingWith(cause);
    group.instances().stream()
        .filter(other -> !other.equals(cause))
        .forEach(this::shareTrackingWith);
  }

  private void shareTrackingWith(String instance) {
    var shared = tracked(instance);
    if (!shared.equals(state(instance).tracked())) {
      member(instance, new Event.TrackersChanged(shared));
    }
  }

  /** Returns what a member's own trackers say, and the faults of the others. */
  private Tracked tracked(String instance) {
    var all = own(instance);
    if (!group.isWeightedTrackingOn()) {
      all = all.withoutOffset();
    }
    for (var other : group.instances()) {
      if (!other.equals(instance) && own(other).isFaulty()) {
        all = all.withFault("sync group: " + other + " is in fault");
      }
    }
    return all;
  }

  private void settle() {
    boolean all =
        group.instances().stream()
            .map(this::state)
            .allMatch(state ->
                state instanceof Master || (state instanceof Backup backup && backup.wanting()));
    if (all) {
      for (var instance : group.instances()) {
        if (state(instance) instanceof Backup) {
          member(instance, new Event.GroupMaster());
        }
      }
    }
  }

  private void tellOfChange(VrrpState before) {
    var after = summary(states.values());
    if (after == before) {
      return;
    }
    var priority =
        group.instances().stream()
            .map(instance -> router(instance).priority(state(instance).tracked()))
            .min(Comparator.naturalOrder())
            .orElseThrow();
    var reason = "all of " + group.instances();
    var event =
        switch (after) {
          case MASTER -> new VrrpEvent.Master(group.name(), priority, reason);
          case BACKUP -> new VrrpEvent.Backup(group.name(), priority, reason);
          case FAULT -> new VrrpEvent.Fault(group.name(), priority, "one of " + group.instances());
          case STOPPED -> new VrrpEvent.Stopped(group.name(), priority);
          case INIT -> null;
        };
    if (event != null) {
      actions.add(new MemberAction(group.name(), new Action.Notify(event)));
    }
  }

  private static VrrpState summary(Collection<State> states) {
    var names = states.stream().map(State::name).toList();
    for (var worst : List.of(VrrpState.FAULT, VrrpState.INIT, VrrpState.BACKUP, VrrpState.MASTER)) {
      if (names.contains(worst)) {
        return worst;
      }
    }
    return VrrpState.STOPPED;
  }

  private State state(String instance) {
    return get(states, instance);
  }

  private Tracked own(String instance) {
    return get(own, instance);
  }

  private LocalRouter router(String instance) {
    return get(routers, instance);
  }

  private static <T> T get(Map<String, T> map, String instance) {
    var value = map.get(instance);
    if (value == null) {
      throw new IllegalArgumentException(
          "instance: " + instance + " (expected: one of " + map.keySet() + ")");
    }
    return value;
  }
}
