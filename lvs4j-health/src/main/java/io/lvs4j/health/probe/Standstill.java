package io.lvs4j.health.probe;

import io.lvs4j.health.verdict.Stall;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long the loop stood still while somebody waited: the process was stopped, or got no
 * processor. A pulse that comes late tells it. Lives on the thread of its {@link ProbeLoop}.
 */
final class Standstill {
  private static final Duration PULSE = Duration.ofMillis(100);

  private final ProbeLoop loop;
  private int waiting;
  private long pulseAt;
  private long total;
  private @Nullable Cancellable pulse;

  Standstill(ProbeLoop loop) {
    this.loop = loop;
  }

  /** Watches for one more; {@link #ignore} ends that. */
  void watch() {
    if (waiting++ == 0) {
      next();
    }
  }

  void ignore() {
    if (--waiting == 0 && pulse != null) {
      pulse.cancel();
      pulse = null;
    }
  }

  /**
   * Returns the nanoseconds of all standstills that were watched; only differences mean a thing.
   */
  long total() {
    long now = loop.now();
    return waiting > 0 && Stall.missed(pulseAt, now, PULSE) ? total + sinceLastPulse(now) : total;
  }

  private long sinceLastPulse(long now) {
    return now - pulseAt + PULSE.toNanos();
  }

  private void next() {
    pulseAt = loop.now() + PULSE.toNanos();
    pulse = loop.at(pulseAt, this::pulse);
  }

  private void pulse() {
    total = total();
    next();
  }
}
