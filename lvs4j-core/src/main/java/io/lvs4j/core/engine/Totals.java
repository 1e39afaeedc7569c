package io.lvs4j.core.engine;

import io.lvs4j.api.Traffic;
import io.lvs4j.api.plane.DestinationCounters;

/**
 * What has passed since the engine knows of a server, whatever a data plane makes of it meanwhile:
 * a plane forgets a destination that was taken from it, some time after its last connection has
 * ended. Never less than it was. On the engine's thread.
 */
final class Totals {
  private Traffic before = Traffic.NONE;
  private Traffic last = Traffic.NONE;
  private long failuresBefore;
  private long failuresLast;

  /** Takes what a plane counts now, and returns it with what it has forgotten. */
  Traffic traffic(Traffic now) {
    if (isLess(now, last)) {
      before = before.plus(last);
    }
    last = now;
    return before.plus(now);
  }

  /** Takes the counters of a destination that the plane knows. */
  DestinationCounters of(DestinationCounters now) {
    if (now.connectFailures() < failuresLast) {
      failuresBefore += failuresLast;
    }
    failuresLast = now.connectFailures();
    return with(now, traffic(now.traffic()));
  }

  /** Returns the counters of a destination that the plane doesn't know at present. */
  DestinationCounters without(DestinationCounters none) {
    return with(none, before.plus(last));
  }

  private DestinationCounters with(DestinationCounters now, Traffic traffic) {
    return new DestinationCounters(
        now.endpoint(),
        now.active(),
        now.inactive(),
        now.persistent(),
        failuresBefore + failuresLast,
        traffic,
        now.closed());
  }

  private static boolean isLess(Traffic now, Traffic last) {
    return now.connections() < last.connections()
        || now.inPackets() < last.inPackets()
        || now.outPackets() < last.outPackets()
        || now.inBytes() < last.inBytes()
        || now.outBytes() < last.outBytes();
  }
}
