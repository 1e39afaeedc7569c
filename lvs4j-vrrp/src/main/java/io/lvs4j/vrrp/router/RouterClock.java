package io.lvs4j.vrrp.router;

import io.lvs4j.vrrp.machine.Moment;
import java.time.Instant;

/** The clocks of a router. Tests put virtual time in their place. */
interface RouterClock {
  /** Returns the present moment, of a clock that stands still while the host is suspended. */
  Moment now();

  /** Returns the time of day, which goes on while the host is suspended. */
  Instant timeOfDay();

  /** Returns the clocks of this host. */
  static RouterClock system() {
    return new RouterClock() {
      @Override
      public Moment now() {
        return new Moment(System.nanoTime());
      }

      @Override
      public Instant timeOfDay() {
        return Instant.now();
      }
    };
  }
}
