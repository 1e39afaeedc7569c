package io.lvs4j.ipvs.plane;

import io.lvs4j.ipvs.client.DestinationKey;
import io.lvs4j.ipvs.client.IpvsDestination;
import io.lvs4j.ipvs.client.IpvsDestinationStatus;
import io.lvs4j.ipvs.client.IpvsForwarding;
import io.lvs4j.ipvs.client.IpvsService;
import io.lvs4j.ipvs.client.IpvsServiceStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A service as the kernel has it.
 *
 * @param service its settings
 * @param destinations its real servers as the kernel goes through them: the newest first
 */
record ActualService(IpvsService service, List<IpvsDestination> destinations) {
  ActualService {
    destinations = List.copyOf(destinations);
  }

  static ActualService of(IpvsServiceStatus service, List<IpvsDestinationStatus> destinations) {
    return new ActualService(
        service.service(), destinations.stream().map(IpvsDestinationStatus::destination).toList());
  }

  Map<DestinationKey, IpvsDestination> byKey() {
    var byKey = new LinkedHashMap<DestinationKey, IpvsDestination>();
    destinations.forEach(each -> byKey.put(each.key(), each));
    return byKey;
  }

  /**
   * Says whether a real server is set as it should be. The kernel has a method of its own for one
   * that is on this host, whatever was asked for.
   */
  static boolean agree(IpvsDestination found, IpvsDestination wanted) {
    var local = found.forwarding() instanceof IpvsForwarding.LocalNode;
    return found.key().equals(wanted.key())
        && found.weight() == wanted.weight()
        && found.upperThreshold() == wanted.upperThreshold()
        && found.lowerThreshold() == wanted.lowerThreshold()
        && (local || found.forwarding().equals(wanted.forwarding()));
  }

  /** Says in words what is other than it was; empty when nothing is. The order doesn't count. */
  static List<String> differences(@Nullable ActualService was, @Nullable ActualService is) {
    if (was == null) {
      return is == null ? List.of() : List.of("service added");
    }
    if (is == null) {
      return List.of("service deleted");
    }
    var differences = new ArrayList<String>();
    if (!was.service.equals(is.service)) {
      differences.add("settings " + text(is.service) + ", not " + text(was.service));
    }
    var before = was.byKey();
    var after = is.byKey();
    before.forEach((key, destination) -> {
      var found = after.get(key);
      if (found == null) {
        differences.add(key + " deleted");
      } else if (!found.equals(destination)) {
        differences.add(key + ": " + text(found) + ", not " + text(destination));
      }
    });
    after.forEach((key, destination) -> {
      if (!before.containsKey(key)) {
        differences.add(key + " added: " + text(destination));
      }
    });
    return differences;
  }

  private static String text(IpvsService service) {
    return service.scheduler()
        + service.persistence().map(kept -> " persistent " + kept.timeout().toSeconds()).orElse("")
        + service.persistence().map(kept -> " mask " + kept.granularity()).orElse("")
        + service.persistenceEngine().map(name -> " pe " + name).orElse("")
        + (service.onePacket() ? " ops" : "");
  }

  private static String text(IpvsDestination destination) {
    return destination.forwarding()
        + " weight "
        + destination.weight()
        + (destination.upperThreshold() == 0 && destination.lowerThreshold() == 0
            ? ""
            : " thresholds " + destination.upperThreshold() + " " + destination.lowerThreshold());
  }
}
