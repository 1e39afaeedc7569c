package io.lvs4j.keepalived.diagnostic;

import java.util.Objects;

/**
 * A place in a text.
 *
 * @param file what the text is called, usually the path of its file
 * @param line the line, counted from 1; 0 for the file as a whole
 * @param column the column, counted from 1 in characters
 */
public record Position(String file, int line, int column) {
  /** Checks that there is a file. */
  public Position {
    Objects.requireNonNull(file, "file");
  }

  /** Returns the file as a whole. */
  public static Position ofFile(String file) {
    return new Position(file, 0, 0);
  }

  /** Returns the same line at another column. */
  public Position at(int column) {
    return new Position(file, line, column);
  }

  /** Returns {@code file:line:column}, the form that editors jump to. */
  @Override
  public String toString() {
    return line == 0 ? file : file + ":" + line + ":" + column;
  }
}
