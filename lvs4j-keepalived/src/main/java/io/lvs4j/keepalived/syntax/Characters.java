package io.lvs4j.keepalived.syntax;

import java.text.Normalizer;

/** The classes of characters that keepalived.conf knows, and those that only look like them. */
final class Characters {
  private Characters() {}

  static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\f' || c == '\r' || c == '\u000b';
  }

  static int skipBlanks(String text, int from) {
    int index = from;
    while (index < text.length() && isBlank(text.charAt(index))) {
      index++;
    }
    return index;
  }

  /** Returns the text without blanks at its end. */
  static String trimEnd(String text) {
    int end = text.length();
    while (end > 0 && isBlank(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  static boolean beginsName(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  static boolean isInName(char c) {
    return beginsName(c) || (c >= '0' && c <= '9');
  }

  /** Returns the index behind the name that begins at an index, or the index if none does. */
  static int endOfName(String text, int from) {
    if (from >= text.length() || !beginsName(text.charAt(from))) {
      return from;
    }
    int index = from + 1;
    while (index < text.length() && isInName(text.charAt(index))) {
      index++;
    }
    return index;
  }

  /**
   * Says whether a character is typed for an ASCII one by an input method or a word processor: full
   * width forms, the ideographic and the fixed blank, typographic quotes and dashes.
   */
  static boolean isLookalike(char c) {
    return (c >= '\uff01' && c <= '\uff5e')
        || c == '\u3000'
        || c == '\u00a0'
        || c == '\u3001'
        || c == '\u3002'
        || (c >= '\u2010' && c <= '\u2015')
        || (c >= '\u2018' && c <= '\u201f')
        || c == '\u2212'
        || c == '\ufeff'
        || c == '\u200b';
  }

  /** Returns the text with each lookalike as the ASCII character that was meant. */
  static String plain(String text) {
    var plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\u3001' -> plain.append(',');
        case '\u3002' -> plain.append('.');
        case '\u2018', '\u2019', '\u201a', '\u201b' -> plain.append('\'');
        case '\u201c', '\u201d', '\u201e', '\u201f' -> plain.append('"');
        case '\ufeff', '\u200b' -> {
          // A byte order mark, a blank of no width: nothing was meant by them.
        }
        default -> {
          if ((c >= '\u2010' && c <= '\u2015') || c == '\u2212') {
            plain.append('-');
          } else if (isLookalike(c)) {
            plain.append(Normalizer.normalize(Character.toString(c), Normalizer.Form.NFKC));
          } else {
            plain.append(c);
          }
        }
      }
    }
    return plain.toString();
  }

  /** Returns the text up to where a comment begins, with escaped comment characters unescaped. */
  static String withoutComment(String text) {
    StringBuilder kept = null;
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == '#' || c == '!')) {
        return kept == null ? text.substring(0, i) : kept.toString();
      } else if (!quoted && c == '\\' && i + 1 < text.length() && isCommentSign(text, i + 1)) {
        if (kept == null) {
          kept = new StringBuilder(text.substring(0, i));
        }
        i++;
        kept.append(text.charAt(i));
        continue;
      }
      if (kept != null) {
        kept.append(c);
      }
    }
    return kept == null ? text : kept.toString();
  }

  private static boolean isCommentSign(String text, int index) {
    return text.charAt(index) == '#' || text.charAt(index) == '!';
  }
}
