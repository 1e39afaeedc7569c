package io.lvs4j.keepalived.syntax;

import io.lvs4j.keepalived.diagnostic.Position;
import java.io.IOException;
import java.io.Serial;

/** Thrown when a text asks for more than any configuration needs; nothing of it is used then. */
public final class ReadingLimitException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Position position;
  private final String limit;

  ReadingLimitException(Position position, String limit) {
    super(position + ": too much to read (expected: at most " + limit + ")");
    this.position = position;
    this.limit = limit;
  }

  /** Returns where the limit was reached. */
  public Position position() {
    return position;
  }

  /** Returns what would have been read. */
  public String limit() {
    return limit;
  }
}
