package io.lvs4j.api.vrrp;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.Problem;
import io.lvs4j.api.Ranges;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Finds what is odd but allowed in the settings of an instance. */
final class InstanceWarnings {
  private InstanceWarnings() {}

  static List<Problem> of(VrrpInstance instance) {
    var warnings = new ArrayList<Problem>();
    for (var tracker : instance.trackers()) {
      if (!tracker.isWeighted()) {
        continue;
      }
      var subject = "tracker " + tracker.name();
      if (!instance.isPreempting()) {
        warnings.add(
            new Problem(
                subject,
                "weight "
                    + tracker.weight()
                    + " with nopreempt: a backup leaves a master of any"
                    + " priority in office, so a failure moves nothing",
                "no weight, so that a failure is FAULT, or preemption"));
      }
      if (instance.priority().isOwner()) {
        warnings.add(
            new Problem(
                subject,
                "weight " + tracker.weight() + " is ignored for an address owner",
                "no weight, or a priority of 1-254"));
      }
    }
    if (instance.virtualAddresses().isEmpty() && !instance.excludedAddresses().isEmpty()) {
      warnings.add(
          new Problem(
              "virtual addresses",
              "none but excluded ones, so that adverts name no address",
              "at least one that adverts name"));
    }
    if (instance.family() == AddressFamily.IPV6
        && !instance.virtualAddresses().isEmpty()
        && !instance.virtualAddresses().getFirst().address().isLinkLocalAddress()) {
      warnings.add(
          new Problem(
              "virtual address " + instance.virtualAddresses().getFirst(),
              "the first, but not link-local",
              "a link-local address first (RFC 9568 section 5.2.9)"));
    }
    if (instance.downTimerAdverts() != 3) {
      warnings.add(
          new Problem(
              "down timer adverts",
              Integer.toString(instance.downTimerAdverts()),
              "3 (RFC 9568 section 6.1), or the same on every router"));
    }
    if (instance.advertisementInterval().compareTo(Duration.ofMillis(100)) < 0) {
      warnings.add(
          new Problem(
              "advertisement interval",
              Ranges.text(instance.advertisementInterval()),
              "100ms or more, unless the JVM never pauses for two intervals"));
    }
    return warnings.stream()
        .map(warning -> warning.within("VRRP instance " + instance.name()))
        .toList();
  }
}
