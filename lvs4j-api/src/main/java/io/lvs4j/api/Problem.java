package io.lvs4j.api;

import java.util.Objects;

/**
 * One thing that is wrong with a configuration or with the host it should run on.
 *
 * @param subject what is wrong, as a path a person can follow, such as {@code virtual server
 *     10.0.0.1:80/tcp: quorum}
 * @param value the offending value as it was given
 * @param expected what would have been right: a range, a form or a remedy
 */
public record Problem(String subject, String value, String expected) {
  public Problem {
    Objects.requireNonNull(subject, "subject");
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(expected, "expected");
  }

  /** Returns this problem with its subject placed below another one. */
  public Problem within(String outer) {
    return new Problem(outer + ": " + subject, value, expected);
  }

  /** Returns {@code subject: value (expected: ...)}. */
  @Override
  public String toString() {
    return subject + ": " + value + " (expected: " + expected + ")";
  }
}
