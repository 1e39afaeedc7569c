package io.lvs4j.keepalived.syntax;

import io.lvs4j.keepalived.diagnostic.Diagnostics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes a line apart at its braces, and what is between them into words. */
final class LineParts {
  private final Diagnostics diagnostics;

  LineParts(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  /** One part of a line. */
  sealed interface Part {
    /** Words. */
    record Text(Line line, List<Word> words, boolean told) implements Part {}

    /** An opening brace. */
    record Open(Line line, boolean told) implements Part {}

    /** A closing brace. */
    record Close(Line line) implements Part {}
  }

  /** Returns the parts of a line in order. */
  List<Part> of(Line line) {
    var parts = new ArrayList<Part>();
    String text = line.text();
    int quote = lonelyQuote(text);
    boolean told = quote >= 0;
    if (told) {
      diagnostics.error(
          line.at(quote), "quote without its other end: the line is left out (expected: \"...\")");
      text = text.substring(0, quote);
    }
    if (hasLookalike(text)) {
      tellLookalikes(line, text);
    }
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && c == '$' && text.startsWith("{", i + 1)) {
        int close = text.indexOf('}', i);
        i = close < 0 ? i + 1 : close;
      } else if (!quoted && isBrace(c)) {
        text(parts, line, text, start, i, told);
        boolean real = c == '{' || c == '}';
        if (!real) {
          diagnostics.error(
              line.at(i),
              Diagnostics.quoted(Character.toString(c)) + ": a full-width brace",
              Optional.of(Characters.plain(Character.toString(c))));
        }
        boolean opens = c == '{' || c == '\uff5b';
        parts.add(
            opens ? new Part.Open(line.from(i), told || !real) : new Part.Close(line.from(i)));
        start = i + 1;
      }
    }
    text(parts, line, text, start, text.length(), told);
    if (told && line.text().endsWith("{")) {
      parts.add(new Part.Open(line.from(line.text().length() - 1), true));
    }
    return parts;
  }

  private static boolean isBrace(char c) {
    return c == '{' || c == '}' || c == '\uff5b' || c == '\uff5d';
  }

  private static int lonelyQuote(String text) {
    int last = -1;
    boolean quoted = false;
    for (int i = text.indexOf('"'); i >= 0; i = text.indexOf('"', i + 1)) {
      quoted = !quoted;
      last = i;
    }
    return quoted ? last : -1;
  }

  private static boolean hasLookalike(String text) {
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && c > '\u007f' && Characters.isLookalike(c) && !isBrace(c)) {
        return true;
      }
    }
    return false;
  }

  private void tellLookalikes(Line line, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Characters.isLookalike(c) && !isBrace(c)) {
        diagnostics.warning(
            line.at(i),
            "%s (U+%04X): full-width or typographic, and part of a word here"
                .formatted(Diagnostics.quoted(Character.toString(c)), (int) c),
            Optional.of(Diagnostics.quoted(Characters.plain(text))));
        return;
      }
    }
  }

  private static void text(
      List<Part> parts, Line line, String text, int start, int end, boolean told) {
    var words = words(line, text, start, end);
    if (!words.isEmpty()) {
      int first = Characters.skipBlanks(text, start);
      var part = new Line(text.substring(first, end), line.at(first), line.verbatim());
      parts.add(new Part.Text(part, words, told));
    }
  }

  // Returns the words between two indexes; quoted ones may be empty.
  private static List<Word> words(Line line, String text, int start, int end) {
    var words = new ArrayList<Word>();
    int index = Characters.skipBlanks(text, start);
    while (index < end) {
      int from = index;
      boolean quoted = text.charAt(index) == '"';
      if (quoted) {
        int close = text.indexOf('"', index + 1);
        int stop = close < 0 || close >= end ? end : close;
        words.add(new Word(text.substring(from + 1, stop), line.at(from), true));
        index = stop + 1;
      } else {
        while (index < end
            && !Characters.isBlank(text.charAt(index))
            && text.charAt(index) != '"') {
          index++;
        }
        words.add(new Word(text.substring(from, index), line.at(from), false));
      }
      index = Characters.skipBlanks(text, index);
    }
    return words;
  }
}
