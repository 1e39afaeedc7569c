package io.lvs4j.vrrp.machine;

import io.lvs4j.api.vrrp.Tracker;
import java.util.Map;

/** The arithmetic of tracking: what each tracker adds to the priority, and what is a fault. */
public final class Tracking {
  private static final int MOST = 253;

  private Tracking() {}

  /** Returns what all trackers say together. */
  public static Tracked total(Map<Tracker, Reading> readings) {
    return readings.entrySet().stream()
        .map(entry -> of(entry.getKey(), entry.getValue()))
        .reduce(Tracked.GOOD, Tracked::and);
  }

  /** Returns what one tracker says. */
  public static Tracked of(Tracker tracker, Reading reading) {
    return switch (reading) {
      case Reading.Unknown _ -> new Tracked(0, Tracked.GOOD.faults(), !tracker.isWeighted());
      case Reading.Good _ -> verdict(tracker, true, "good, which is reversed");
      case Reading.Bad(String reason) -> verdict(tracker, false, reason);
      case Reading.Value(int value) -> number(tracker, value);
    };
  }

  private static Tracked verdict(Tracker tracker, boolean good, String reason) {
    if (!tracker.isWeighted()) {
      return good == tracker.isReversed() ? fault(tracker, reason) : Tracked.GOOD;
    }
    // A positive weight is a reward for being good, a negative one a penalty for being bad.
    boolean counts = good == tracker.weight() > 0;
    return counts ? Tracked.offset(signed(tracker, tracker.weight())) : Tracked.GOOD;
  }

  private static Tracked number(Tracker tracker, int value) {
    if (!tracker.isWeighted()) {
      return (value != 0) != tracker.isReversed() ? fault(tracker, "value " + value) : Tracked.GOOD;
    }
    long product = (long) value * signed(tracker, tracker.weight());
    return product < -MOST
        ? fault(tracker, "value " + value + " makes " + product)
        : Tracked.offset((int) Math.min(MOST, product));
  }

  private static int signed(Tracker tracker, int weight) {
    return tracker.isReversed() ? -weight : weight;
  }

  private static Tracked fault(Tracker tracker, String reason) {
    return Tracked.fault("tracker " + tracker.name() + ": " + reason);
  }
}
