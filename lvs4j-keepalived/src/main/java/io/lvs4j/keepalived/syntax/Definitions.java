package io.lvs4j.keepalived.syntax;

import io.lvs4j.keepalived.diagnostic.Diagnostics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What {@code $NAME} and {@code ${NAME}} stand for at the moment. A definition is put in where it
 * is used, not where it is made, so that one may name others that come later; a name that isn't
 * defined stays as it is.
 */
final class Definitions {
  /** How often names are replaced in one line before it counts as endless. */
  private static final int MOST_REPLACEMENTS = 1000;

  private static final int LONGEST_NAME = 256;

  private final Map<String, List<Line>> definitions = new HashMap<>();
  private final SourceOptions options;
  private final ReadingBudget budget;
  private final Diagnostics diagnostics;
  private RandomGenerator random;

  Definitions(SourceOptions options, ReadingBudget budget, Diagnostics diagnostics) {
    this.budget = budget;
    this.options = options;
    this.random = options.random();
    this.diagnostics = diagnostics;
  }

  /** A line with its names replaced, and the lines that a definition of several lines adds. */
  record Substituted(Line line, List<Line> more) {}

  /** Begins random numbers anew. */
  void seed(long seed) {
    random = options.seeded().apply(seed);
  }

  /** Defines a name as one line, or as several. */
  void define(String name, List<Line> lines) {
    definitions.put(name, List.copyOf(lines));
  }

  /** Defines a name as this text. */
  void define(String name, String text, Line origin) {
    define(name, List.of(origin.replacedBy(text)));
  }

  /** Returns the line with its names replaced, or null when there is no end to it. */
  @Nullable Substituted substitute(Line line, String directory) throws ReadingLimitException {
    if (line.text().indexOf('$') < 0) {
      return new Substituted(line, List.of());
    }
    String text = line.text();
    List<Line> more = List.of();
    int replacements = 0;
    int index = 0;
    while ((index = text.indexOf('$', index)) >= 0) {
      var name = nameAt(text, index);
      List<Line> value = name == null ? null : valueOf(name.text(), line, directory);
      if (name == null || value == null) {
        index++;
        continue;
      }
      if (value.size() > 1 && Characters.skipBlanks(text, name.end()) < text.length()) {
        diagnostics.error(
            line.position(),
            "$" + name.text() + ": has several lines (expected: at the end of its line)");
        index++;
        continue;
      }
      String first = value.isEmpty() ? "" : value.getFirst().text();
      text = text.substring(0, index) + first + text.substring(name.end());
      budget.replaced(text.length());
      if (value.size() > 1) {
        more = value.subList(1, value.size());
      }
      if (++replacements > MOST_REPLACEMENTS || text.length() > PhysicalLines.LONGEST) {
        diagnostics.error(
            line.position(),
            "$" + name.text() + ": has no end (expected: a definition that doesn't name itself)");
        return null;
      }
    }
    return new Substituted(line.replacedBy(text), more);
  }

  /** A name in a text, and the index behind its last character or its closing brace. */
  private record Name(String text, int end) {}

  private static @Nullable Name nameAt(String text, int dollar) {
    if (text.startsWith("{", dollar + 1)) {
      int close = text.indexOf('}', dollar + 2, Math.min(text.length(), dollar + LONGEST_NAME));
      return close < 0 ? null : new Name(text.substring(dollar + 2, close), close + 1);
    }
    int end = Characters.endOfName(text, dollar + 1);
    if (end == dollar + 1) {
      return null;
    }
    boolean ends =
        end == text.length()
            || Characters.isBlank(text.charAt(end))
            || text.charAt(end) == ','
            || text.charAt(end) == ')';
    return ends ? new Name(text.substring(dollar + 1, end), end) : null;
  }

  private @Nullable List<Line> valueOf(String name, Line line, String directory) {
    List<Line> defined = definitions.get(name);
    if (defined != null) {
      return defined;
    }
    String builtIn = builtIn(name, directory);
    return builtIn == null ? null : List.of(line.replacedBy(builtIn));
  }

  private @Nullable String builtIn(String name, String directory) {
    String[] words = name.trim().split("[ \t]+", -1);
    return switch (words[0]) {
      case "_PWD" -> directory;
      case "_INSTANCE" -> options.configurationId();
      case "_HASH" -> "#";
      case "_BANG" -> "!";
      case "_RANDOM" -> random(words);
      case "_ENV" -> words.length == 2 ? options.environment().apply(words[1]).orElse(null) : null;
      default -> null;
    };
  }

  private @Nullable String random(String[] words) {
    try {
      long least = words.length > 1 ? Long.parseLong(words[1]) : 0;
      long most = words.length > 2 ? Long.parseLong(words[2]) : Math.max(least, 32_767);
      if (words.length > 3 || least < 0 || most < least || most == Long.MAX_VALUE) {
        return null;
      }
      return Long.toString(random.nextLong(least, most + 1));
    } catch (NumberFormatException notANumber) {
      // The name stays as it is, which shows where it is used.
      return null;
    }
  }
}
