package io.lvs4j.vrrp.router;

import io.lvs4j.api.vrrp.VirtualAddress;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.vrrp.machine.LocalRouter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What becomes of the instances of a router when its configuration changes. An instance of the same
 * name goes on as what it is; one that has moved to another link, or is another virtual router
 * there, ends and begins anew.
 *
 * @param members all that there will be, in the order of the configuration
 * @param leaving those that end
 * @param coming those that begin
 * @param changed those that go on with other settings, and what they were
 */
record Reconfiguration(
    List<Member> members, List<Member> leaving, List<Member> coming, Map<Member, Before> changed) {

  /**
   * What an instance was.
   *
   * @param self who it was
   * @param addresses the addresses that it had to hold
   */
  record Before(LocalRouter self, List<VirtualAddress> addresses) {}

  static Reconfiguration between(
      Collection<Member> present, RouterSettings settings, RouterSettings next) {
    Map<String, Member> byName =
        present.stream().collect(Collectors.toMap(Member::name, Function.identity()));
    var members = new ArrayList<Member>();
    var coming = new ArrayList<Member>();
    var changed = new LinkedHashMap<Member, Before>();
    for (var instance : next.instances()) {
      var member = byName.get(instance.name());
      if (member == null || !isSameRouter(member.instance, instance)) {
        var fresh = next.member(instance);
        members.add(fresh);
        coming.add(fresh);
        continue;
      }
      members.add(member);
      if (!member.instance.equals(instance) || isOtherGroup(instance.name(), settings, next)) {
        changed.put(member, new Before(member.self, member.instance.allAddresses()));
      }
    }
    var leaving = present.stream().filter(member -> !members.contains(member)).toList();
    return new Reconfiguration(members, leaving, coming, changed);
  }

  private static boolean isSameRouter(VrrpInstance one, VrrpInstance other) {
    return one.networkInterface().equals(other.networkInterface())
        && one.virtualRouterId().equals(other.virtualRouterId())
        && one.version() == other.version()
        && one.family() == other.family();
  }

  private static boolean isOtherGroup(
      String instance, RouterSettings settings, RouterSettings next) {
    var before = settings.groupOf(instance);
    var after = next.groupOf(instance);
    return before.isPresent() != after.isPresent()
        || (before.isPresent()
            && after.isPresent()
            && (!before.get().name().equals(after.get().name())
                || !before.get().trackers().equals(after.get().trackers())));
  }
}
