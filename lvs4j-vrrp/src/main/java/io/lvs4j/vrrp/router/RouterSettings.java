package io.lvs4j.vrrp.router;

import io.lvs4j.api.vrrp.SyncGroup;
import io.lvs4j.api.vrrp.Tracker;
import io.lvs4j.api.vrrp.TrackerSource;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpListener;
import java.util.ArrayList;
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
    return instances.stream()
        .map(instance -> {
          var group = groupOf(instance.name());
          return new Member(
              instance,
              group.map(SyncGroup::name),
              group.map(SyncGroup::trackers).orElse(List.of()));
        })
        .toList();
  }

  /** Returns who decides together with whom. */
  List<Election> elections(List<Member> members) {
    Map<String, Member> byName =
        members.stream().collect(Collectors.toMap(Member::name, Function.identity()));
    var elections = new ArrayList<Election>();
    for (var group : syncGroups) {
      elections.add(new GroupElection(group, group.instances().stream().map(byName::get).toList()));
    }
    members.stream()
        .filter(member -> member.syncGroup.isEmpty())
        .forEach(member -> elections.add(new SingleElection(member)));
    return elections;
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
