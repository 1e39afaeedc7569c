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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells the VRRP router of the quorum of virtual servers, the one that there is. Thread-safe; the
 * news come on the engine's thread.
 */
final class QuorumReports {
  private final Map<VirtualServerId, Boolean> told = new LinkedHashMap<>();
  private final Map<String, String> faults = new LinkedHashMap<>();
  private final Set<VirtualServerId> without = new LinkedHashSet<>();
  private Optional<VrrpRouter> router = Optional.empty();

  /** Tells this router from now on, and of what was told before. */
  synchronized void attach(VrrpRouter next) {
    router = Optional.of(next);
    report(next);
    told.forEach((id, up) -> report(next, id, up));
    faults.forEach((instance, reason) -> next.serviceFault(instance, Optional.of(reason)));
  }

  /** Takes why an instance must not be master for now; empty when it may be. */
  synchronized void fault(String instance, Optional<String> reason) {
    reason.ifPresentOrElse(why -> faults.put(instance, why), () -> faults.remove(instance));
    router.ifPresent(present -> present.serviceFault(instance, reason));
  }

  synchronized void detach() {
    router = Optional.empty();
  }

  synchronized void quorum(VirtualServerId id, boolean up) {
    var _ = up ? without.remove(id) : without.add(id);
    told.put(id, up);
    router.ifPresent(present -> {
      report(present, id, up);
      report(present);
    });
  }

  private static void report(VrrpRouter router, VirtualServerId id, boolean up) {
    router.report(new TrackerSource.Quorum(Optional.of(id)), up, "quorum is lost");
  }

  private void report(VrrpRouter router) {
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
