package io.lvs4j.core;

import io.lvs4j.api.Problem;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.vrrp.SyncGroup;
import io.lvs4j.api.vrrp.Tracker;
import io.lvs4j.api.vrrp.TrackerSource;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.vrrp.router.VrrpRouter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Tells the VRRP router of the quorum of virtual servers. On the engine's thread. */
final class QuorumReports {
  private final VrrpRouter router;
  private final Set<VirtualServerId> without = new LinkedHashSet<>();

  QuorumReports(VrrpRouter router) {
    this.router = router;
    router.report(new TrackerSource.Quorum(Optional.empty()), true, "");
  }

  void quorum(VirtualServerId id, boolean up) {
    var _ = up ? without.remove(id) : without.add(id);
    router.report(new TrackerSource.Quorum(Optional.of(id)), up, "quorum is lost");
    router.report(
        new TrackerSource.Quorum(Optional.empty()),
        without.isEmpty(),
        "without quorum: " + without);
  }

  /** Returns which trackers look at a virtual server that isn't there. */
  static List<Problem> problems(
      List<VrrpInstance> instances, List<SyncGroup> groups, List<VirtualServer> virtualServers) {
    var ids = virtualServers.stream().map(VirtualServer::id).toList();
    var problems = new ArrayList<Problem>();
    instances.forEach(
        each -> unknown("VRRP instance " + each.name(), each.trackers(), ids, problems));
    groups.forEach(each -> unknown("sync group " + each.name(), each.trackers(), ids, problems));
    return problems;
  }

  private static void unknown(
      String subject, List<Tracker> trackers, List<VirtualServerId> ids, List<Problem> problems) {
    for (var tracker : trackers) {
      if (tracker.source() instanceof TrackerSource.Quorum(Optional<VirtualServerId> id)
          && id.filter(each -> !ids.contains(each)).isPresent()) {
        problems.add(new Problem(subject + ": tracker", tracker.name(), "one of " + ids));
      }
    }
  }
}
