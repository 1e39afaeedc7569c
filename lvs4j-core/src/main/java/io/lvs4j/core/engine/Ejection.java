package io.lvs4j.core.engine;

import io.lvs4j.api.PassiveHealth;
import java.time.Duration;

/** How often a real server was ejected, and until when it is. Owned by the engine's thread. */
final class Ejection {
  private boolean ejected;
  private int times;
  private long until;
  private long servingSince;

  boolean isEjected() {
    return ejected;
  }

  /** Returns when the ejection is over. */
  long until() {
    return until;
  }

  /** Ejects the server and returns for how long. */
  Duration begin(PassiveHealth rules, long now) {
    times = remembered(rules, now) + 1;
    var duration = rules.baseEjectionTime().multipliedBy(times);
    if (duration.compareTo(rules.maxEjectionTime()) > 0) {
      duration = rules.maxEjectionTime();
    }
    ejected = true;
    until = now + duration.toNanos();
    return duration;
  }

  /** Ends the ejection, if there is one. */
  void end(long now) {
    if (ejected) {
      ejected = false;
      servingSince = now;
    }
  }

  /**
   * Returns how many ejections are held against it: each base ejection time in service is one less.
   */
  private int remembered(PassiveHealth rules, long now) {
    if (times == 0) {
      return 0;
    }
    long forgiven = (now - servingSince) / rules.baseEjectionTime().toNanos();
    return (int) Math.max(0, times - Math.max(0, forgiven));
  }
}
