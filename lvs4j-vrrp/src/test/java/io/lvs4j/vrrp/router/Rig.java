package io.lvs4j.vrrp.router;

import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.vrrp.SyncGroup;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpSnapshot;
import io.lvs4j.api.vrrp.VrrpState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A router's loop on a scripted host: runs to a given time in no time. */
final class Rig {
  final ScriptedHost host = new ScriptedHost();
  final List<VrrpEvent> events = new ArrayList<>();
  List<Member> members;
  final RouterLoop loop;

  Rig(VrrpInstance... instances) {
    this(List.of(), instances);
  }

  Rig(List<SyncGroup> groups, VrrpInstance... instances) {
    var settings = new RouterSettings(List.of(instances), groups, List.of(), List.of());
    members = settings.members();
    loop =
        new RouterLoop(
            settings,
            host,
            host,
            new RouterLog(_ -> {}, host),
            (event, _) -> events.add(event),
            settings.elections(members));
  }

  Rig begin() throws HostNetworkException {
    loop.begin();
    return this;
  }

  /** Goes on with other instances. */
  Rig reconfigure(VrrpInstance... instances) throws HostNetworkException {
    return reconfigure(List.of(), instances);
  }

  /** Goes on with other instances and groups. */
  Rig reconfigure(List<SyncGroup> groups, VrrpInstance... instances) throws HostNetworkException {
    members =
        loop.reconfigure(new RouterSettings(List.of(instances), groups, List.of(), List.of()));
    return this;
  }

  /** Runs until so long after the beginning. */
  Rig until(Duration time) {
    boolean[] over = {false};
    host.at(
        time,
        () -> {
          over[0] = true;
          host.wakeUp();
        });
    while (!over[0]) {
      loop.turn();
    }
    return this;
  }

  VrrpSnapshot snapshot() {
    return members.getFirst().snapshot();
  }

  VrrpState state() {
    return snapshot().state();
  }
}
