package io.lvs4j.keepalived.syntax;

import io.lvs4j.keepalived.diagnostic.Diagnostics;
import io.lvs4j.keepalived.diagnostic.Position;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A file that is being read, and what is so only while it is. */
final class SourceFile {
  private final String name;
  private final Path path;
  private final Content content;
  private @Nullable PhysicalLines lines;
  private Set<IncludeCheck> checks = EnumSet.noneOf(IncludeCheck.class);

  /** Where the bytes of a file come from. */
  @FunctionalInterface
  interface Content {
    InputStream open() throws IOException;
  }

  /**
   * Describes a file, which is opened when its first line is asked for.
   *
   * @param name what positions call it
   * @param path where it is, absolute
   */
  SourceFile(String name, Path path, Content content) {
    this.name = name;
    this.path = path;
    this.content = content;
  }

  /** Describes a file that is included by another one and begins with its checks. */
  SourceFile(String name, Path path, Content content, SourceFile including) {
    this(name, path, content);
    checks.addAll(including.checks);
  }

  /** Returns how many bytes there are, as far as that can be known before they are read. */
  long size() throws IOException {
    return Files.isRegularFile(path) ? Files.size(path) : 0;
  }

  /** Returns what positions call it. */
  String name() {
    return name;
  }

  /** Returns where the files are that it includes by a relative name. */
  Path directory() {
    Path parent = path.getParent();
    return parent == null ? path : parent;
  }

  /** Returns what is the same for the same file, by whatever name it was reached. */
  Path identity() throws IOException {
    return Files.exists(path) ? path.toRealPath() : path;
  }

  Set<IncludeCheck> checks() {
    return checks;
  }

  /** Returns the next line without comment and outer blanks, or null at the end of the file. */
  @Nullable Line next(ReadingBudget budget, Diagnostics diagnostics) throws IOException {
    if (lines == null) {
      lines = new PhysicalLines(content.open(), budget);
    }
    String text = lines.next();
    if (text == null) {
      return null;
    }
    var position = new Position(name, lines.number(), 1);
    if (lines.isTooLong()) {
      diagnostics.error(
          position,
          "line of more than "
              + PhysicalLines.LONGEST
              + " bytes (expected: at most 1024, as keepalived reads)");
      return new Line("", position, true);
    }
    if (text.indexOf('\0') >= 0) {
      diagnostics.error(position, "line with a NUL byte (expected: text)");
      return new Line("", position, true);
    }
    if (lines.number() == 1 && text.startsWith("\ufeff")) {
      text = text.substring(1);
    }
    String bare = Characters.trimEnd(Characters.withoutComment(text));
    int start = Characters.skipBlanks(bare, 0);
    var line = new Line(bare.substring(start), position.at(start + 1), true);
    if (line.text().startsWith("include_check")) {
      var words = line.text().trim().split("[ \t]+", -1);
      if (words[0].equals("include_check")) {
        checks = IncludeCheck.changed(checks, List.of(words).subList(1, words.length));
      }
    }
    return line;
  }

  void close() throws IOException {
    if (lines != null) {
      lines.close();
    }
  }
}
