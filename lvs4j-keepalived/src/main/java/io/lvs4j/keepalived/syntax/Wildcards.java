package io.lvs4j.keepalived.syntax;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds files by the wildcards of a shell: {@code * ? [a-z]}, and braces with choices in them. */
final class Wildcards {
  /** More choices or files than this are a mistake, or an attack. */
  private static final int MOST = 4096;

  /** Braces that are nested deeper, or more in one name, stay as they are. */
  private static final int MOST_BRACES = 100;

  private Wildcards() {}

  /** Returns the words that braces stand for: {@code a{b,c}} is {@code ab} and {@code ac}. */
  static List<String> braces(String pattern) {
    var expanded = new ArrayList<String>();
    expand(pattern, expanded, MOST_BRACES);
    return expanded;
  }

  private static void expand(String pattern, List<String> expanded, int braces) {
    int open = braces == 0 ? -1 : pattern.indexOf('{');
    int close = open < 0 ? -1 : closing(pattern, open);
    if (close < 0) {
      if (expanded.size() < MOST) {
        expanded.add(pattern);
      }
      return;
    }
    int depth = 0;
    int start = open + 1;
    for (int i = open + 1; i <= close && expanded.size() < MOST; i++) {
      char c = pattern.charAt(i);
      if (depth == 0 && (c == ',' || i == close)) {
        expand(
            pattern.substring(0, open) + pattern.substring(start, i) + pattern.substring(close + 1),
            expanded,
            braces - 1);
        start = i + 1;
      } else if (c == '{') {
        depth++;
      } else if (c == '}') {
        depth--;
      }
    }
  }

  private static int closing(String pattern, int open) {
    int depth = 0;
    for (int i = open; i < pattern.length(); i++) {
      if (pattern.charAt(i) == '{') {
        depth++;
      } else if (pattern.charAt(i) == '}' && --depth == 0) {
        return i;
      }
    }
    return -1;
  }

  static boolean isIn(String pattern) {
    return pattern.indexOf('*') >= 0 || pattern.indexOf('?') >= 0 || pattern.indexOf('[') >= 0;
  }

  /** Returns what matches a pattern without braces, sorted by name; empty when nothing does. */
  static List<Path> find(Path directory, String pattern, ReadingBudget budget) throws IOException {
    List<Path> found = List.of(pattern.startsWith("/") ? directory.resolve("/") : directory);
    try {
      for (String name : pattern.split("/+", -1)) {
        if (!name.isEmpty()) {
          found = step(found, name, budget);
        }
      }
    } catch (InvalidPathException notAPath) {
      return List.of();
    }
    return found;
  }

  private static List<Path> step(List<Path> directories, String name, ReadingBudget budget)
      throws IOException {
    var found = new ArrayList<Path>();
    for (Path directory : directories) {
      if (!isIn(name)) {
        Path path = directory.resolve(name);
        budget.name();
        if (Files.exists(path)) {
          found.add(path);
        }
      } else if (Files.isDirectory(directory) && Files.isReadable(directory)) {
        try (var entries =
            Files.newDirectoryStream(
                directory,
                entry -> {
                  budget.name();
                  return matches(entry.getFileName().toString(), name);
                })) {
          var sorted = new ArrayList<Path>();
          entries.forEach(sorted::add);
          sorted.sort(null);
          found.addAll(sorted);
        } catch (DirectoryIteratorException e) {
          throw e.getCause();
        }
      }
      if (found.size() > MOST) {
        throw new IOException("more than " + MOST + " files match");
      }
    }
    return found;
  }

  /** Says whether a name matches a pattern; a leading dot has to be written out. */
  static boolean matches(String name, String pattern) {
    if (name.startsWith(".") && !pattern.startsWith(".")) {
      return false;
    }
    // The last star seen takes up one more character each time what follows it doesn't fit.
    int n = 0;
    int p = 0;
    int starPattern = -1;
    int starName = 0;
    while (n < name.length()) {
      int width = p < pattern.length() ? widthOfMatch(name.charAt(n), pattern, p) : 0;
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        starPattern = p++;
        starName = n;
      } else if (width > 0) {
        p += width;
        n++;
      } else if (starPattern >= 0) {
        p = starPattern + 1;
        n = ++starName;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  /** Returns how much of the pattern one character uses up; 0 when it doesn't match. */
  private static int widthOfMatch(char c, String pattern, int p) {
    char first = pattern.charAt(p);
    int close = first == '[' ? pattern.indexOf(']', p + 2) : -1;
    if (close < 0) {
      return first == '?' || first == c ? 1 : 0;
    }
    int index = p + 1;
    boolean negated = pattern.charAt(index) == '!' || pattern.charAt(index) == '^';
    if (negated) {
      index++;
    }
    boolean in = false;
    while (index < close) {
      char least = pattern.charAt(index);
      boolean range = index + 2 < close && pattern.charAt(index + 1) == '-';
      char most = range ? pattern.charAt(index + 2) : least;
      in |= c >= least && c <= most;
      index += range ? 3 : 1;
    }
    return in == negated ? 0 : close - p + 1;
  }
}
