package io.lvs4j.api;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * What a {@link HealthProbe} has found.
 *
 * @param isUp whether the real server is well
 * @param detail what was found, for a person to read
 * @param weight the weight that the real server should have now, 0 (no new connections) or more;
 *     without it, the configured one
 */
public record HealthReport(boolean isUp, String detail, OptionalInt weight) {
  public HealthReport {
    Objects.requireNonNull(detail, "detail");
    if (weight.isPresent() && weight.getAsInt() < 0) {
      throw new IllegalArgumentException(
          "weight: " + weight.getAsInt() + " (expected: 0-2147483647)");
    }
  }

  /** Returns the report of a server that is well. */
  public static HealthReport up(String detail) {
    return new HealthReport(true, detail, OptionalInt.empty());
  }

  /** Returns the report of a server that is not well. */
  public static HealthReport down(String detail) {
    return new HealthReport(false, detail, OptionalInt.empty());
  }

  /** Returns the same with the weight that the real server should have now, 0 to 2147483647. */
  public HealthReport weight(int weight) {
    return new HealthReport(isUp, detail, OptionalInt.of(weight));
  }
}
