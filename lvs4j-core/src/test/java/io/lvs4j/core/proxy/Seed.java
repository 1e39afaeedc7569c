package io.lvs4j.core.proxy;

import java.util.SplittableRandom;

/**
 * The seed of all that is random in these tests: {@code -Dlvs4j.seed}, or another one each time.
 */
final class Seed {
  static final long VALUE = Long.getLong("lvs4j.seed", new SplittableRandom().nextLong() >>> 1);

  private Seed() {}

  static SplittableRandom random() {
    return new SplittableRandom(VALUE);
  }

  /** Names the seed, for the description of an assertion. */
  static String hint() {
    return "repeat with -Dlvs4j.seed=" + VALUE;
  }
}
