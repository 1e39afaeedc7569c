package io.lvs4j.vrrp.machine;

import java.time.Duration;

/**
 * A reading of a clock that only goes forward, such as {@code System.nanoTime()}. Two readings are
 * compared by their difference, so a clock that wraps around does no harm.
 *
 * @param nanos nanoseconds since some origin
 */
public record Moment(long nanos) implements Comparable<Moment> {
  /** Returns the moment that is this much later, or earlier if negative. */
  public Moment plus(Duration duration) {
    return new Moment(nanos + duration.toNanos());
  }

  /** Returns the moment that is this much earlier. */
  public Moment minus(Duration duration) {
    return new Moment(nanos - duration.toNanos());
  }

  /** Returns the time from here to another moment; negative when that is earlier. */
  public Duration until(Moment other) {
    return Duration.ofNanos(other.nanos - nanos);
  }

  /** Says whether this moment has come. */
  public boolean hasCome(Moment now) {
    return compareTo(now) <= 0;
  }

  /** Returns the earlier of two. */
  public Moment earlier(Moment other) {
    return compareTo(other) <= 0 ? this : other;
  }

  /** Returns the later of two. */
  public Moment later(Moment other) {
    return compareTo(other) >= 0 ? this : other;
  }

  @Override
  public int compareTo(Moment other) {
    return Long.signum(nanos - other.nanos);
  }
}
