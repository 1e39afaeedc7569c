package io.lvs4j.vrrp.machine;

import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.VrrpVersion;
import java.time.Duration;

/** The lengths of time of RFC 3768 section 6.1 and RFC 9568 section 6.1, to the nanosecond. */
public final class Timers {
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** An owner's: it may listen first too, and then its timer is the shortest that there is. */
  private static final Priority STRONGEST = Priority.OWNER;

  private static final Priority WEAKEST = new Priority(1);

  private Timers() {}

  /**
   * Returns the skew time, by which the stronger of two backups is the first: (256 - priority) /
   * 256 of a second in VRRPv2, and of the master's interval in VRRPv3.
   */
  public static Duration skew(VrrpVersion version, Priority priority, Duration masterInterval) {
    var unit =
        switch (version) {
          case V2 -> SECOND;
          case V3 -> masterInterval;
        };
    return unit.multipliedBy(256 - priority.value()).dividedBy(256);
  }

  /** Returns the skew time of the weakest backup that there can be, that of priority 1. */
  public static Duration longestSkew(VrrpVersion version, Duration masterInterval) {
    return skew(version, WEAKEST, masterInterval);
  }

  /** Returns how long a backup waits for an advert before it takes the master for down. */
  public static Duration masterDown(
      VrrpVersion version, Priority priority, Duration masterInterval, int adverts) {
    return masterInterval.multipliedBy(adverts).plus(skew(version, priority, masterInterval));
  }

  /** Returns the shortest time in which any backup takes a silent master for down. */
  public static Duration shortestMasterDown(
      VrrpVersion version, Duration masterInterval, int adverts) {
    return masterDown(version, STRONGEST, masterInterval, adverts);
  }
}
