package io.lvs4j.vrrp.wire;

import java.time.Duration;
import java.time.Instant;

/**
 * When an advert was signed, and the how-manieth of that moment it is.
 *
 * @param seconds since 1970 in UTC, 32 bits
 * @param fraction of the second in 65536ths
 * @param counter of adverts with the same time
 */
public record SigningStamp(long seconds, int fraction, int counter) {
  /** Checks the ranges. */
  public SigningStamp {
    if (seconds >>> 32 != 0 || fraction >>> 16 != 0 || counter >>> 16 != 0) {
      throw new IllegalArgumentException(
          "stamp: " + seconds + " " + fraction + " " + counter + " (expected: 32, 16, 16 bits)");
    }
  }

  /** Returns the stamp of the first advert of this moment. */
  public static SigningStamp of(Instant time) {
    return new SigningStamp(
        time.getEpochSecond() & 0xffff_ffffL,
        (int) (((long) time.getNano() << 16) / 1_000_000_000L),
        0);
  }

  /** Returns the stamp of an advert of this moment that has to be later than this stamp. */
  public SigningStamp next(Instant time) {
    var fresh = of(time);
    return fresh.isAfter(this) ? fresh : ofSequence(sequence() + 1);
  }

  /** Says whether this stamp is later, in the serial arithmetic of RFC 1982. */
  public boolean isAfter(SigningStamp other) {
    return sequence() - other.sequence() > 0;
  }

  /** Says whether this stamp is no further than this from a time. */
  boolean isNear(Instant time, Duration window) {
    // The difference as a signed 32-bit number survives the year 2106.
    int away = (int) (seconds - time.getEpochSecond());
    return Math.abs((long) away) <= window.toSeconds();
  }

  private long sequence() {
    return seconds << 32 | (long) fraction << 16 | counter;
  }

  private static SigningStamp ofSequence(long sequence) {
    return new SigningStamp(
        sequence >>> 32, (int) (sequence >>> 16) & 0xffff, (int) sequence & 0xffff);
  }
}
