package io.lvs4j.keepalived.syntax;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;

/**
 * What a text may ask of the world around it.
 *
 * @param configurationId what {@code @id} lines are compared with and {@code ${_INSTANCE}} stands
 *     for: keepalived's option {@code -i}
 * @param environment what {@code ${_ENV NAME}} stands for
 * @param random where {@code ${_RANDOM}} comes from until a {@code random_seed} is read
 * @param seeded where it comes from after that
 */
public record SourceOptions(
    String configurationId,
    Function<String, Optional<String>> environment,
    RandomGenerator random,
    LongFunction<RandomGenerator> seeded) {
  /** Checks that nothing is missing. */
  public SourceOptions {
    Objects.requireNonNull(configurationId, "configurationId");
    Objects.requireNonNull(environment, "environment");
    Objects.requireNonNull(random, "random");
    Objects.requireNonNull(seeded, "seeded");
  }
}
