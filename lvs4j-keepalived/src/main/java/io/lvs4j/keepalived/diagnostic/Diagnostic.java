package io.lvs4j.keepalived.diagnostic;

import io.lvs4j.api.Problem;
import java.util.Objects;
import java.util.Optional;

/**
 * One thing that a reader has to say.
 *
 * @param severity how much it matters
 * @param position where it is
 * @param text what it is: {@code subject: value (expected: ...)} where there is a value
 * @param suggestion what was probably meant
 */
public record Diagnostic(
    Severity severity, Position position, String text, Optional<String> suggestion) {
  /** Checks that nothing is missing. */
  public Diagnostic {
    Objects.requireNonNull(severity, "severity");
    Objects.requireNonNull(position, "position");
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(suggestion, "suggestion");
  }

  /** Returns the same as a problem of a configuration that is refused. */
  public Problem toProblem() {
    return new Problem(
        position.toString(),
        text,
        suggestion.orElse("what the keepalived.conf of version 2.2.7 or 2.4 may say here"));
  }

  /** Returns {@code file:line:column: warning: text (did you mean x?)}. */
  @Override
  public String toString() {
    return position
        + ": "
        + severity.word()
        + ": "
        + text
        + suggestion.map(meant -> " (did you mean " + meant + "?)").orElse("");
  }
}
