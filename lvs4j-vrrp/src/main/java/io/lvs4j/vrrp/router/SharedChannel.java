package io.lvs4j.vrrp.router;

import io.lvs4j.api.host.VrrpChannel;
import io.lvs4j.api.host.VrrpChannelSettings;
import io.lvs4j.api.vrrp.VirtualRouterId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A channel and the instances that speak and listen on it, by virtual router id. */
final class SharedChannel {
  final Key key;
  final VrrpChannel channel;
  private final Map<VirtualRouterId, List<Member>> members = new HashMap<>();

  /**
   * What makes two channels the same one.
   *
   * @param settings what it was opened with
   * @param index the interface's number then; 0 when there is no interface
   * @param sourceOnInterface whether the interface had the source address then
   */
  record Key(VrrpChannelSettings settings, int index, boolean sourceOnInterface) {}

  SharedChannel(Key key, VrrpChannel channel) {
    this.key = key;
    this.channel = channel;
  }

  void join(Member member) {
    members.computeIfAbsent(member.instance.virtualRouterId(), _ -> new ArrayList<>()).add(member);
  }

  /** Returns whether nobody is left. */
  boolean leave(Member member) {
    var same = members.getOrDefault(member.instance.virtualRouterId(), List.of());
    same.remove(member);
    if (same.isEmpty()) {
      members.remove(member.instance.virtualRouterId());
    }
    return members.isEmpty();
  }

  List<Member> members() {
    return members.values().stream().flatMap(List::stream).toList();
  }

  /** Returns the instances of a number; several only if each has peers of its own. */
  List<Member> members(VirtualRouterId id) {
    return members.getOrDefault(id, List.of());
  }
}
