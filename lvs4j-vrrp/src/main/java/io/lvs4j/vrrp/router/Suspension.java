package io.lvs4j.vrrp.router;

import io.lvs4j.vrrp.machine.Moment;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Finds out that the host was suspended: the time of day went on and the other clock did not. A
 * correction of the time of day looks the same; it makes routers listen once more, and no more.
 */
final class Suspension {
  private static final Duration LEAST = Duration.ofMillis(100);

  private final RouterClock clock;
  private Moment moment;
  private Instant timeOfDay;

  Suspension(RouterClock clock) {
    this.clock = clock;
    this.moment = clock.now();
    this.timeOfDay = clock.timeOfDay();
  }

  /** Returns for how long the host was suspended since the last call, if it was. */
  Optional<Duration> length(Moment now) {
    var present = clock.timeOfDay();
    var length = Duration.between(timeOfDay, present).minus(moment.until(now));
    moment = now;
    timeOfDay = present;
    return length.compareTo(LEAST) < 0 ? Optional.empty() : Optional.of(length);
  }
}
