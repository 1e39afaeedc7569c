package io.lvs4j.vrrp.router;

import io.lvs4j.api.host.VrrpChannel;
import io.lvs4j.api.host.VrrpChannelSettings;
import io.lvs4j.api.vrrp.VirtualRouterId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A channel and the instances that speak and listen on it, by virtual router id. */
final class SharedChannel {
  final Key key;
  final VrrpChannel channel;
  private final Map<VirtualRouterId, Member> members = new HashMap<>();

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
    members.put(member.instance.virtualRouterId(), member);
  }

  /** Returns whether nobody is left. */
  boolean leave(Member member) {
    members.remove(member.instance.virtualRouterId());
    return members.isEmpty();
  }

  Collection<Member> members() {
    return members.values();
  }

  Optional<Member> member(VirtualRouterId id) {
    return Optional.ofNullable(members.get(id));
  }
}
