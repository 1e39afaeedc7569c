package io.lvs4j.keepalived.syntax;

import io.lvs4j.keepalived.diagnostic.Position;

/**
 * How much is read for one configuration. What a line costs depends on what it asks for: a sequence
 * is one line that stands for millions, a definition may name another one twice, and so on. So each
 * kind of work is counted where it is done, and a text without end is refused after about a second
 * of it.
 */
final class ReadingBudget {
  /** keepalived's own manual has a sequence of 65,024 instances with 13 lines each. */
  static final int MOST_LINES = 1_000_000;

  static final long MOST_CHARACTERS = 64L * 1024 * 1024;

  private static final int MOST_STEPS = 2 * MOST_LINES;
  private static final long MOST_REPLACED = 4 * MOST_CHARACTERS;
  private static final int MOST_NAMES = 100_000;

  /** What a line and a word of it take in memory, about. */
  private static final int LINE_SIZE = 150;

  private static final int WORD_SIZE = 100;

  private Position position;
  private int steps;
  private int lines;
  private long characters;
  private long bytes;
  private long replaced;
  private int names;
  private long memory = Runtime.getRuntime().maxMemory() / 4 * 3;

  ReadingBudget(String file) {
    this.position = Position.ofFile(file);
  }

  /** Counts a line before anything is done to it. */
  void step(Position at) throws ReadingLimitException {
    position = at;
    if (++steps > MOST_STEPS) {
      throw limit(MOST_STEPS + " lines with those that say nothing");
    }
  }

  /** Counts a line of which keywords are read. */
  void line(int length) throws ReadingLimitException {
    characters += length;
    if (++lines > MOST_LINES || characters > MOST_CHARACTERS) {
      throw limit(MOST_LINES + " lines and 64 MiB");
    }
  }

  /** Counts a statement that is kept. */
  void kept(int words) throws ReadingLimitException {
    memory -= LINE_SIZE + (long) words * WORD_SIZE;
    if (memory < 0) {
      throw limit("what fits into three quarters of the heap");
    }
  }

  /** Looks whether a file of this size can be read to its end. */
  void file(long size) throws ReadingLimitException {
    if (size > MOST_CHARACTERS - bytes) {
      throw limit("64 MiB of files");
    }
  }

  /** Counts bytes of files. */
  void bytes(long number) throws ReadingLimitException {
    bytes += number;
    if (bytes > MOST_CHARACTERS) {
      throw limit("64 MiB of files");
    }
  }

  /** Counts characters that are looked at or copied to replace names by what they stand for. */
  void replaced(int length) throws ReadingLimitException {
    replaced += length;
    if (replaced > MOST_REPLACED) {
      throw limit("256 MiB put in for definitions and sequences");
    }
  }

  /** Counts names of files and directories that are looked at for an include. */
  void name() throws ReadingLimitException {
    if (++names > MOST_NAMES) {
      throw limit(MOST_NAMES + " names of files looked at");
    }
  }

  ReadingLimitException limit(String most) {
    return new ReadingLimitException(position, most);
  }
}
