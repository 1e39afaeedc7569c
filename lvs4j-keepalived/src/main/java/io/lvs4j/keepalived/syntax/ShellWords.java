package io.lvs4j.keepalived.syntax;

import java.util.ArrayList;
import java.util.List;

/**
 * Words as a shell sees them, where keepalived reads a command: single and double quotes, pieces
 * that touch are one word ({@code ab" c"d}), escapes such as {@code \t} and {@code \x41} in and out
 * of quotes.
 */
public final class ShellWords {
  private ShellWords() {}

  /** Returns the words of a text. */
  public static List<String> of(String text) {
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    boolean inWord = false;
    char quote = 0;
    int index = 0;
    while (index < text.length()) {
      char c = text.charAt(index);
      if (c == '\\' && index + 1 < text.length()) {
        inWord = true;
        index = escape(text, index, word);
        continue;
      }
      if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else {
          word.append(c);
        }
      } else if (c == '"' || c == '\'') {
        quote = c;
        inWord = true;
      } else if (Characters.isBlank(c)) {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
          inWord = false;
        }
      } else {
        word.append(c);
        inWord = true;
      }
      index++;
    }
    if (inWord) {
      words.add(word.toString());
    }
    return words;
  }

  /** Appends what an escape stands for, and returns the index behind it. */
  private static int escape(String text, int backslash, StringBuilder word) {
    char c = text.charAt(backslash + 1);
    int index = backslash + 2;
    switch (c) {
      case 'a' -> word.append('\u0007');
      case 'b' -> word.append('\b');
      case 'E' -> word.append('\u001b');
      case 'f' -> word.append('\f');
      case 'n' -> word.append('\n');
      case 'r' -> word.append('\r');
      case 't' -> word.append('\t');
      case 'v' -> word.append('\u000b');
      case 'c' -> {
        if (index < text.length()) {
          word.append((char) (text.charAt(index++) & 0x1f));
        }
      }
      case 'x' -> {
        int value = 0;
        while (index < text.length() && Character.digit(text.charAt(index), 16) >= 0) {
          value = (value << 4 | Character.digit(text.charAt(index++), 16)) & 0xff;
        }
        word.append((char) value);
      }
      case '0', '1', '2', '3', '4', '5', '6', '7' -> {
        int value = 0;
        index--;
        for (int digits = 0;
            digits < 3 && index < text.length() && Character.digit(text.charAt(index), 8) >= 0;
            digits++) {
          value = (value << 3 | Character.digit(text.charAt(index++), 8)) & 0xff;
        }
        word.append((char) value);
      }
      default -> word.append(c);
    }
    return index;
  }
}
