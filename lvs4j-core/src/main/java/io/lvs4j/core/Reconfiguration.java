package io.lvs4j.core;

import io.lvs4j.api.LvsException;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.vrrp.SyncGroup;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.core.engine.Admission;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A change from one configuration to another whose checks are passed. Each step that is made leaves
 * the way back, which is gone if the host refuses a later one.
 */
final class Reconfiguration {
  private final Director director;
  private final Serving serving;
  private final Map<VirtualServerId, VirtualServer> before = new LinkedHashMap<>();
  private final Map<VirtualServerId, VirtualServer> after = new LinkedHashMap<>();
  private final List<VrrpInstance> instances;
  private final List<SyncGroup> groups;
  private final Deque<Runnable> back = new ArrayDeque<>();

  Reconfiguration(
      Director director,
      Serving serving,
      List<VirtualServer> virtualServers,
      List<VrrpInstance> instances,
      List<SyncGroup> groups) {
    this.director = director;
    this.serving = serving;
    this.instances = instances;
    this.groups = groups;
    Director.join(serving.engine().definitions()).forEach(each -> before.put(each.id(), each));
    var addressing = new Addressing(instances);
    virtualServers.forEach(
        each -> after.put(each.id(), Admission.withScheduler(addressing.following(each))));
  }

  void apply() {
    var added = new ArrayList<VirtualServer>();
    var later = new ArrayList<VirtualServer>();
    var replaced = new ArrayList<VirtualServer>();
    after.forEach((id, server) -> {
      if (!before.containsKey(id)) {
        boolean overlaps =
            before.keySet().stream().filter(old -> !after.containsKey(old)).anyMatch(id::overlaps);
        // Where its address may be on its way to here, it waits for it.
        (overlaps ? replaced : isMoving(server) ? later : added).add(server);
      }
    });
    try {
      add(added);
      vrrp();
      add(later);
      after.forEach((id, server) -> {
        var old = before.get(id);
        if (old != null && !old.equals(server)) {
          Director.join(serving.engine().update(server));
          back.push(() -> Director.join(serving.engine().update(old)));
        }
      });
      removed().stream()
          .filter(id -> replaced.stream().anyMatch(each -> each.id().overlaps(id)))
          .forEach(this::remove);
      add(replaced);
    } catch (LvsException | IllegalStateException refused) {
      goBack(refused);
      throw refused;
    }
    removed().forEach(id -> Director.join(serving.engine().remove(id)));
  }

  private List<VirtualServerId> removed() {
    var served =
        Director.join(serving.engine().definitions()).stream().map(VirtualServer::id).toList();
    return served.stream().filter(id -> !after.containsKey(id)).toList();
  }

  private boolean isMoving(VirtualServer server) {
    return !server.vrrpInstances().isEmpty()
        && !director
            .addressing()
            .following(server.toBuilder().always().build())
            .vrrpInstances()
            .equals(server.vrrpInstances());
  }

  private void add(List<VirtualServer> servers) {
    if (!servers.isEmpty()) {
      Director.join(serving.engine().add(servers));
      servers.forEach(each -> back.push(() -> Director.join(serving.engine().remove(each.id()))));
    }
  }

  private void remove(VirtualServerId id) {
    var old = before.get(id);
    Director.join(serving.engine().remove(id));
    if (old != null) {
      back.push(() -> Director.join(serving.engine().add(List.of(old))));
    }
  }

  private void vrrp() {
    var beforeInstances = director.instances();
    var beforeGroups = director.syncGroups();
    if (instances.equals(beforeInstances) && groups.equals(beforeGroups)) {
      return;
    }
    var stays = before.values().stream().filter(each -> after.containsKey(each.id())).toList();
    director.changeVrrp(instances, groups, stays, serving);
    back.push(() -> {
      director.changeVrrp(beforeInstances, beforeGroups, stays, serving);
      stays.forEach(each -> Director.join(serving.engine().update(each)));
    });
  }

  private void goBack(RuntimeException refused) {
    while (!back.isEmpty()) {
      try {
        back.pop().run();
      } catch (RuntimeException stuck) {
        refused.addSuppressed(stuck);
      }
    }
  }
}
