package io.lvs4j.run;

import io.lvs4j.api.Problem;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.plane.DataPlane;
import io.lvs4j.keepalived.KeepalivedConfiguration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What of a configuration this host can serve.
 *
 * @param configuration without those virtual servers for which the host lacks something
 * @param leftOut those, each with what is lacking
 */
record Servable(
    KeepalivedConfiguration configuration, Map<VirtualServerId, List<Problem>> leftOut) {
  /** Asks the plane for each virtual server whether the host has all that it needs. */
  static Servable of(KeepalivedConfiguration configuration, DataPlane plane) {
    var leftOut = new LinkedHashMap<VirtualServerId, List<Problem>>();
    var servers = configuration.virtualServers();
    if (plane.obstacles(servers).toCompletableFuture().join().isEmpty()) {
      return new Servable(configuration, leftOut);
    }
    for (var server : servers) {
      var obstacles = plane.obstacles(List.of(server)).toCompletableFuture().join();
      if (!obstacles.isEmpty()) {
        leftOut.put(server.id(), obstacles);
      }
    }
    return new Servable(without(configuration, leftOut.keySet()::contains), leftOut);
  }

  /**
   * Leaves those virtual servers out that were left out before and can't be served yet; what is new
   * is to be refused.
   */
  Servable next(KeepalivedConfiguration next, DataPlane plane) {
    var found = of(next, plane);
    var again = new LinkedHashMap<>(found.leftOut);
    again.keySet().retainAll(leftOut.keySet());
    return new Servable(without(next, again.keySet()::contains), again);
  }

  /** Returns all that is lacking. */
  List<Problem> problems() {
    return leftOut.values().stream().flatMap(List::stream).toList();
  }

  private static KeepalivedConfiguration without(
      KeepalivedConfiguration configuration, Predicate<VirtualServerId> which) {
    return new KeepalivedConfiguration(
        configuration.definitions(),
        configuration.virtualServers().stream().filter(each -> !which.test(each.id())).toList(),
        configuration.vrrpInstances(),
        configuration.syncGroups(),
        configuration.diagnostics(),
        configuration.positions());
  }
}
