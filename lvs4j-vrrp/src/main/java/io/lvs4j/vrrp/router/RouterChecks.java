package io.lvs4j.vrrp.router;

import io.lvs4j.api.Problem;
import io.lvs4j.api.vrrp.SyncGroup;
import io.lvs4j.api.vrrp.Tracker;
import io.lvs4j.api.vrrp.TrackerSource;
import io.lvs4j.api.vrrp.VirtualAddress;
import io.lvs4j.api.vrrp.VrrpInstance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What keeps instances from being run together. */
final class RouterChecks {
  private final List<Problem> problems = new ArrayList<>();

  private RouterChecks() {}

  static List<Problem> of(
      List<VrrpInstance> instances,
      List<SyncGroup> groups,
      Duration slowListener,
      boolean reportsExpected) {
    var checks = new RouterChecks();
    if (instances.isEmpty()) {
      checks.problems.add(new Problem("VRRP instances", "none", "at least one"));
    }
    if (slowListener.compareTo(Duration.ofMillis(1)) < 0
        || slowListener.compareTo(Duration.ofHours(1)) > 0) {
      checks.problems.add(new Problem("slow listener", slowListener.toString(), "1 ms to 1 h"));
    }
    checks.names(instances, groups);
    checks.virtualRouterIds(instances);
    checks.groups(instances, groups);
    if (!reportsExpected) {
      instances.forEach(each -> checks.quorum("VRRP instance " + each.name(), each.trackers()));
      groups.forEach(each -> checks.quorum("sync group " + each.name(), each.trackers()));
    }
    return List.copyOf(checks.problems);
  }

  private void quorum(String subject, List<Tracker> trackers) {
    trackers.stream()
        .filter(tracker -> tracker.source() instanceof TrackerSource.Quorum)
        .map(tracker ->
            new Problem(
                subject + ": tracker " + tracker.name(), "without a director", "a director"))
        .forEach(problems::add);
  }

  private void names(List<VrrpInstance> instances, List<SyncGroup> groups) {
    var seen = new HashMap<String, String>();
    instances.forEach(instance -> once(seen, "VRRP instance " + instance.name(), instance.name()));
    groups.forEach(group -> once(seen, "sync group " + group.name(), group.name()));
  }

  private void once(Map<String, String> seen, String subject, String name) {
    var before = seen.putIfAbsent(name, subject);
    if (before != null) {
      problems.add(new Problem(subject, "the name of " + before + " too", "each name once"));
    }
  }

  private void virtualRouterIds(List<VrrpInstance> instances) {
    for (int i = 0; i < instances.size(); i++) {
      var instance = instances.get(i);
      instances.subList(0, i).stream()
          .filter(instance::sharesAdvertsWith)
          .findFirst()
          .ifPresent(before ->
              problems.add(
                  new Problem(
                      "VRRP instance " + instance.name() + ": virtual router id",
                      instance.virtualRouterId()
                          + ", that of "
                          + before.name()
                          + " on "
                          + instance.networkInterface().orElse("the same source address")
                          + " too",
                      "each one once on an interface, unless adverts come from other peers or to"
                          + " another group")));
    }
  }

  /** Returns what is odd but allowed about instances and groups that are run together. */
  static List<Problem> warnings(List<VrrpInstance> instances, List<SyncGroup> groups) {
    var warnings = new ArrayList<Problem>();
    instances.forEach(instance -> warnings.addAll(instance.warnings()));
    for (var group : groups) {
      warnings.addAll(
          group.warnings(
              instances.stream()
                  .filter(instance -> group.instances().contains(instance.name()))
                  .toList()));
    }
    warnings.addAll(sharedAddresses(instances));
    return warnings;
  }

  private static List<Problem> sharedAddresses(List<VrrpInstance> instances) {
    var warnings = new ArrayList<Problem>();
    var seen = new HashMap<VirtualAddress.Identity, VrrpInstance>();
    for (var instance : instances) {
      for (var address : instance.allAddresses()) {
        var before = seen.putIfAbsent(address.identity(instance.networkInterface()), instance);
        if (before != null) {
          warnings.add(
              new Problem(
                  "VRRP instance " + instance.name() + ": virtual address",
                  address + ", that of " + before.name() + " too",
                  "each address in one instance; it stays while either is master"));
        }
      }
    }
    return warnings;
  }

  private void groups(List<VrrpInstance> instances, List<SyncGroup> groups) {
    var names = instances.stream().map(VrrpInstance::name).toList();
    var seen = new HashMap<String, SyncGroup>();
    for (var group : groups) {
      for (var member : group.instances()) {
        if (!names.contains(member)) {
          problems.add(
              new Problem("sync group " + group.name() + ": instance", member, "one of " + names));
        }
        var before = seen.putIfAbsent(member, group);
        if (before != null) {
          problems.add(
              new Problem(
                  "sync group " + group.name() + ": instance",
                  member + ", which is in " + before.name() + " too",
                  "each instance in one group"));
        }
      }
    }
  }
}
