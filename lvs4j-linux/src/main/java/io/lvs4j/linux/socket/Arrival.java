package io.lvs4j.linux.socket;

import io.lvs4j.linux.kernel.Layouts;
import io.lvs4j.linux.kernel.Reception;
import io.lvs4j.linux.kernel.SocketConstants;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * When a message arrived, by the kernel's own stamp ({@code SO_TIMESTAMPNS}): a JVM may come to
 * read it milliseconds later.
 */
final class Arrival {
  private static final Duration OLDEST = Duration.ofHours(1);

  private Arrival() {}

  /**
   * Returns it on the clock of {@link System#nanoTime()}.
   *
   * @param timeOfDay the time of day, which the stamp is of
   * @param nanos the same moment on the other clock
   * @return empty without a stamp, and with one that is of the future or of hours ago: the time of
   *     day has been set
   */
  static OptionalLong nanos(Reception reception, Instant timeOfDay, long nanos) {
    var stamp =
        ControlMessages.of(reception)
            .data(SocketConstants.SOL_SOCKET, SocketConstants.SO_TIMESTAMPNS, Layouts.TIMESPEC);
    if (stamp.isEmpty()) {
      return OptionalLong.empty();
    }
    long seconds = timeOfDay.getEpochSecond() - stamp.get().getLong(0);
    if (seconds < 0 || seconds > OLDEST.toSeconds()) {
      return OptionalLong.empty();
    }
    long age =
        Duration.ofSeconds(seconds, timeOfDay.getNano()).toNanos()
            - stamp.get().getLong(Layouts.TIMESPEC_NANOS);
    return age < 0 ? OptionalLong.empty() : OptionalLong.of(nanos - age);
  }
}
