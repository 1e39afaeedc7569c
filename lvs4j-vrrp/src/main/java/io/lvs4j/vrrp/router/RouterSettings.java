package io.lvs4j.vrrp.router;

import io.lvs4j.api.vrrp.SyncGroup;
import io.lvs4j.api.vrrp.Tracker;
import io.lvs4j.api.vrrp.TrackerSource;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpListener;
import io.lvs4j.vrrp.machine.State;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a router is to run.
 *
 * @param instances the instances
 * @param syncGroups the groups that some of them are in
 * @param listeners those that are told of everything
 * @param observers those that are told of everything at once, on the router's thread
 */
record RouterSettings(
    List<VrrpInstance> instances,
    List<SyncGroup> syncGroups,
    List<VrrpListener> listeners,
    List<Consumer<? super VrrpEvent>> observers) {
  RouterSettings {
    instances = List.copyOf(instances);
    syncGroups = List.copyOf(syncGroups);
    listeners = List.copyOf(listeners);
    observers = List.copyOf(observers);
  }

  /** Returns the instances as they are before the start, in the order of the configuration. */
  List<Member> members() {
    return instances.stream().map(this::member).toList();
  }

  /** Returns an instance as it is before the start. */
  Member member(VrrpInstance instance) {
    return new Member(
        instance, groupOf(instance.name()).map(SyncGroup::name), groupTrackers(instance.name()));
  }

  /** Returns the same with other instances and groups. */
  RouterSettings with(List<VrrpInstance> otherInstances, List<SyncGroup> otherGroups) {
    return new RouterSettings(otherInstances, otherGroups, listeners, observers);
  }

  /** Returns the instance of a name that there is. */
  VrrpInstance instance(String name) {
    return instances.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  /** Returns the trackers of an instance's group. */
  List<Tracker> groupTrackers(String instance) {
    return groupOf(instance).map(SyncGroup::trackers).orElse(List.of());
  }

  /** Returns who decides together with whom, going on from the states that there are. */
  List<Election> elections(List<Member> members, Map<Member, State> states) {
    Map<String, Member> byName =
        members.stream().collect(Collectors.toMap(Member::name, Function.identity()));
    var elections = new ArrayList<Election>();
    for (var group : syncGroups) {
      var own = group.instances().stream().map(byName::get).toList();
      var known = new LinkedHashMap<>(states);
      known.keySet().retainAll(own);
      elections.add(new GroupElection(group, own, known));
    }
    for (var member : members) {
      if (member.syncGroup.isEmpty()) {
        var state = states.get(member);
        elections.add(
            state == null ? new SingleElection(member) : new SingleElection(member, state));
      }
    }
    return elections;
  }

  /** Returns who decides together with whom. */
  List<Election> elections(List<Member> members) {
    return elections(members, Map.of());
  }

  Optional<SyncGroup> groupOf(String instance) {
    return syncGroups.stream().filter(each -> each.instances().contains(instance)).findFirst();
  }

  /** Says whether there are addresses to hold. */
  boolean holdsAddresses() {
    return instances.stream().anyMatch(instance -> !instance.allAddresses().isEmpty());
  }

  /** Returns the interfaces that matter to an instance. */
  static Set<String> interfaces(Member member) {
    var names = new LinkedHashSet<String>();
    member.instance.networkInterface().ifPresent(names::add);
    names.addAll(Links.interfacesOfAddresses(member.instance));
    for (Tracker tracker : member.readings.keySet()) {
      if (tracker.source() instanceof TrackerSource.NetworkInterface(String name)) {
        names.add(name);
      }
    }
    return names;
  }

  /** Returns those that are told of an instance's events. */
  List<VrrpListener> listenersOf(Member member) {
    return with(member.instance.listeners());
  }

  /** Returns those that are told of the events of an instance's sync group. */
  List<VrrpListener> listenersOfGroupOf(Member member) {
    return with(groupOf(member.name()).map(SyncGroup::listeners).orElse(List.of()));
  }

  private List<VrrpListener> with(List<VrrpListener> own) {
    var all = new ArrayList<>(listeners);
    all.addAll(own);
    return all;
  }
}
