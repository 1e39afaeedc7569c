package io.lvs4j.linux.netlink;

import java.time.Duration;

/**
 * How long an address lives, {@code struct ifa_cacheinfo}.
 *
 * @param preferred how long it may be chosen as a source; not longer than it is valid
 * @param valid how long it exists; the kernel counts whole seconds
 */
public record Lifetime(Duration preferred, Duration valid) {
  private static final long INFINITE_SECONDS = 0xffff_ffffL;

  /** A duration that never ends. */
  public static final Duration INFINITE = Duration.ofSeconds(INFINITE_SECONDS);

  /** The life of an address that stays until it is removed. */
  public static final Lifetime FOREVER = new Lifetime(INFINITE, INFINITE);

  /** Checks the order. */
  public Lifetime {
    if (preferred.isNegative()
        || valid.toSeconds() < 1
        || preferred.compareTo(valid) > 0
        || valid.compareTo(INFINITE) > 0) {
      throw new IllegalArgumentException(
          "lifetime: "
              + preferred
              + " of "
              + valid
              + " (expected: valid for 1 s or more, and preferred for no longer)");
    }
  }

  int preferredSeconds() {
    return (int) preferred.toSeconds();
  }

  int validSeconds() {
    return (int) valid.toSeconds();
  }

  static Lifetime ofSeconds(int preferred, int valid) {
    // The kernel tells 0 seconds left in the last one.
    long left = Math.max(1, Integer.toUnsignedLong(valid));
    return new Lifetime(
        Duration.ofSeconds(Math.min(left, Integer.toUnsignedLong(preferred))),
        Duration.ofSeconds(left));
  }
}
