package io.lvs4j.keepalived.syntax;

import io.lvs4j.keepalived.diagnostic.Position;
import java.util.Objects;

/**
 * A word of a line.
 *
 * @param text the word, without the quotes around it
 * @param position where it begins
 * @param quoted whether it stood in double quotes
 */
public record Word(String text, Position position, boolean quoted) {
  /** Checks that nothing is missing. */
  public Word {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(position, "position");
  }

  @Override
  public String toString() {
    return text;
  }
}
