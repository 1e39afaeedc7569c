package io.lvs4j.keepalived.text;

import io.lvs4j.api.Problem;
import io.lvs4j.api.Program;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The lines of a keepalived.conf that is being written, and what couldn't be written. */
final class TextLines {
  private static final Pattern BARE = Pattern.compile("[A-Za-z0-9_./:%+,=*?-]+");

  private final StringBuilder text = new StringBuilder();
  private final List<Problem> losses = new ArrayList<>();
  private final Set<String> told = new TreeSet<>();
  private final Set<Boolean> secured = new TreeSet<>();
  private int globals = -1;
  private int depth;

  /** Adds a line of a keyword and words that need no quotes. */
  TextLines line(String line) {
    text.append("  ".repeat(depth)).append(line).append('\n');
    return this;
  }

  /** Adds a line if something holds. */
  TextLines lineIf(boolean condition, String line) {
    return condition ? line(line) : this;
  }

  /** Adds a keyword with a word that may need quotes. */
  TextLines line(String keyword, String word) {
    return line(keyword + " " + word(keyword, word));
  }

  /** Begins a block. */
  TextLines open(String line) {
    line(line + " {");
    depth++;
    return this;
  }

  /** Ends a block. */
  TextLines close() {
    depth--;
    return line("}");
  }

  /** Adds an empty line. */
  TextLines gap() {
    text.append('\n');
    return this;
  }

  /** Begins the block of what holds for all, part of which is known in the end only. */
  TextLines openGlobals() {
    open("global_defs");
    globals = text.length();
    return this;
  }

  /** Remembers a program that is written: whether it has to be secure is said once for all. */
  void program(Program program) {
    secured.add(program.isSecured());
  }

  /** Remembers something that can't be said, once. */
  void loss(String subject, String value, String expected) {
    var problem = new Problem(subject, value, expected);
    if (told.add(problem.toString())) {
      losses.add(problem);
    }
  }

  /** Returns a word as it has to be written; what can't be written is told. */
  String word(String subject, String word) {
    if (word.chars().anyMatch(c -> c == '"' || c < ' ')) {
      loss(subject, word, "no quotes and no control characters");
      return "\"" + word.replaceAll("[\"\\p{Cntrl}]", "_") + "\"";
    }
    return BARE.matcher(word).matches() ? word : "\"" + word + "\"";
  }

  /** Returns a length of time in seconds. */
  static String seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toNanos(), 9).stripTrailingZeros().toPlainString();
  }

  /** Returns a length of time in whole seconds; a part of a second counts as one and is told. */
  String wholeSeconds(String subject, Duration duration) {
    if (duration.toNanosPart() != 0) {
      loss(subject, seconds(duration), "whole seconds");
      return Long.toString(duration.toSeconds() + 1);
    }
    return Long.toString(duration.toSeconds());
  }

  PrintedConfiguration printed() {
    if (secured.size() > 1) {
      loss(
          "enable_script_security",
          "off for some programs",
          "the same for all; it is on for those too");
    } else if (secured.contains(false) && globals >= 0) {
      text.insert(globals, "  enable_script_security off\n");
    }
    return new PrintedConfiguration(text.toString(), losses);
  }
}
