package io.lvs4j.keepalived.syntax;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The lines of a file as they stand there, read one at a time with a bound on their length. */
final class PhysicalLines implements AutoCloseable {
  /** The longest line that is read; keepalived takes 1024 bytes. */
  static final int LONGEST = 65_536;

  private final InputStream in;
  private final ReadingBudget budget;
  private final byte[] buffer = new byte[8192];
  private int at;
  private int end;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
  private int number;
  private boolean tooLong;
  private boolean ended;

  PhysicalLines(InputStream in, ReadingBudget budget) {
    this.in = in;
    this.budget = budget;
  }

  /**
   * Returns the next line without its end, or null at the end of the file. Of a line that is too
   * long nothing is returned but an empty text.
   */
  @Nullable String next() throws IOException {
    if (ended) {
      return null;
    }
    bytes.reset();
    tooLong = false;
    int read = 0;
    while (true) {
      int b = read();
      if (b < 0) {
        ended = true;
        if (read == 0) {
          return null;
        }
        break;
      }
      read++;
      if (b == '\n') {
        break;
      }
      if (bytes.size() < LONGEST) {
        bytes.write(b);
      } else {
        tooLong = true;
      }
    }
    number++;
    return tooLong ? "" : bytes.toString(StandardCharsets.UTF_8);
  }

  private int read() throws IOException {
    if (at == end) {
      at = 0;
      end = in.read(buffer);
      if (end <= 0) {
        end = 0;
        return -1;
      }
      budget.bytes(end);
    }
    return buffer[at++] & 0xff;
  }

  /** Returns the number of the line that was returned last, counted from 1. */
  int number() {
    return number;
  }

  /** Says whether the line that was returned last was too long to be read. */
  boolean isTooLong() {
    return tooLong;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
