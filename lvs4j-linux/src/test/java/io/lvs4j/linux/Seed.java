package io.lvs4j.linux;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** The seed of a test's randomness: {@code -Dlvs4j.seed=N} repeats the run that printed N. */
public record Seed(long value) {
  /** Returns the seed that was asked for, or a fresh one. */
  public static Seed get() {
    return new Seed(Long.getLong("lvs4j.seed", System.nanoTime()));
  }

  /** Returns a generator that gives the same numbers for the same seed. */
  public RandomGenerator random() {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(value);
  }

  @Override
  public String toString() {
    return "-Dlvs4j.seed=" + value;
  }
}
