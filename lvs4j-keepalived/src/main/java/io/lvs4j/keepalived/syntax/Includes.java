package io.lvs4j.keepalived.syntax;

import io.lvs4j.keepalived.diagnostic.Diagnostics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Opens the files that {@code include} lines name. A relative name is looked for where the
 * including file is. What is included has to be a plain file that isn't a program.
 */
final class Includes {
  private static final int MOST_FILES = 10_000;

  /** As long as a path may be on Linux; choices in braces make many of one. */
  private static final int LONGEST_NAME = 4096;

  private final ReadingBudget budget;
  private final Diagnostics diagnostics;
  private final Set<Path> open = new HashSet<>();
  private int files;

  Includes(ReadingBudget budget, Diagnostics diagnostics) {
    this.budget = budget;
    this.diagnostics = diagnostics;
  }

  /** Remembers that a file is being read. */
  void enter(SourceFile file) throws IOException {
    open.add(file.identity());
  }

  /** Closes a file that has been read. */
  void leave(SourceFile file) throws IOException {
    open.remove(file.identity());
    file.close();
  }

  /**
   * Returns the files that a line includes, opened; null when the line is no include.
   *
   * @param from the file that the line is in
   */
  @Nullable List<SourceFile> resolve(SourceFile from, Line line) throws ReadingLimitException {
    String text = line.text();
    int end = 0;
    while (end < text.length() && !Characters.isBlank(text.charAt(end))) {
      end++;
    }
    var asked = IncludeCheck.ofKeyword(text.substring(0, end));
    if (asked == null) {
      return null;
    }
    var pattern = line.from(end);
    if (pattern.text().isEmpty()) {
      diagnostics.error(line.position(), text + ": no file (expected: a name)");
      return List.of();
    }
    if (pattern.text().length() > LONGEST_NAME) {
      diagnostics.error(
          pattern.position(),
          "include: a name of "
              + pattern.text().length()
              + " characters (expected: at most "
              + LONGEST_NAME
              + ")");
      return List.of();
    }
    var checks = EnumSet.noneOf(IncludeCheck.class);
    checks.addAll(asked);
    checks.addAll(from.checks());
    var opened = new ArrayList<SourceFile>();
    String name = unquoted(pattern.text());
    var choices = Wildcards.braces(name);
    for (String choice : choices) {
      include(from, pattern, choice, choices.size() > 1, checks, opened);
    }
    return opened;
  }

  private static String unquoted(String text) {
    return text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")
        ? text.substring(1, text.length() - 1)
        : text;
  }

  private void include(
      SourceFile from,
      Line line,
      String pattern,
      boolean choice,
      Set<IncludeCheck> checks,
      List<SourceFile> opened)
      throws ReadingLimitException {
    List<Path> found;
    try {
      found = Wildcards.find(from.directory(), pattern, budget);
    } catch (ReadingLimitException tooMuch) {
      throw tooMuch;
    } catch (IOException e) {
      diagnostics.error(
          line.position(), "include " + Diagnostics.quoted(pattern) + ": " + e.getMessage());
      return;
    }
    if (found.isEmpty()) {
      missing(line, pattern, choice, checks);
    }
    // Wildcards may find what wasn't meant by them, such as a directory or a script.
    boolean asked = !Wildcards.isIn(pattern) || checks.contains(IncludeCheck.READABLE);
    for (Path path : found) {
      var file = open(from, line, path, asked);
      if (file != null) {
        opened.add(file);
      }
    }
  }

  private void missing(Line line, String pattern, boolean choice, Set<IncludeCheck> checks) {
    boolean wildcard = Wildcards.isIn(pattern);
    String text = "include " + Diagnostics.quoted(pattern) + ": no such file";
    boolean asked =
        wildcard
            ? checks.contains(IncludeCheck.WILDCARD_MATCH)
            : checks.contains(IncludeCheck.MATCH)
                || (choice && checks.contains(IncludeCheck.BRACE_MATCH));
    if (asked) {
      diagnostics.error(line.position(), text);
    } else if (choice && !wildcard) {
      diagnostics.warning(line.position(), text + ", which keepalived wouldn't say");
    } else if (!wildcard) {
      // Who names a file means it: keepalived runs without what is in it, and says nothing.
      diagnostics.error(line.position(), text + ", which keepalived wouldn't say");
    }
  }

  private @Nullable SourceFile open(SourceFile from, Line line, Path path, boolean asked)
      throws ReadingLimitException {
    String subject = "include " + Diagnostics.quoted(path.toString()) + ": ";
    try {
      Path identity = path.toRealPath();
      if (open.contains(identity)) {
        diagnostics.error(line.position(), subject + "includes itself (expected: no cycle)");
        return null;
      }
      if (!StatementTree.isPlain(path)) {
        complain(line, asked, subject + "not a regular file (expected: one)");
        return null;
      }
      if (isProgram(path)) {
        complain(line, asked, subject + "a program (expected: a file that isn't executable)");
        return null;
      }
      if (++files > MOST_FILES) {
        throw budget.limit(MOST_FILES + " files");
      }
      if (!Files.isReadable(path)) {
        complain(line, asked, subject + "can't be read");
        return null;
      }
      budget.file(Files.size(path));
      return new SourceFile(
          path.toString(), absolute(path), () -> Files.newInputStream(path), from);
    } catch (ReadingLimitException tooMuch) {
      throw tooMuch;
    } catch (IOException | InvalidPathException e) {
      complain(line, asked, subject + "can't be read (" + e.getMessage() + ")");
      return null;
    }
  }

  private void complain(Line line, boolean asked, String text) {
    if (asked) {
      diagnostics.error(line.position(), text);
    } else {
      diagnostics.warning(line.position(), text);
    }
  }

  static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }

  private static boolean isProgram(Path path) throws IOException {
    return Files.getFileStore(path).supportsFileAttributeView("posix")
        && Files.getPosixFilePermissions(path).stream()
            .anyMatch(permission -> permission.name().endsWith("_EXECUTE"));
  }
}
