package io.lvs4j.spring.boot;

import io.lvs4j.api.vrrp.Tracker;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The VRRP instances that somebody has asked to leave their addresses to others. */
final class StepDowns {
  private static final Duration LOOK = Duration.ofMillis(100);

  private final Set<String> instances = ConcurrentHashMap.newKeySet();

  /** Makes an instance FAULT until {@link #takeBack}. */
  void stepDown(String instance) {
    instances.add(instance);
  }

  /** Lets an instance be master again, if it has the priority. */
  void takeBack(String instance) {
    instances.remove(instance);
  }

  boolean isSteppedDown(String instance) {
    return instances.contains(instance);
  }

  /** Returns what makes the instance FAULT while it has to leave its addresses to others. */
  Tracker tracker(String instance) {
    return Tracker.check("step-down of " + instance, () -> !instances.contains(instance))
        .every(LOOK)
        .timeout(Duration.ofSeconds(1));
  }
}
