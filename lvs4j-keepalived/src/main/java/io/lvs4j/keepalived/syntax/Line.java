package io.lvs4j.keepalived.syntax;

import io.lvs4j.keepalived.diagnostic.Position;

/**
 * A line without comment and outer blanks.
 *
 * @param text what it says
 * @param position where its first character is
 * @param verbatim whether the text is as in the file, so that columns can be counted in it
 */
record Line(String text, Position position, boolean verbatim) {
  /** Returns the position of one of the line's characters, as far as it is known. */
  Position at(int index) {
    return verbatim ? position.at(position.column() + index) : position;
  }

  /** Returns the rest of the line from this character on, without leading blanks. */
  Line from(int index) {
    int start = Characters.skipBlanks(text, index);
    return new Line(text.substring(start), at(start), verbatim);
  }

  /** Returns another text in the place of this one. */
  Line replacedBy(String other) {
    return other.equals(text) ? this : new Line(other, position, false);
  }
}
