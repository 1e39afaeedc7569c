package io.lvs4j.keepalived.syntax;

import io.lvs4j.keepalived.diagnostic.Diagnostics;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A line that stands for several, as {@code ~SEQ}, {@code ~SEQx} and {@code ~LST} say: its names,
 * the values that they get one after another, and the rest of the line.
 *
 * @param names what gets values
 * @param values what they get: as many each time as there are names
 * @param rest what is read each time
 */
record Sequence(List<String> names, Iterator<List<String>> values, Line rest) {
  /** Says whether a line begins with one. */
  static boolean begins(String text) {
    return text.startsWith("~SEQ(") || text.startsWith("~SEQx(") || text.startsWith("~LST(");
  }

  /**
   * Reads one.
   *
   * @param definitions what names within the parentheses stand for
   * @return null after it was told what is wrong
   */
  static @Nullable Sequence parse(
      Line line, Definitions definitions, ReadingBudget budget, Diagnostics diagnostics)
      throws ReadingLimitException {
    String text = line.text();
    budget.replaced(text.length());
    int open = text.indexOf('(');
    int close = text.indexOf(')', open);
    if (close < 0) {
      diagnostics.error(line.position(), text.substring(0, open) + ": no ')' (expected: one)");
      return null;
    }
    var inner = definitions.substitute(line.replacedBy(text.substring(open + 1, close)), "");
    if (inner == null) {
      return null;
    }
    String arguments = inner.line().text();
    Line rest = line.from(close + 1);
    boolean list = text.startsWith("~LST");
    var sequence =
        list ? list(arguments, rest) : numbers(arguments, rest, text.startsWith("~SEQx"));
    if (sequence == null) {
      diagnostics.error(
          line.position(),
          Diagnostics.quoted(text.substring(0, close + 1))
              + (list
                  ? ": not understood (expected: (name, value, ...) or ({names}, {values}, ...))"
                  : ": not understood (expected: (name, [start, [step,]] end))"));
    }
    return sequence;
  }

  private static @Nullable Sequence numbers(String arguments, Line rest, boolean hexadecimal) {
    String[] parts = arguments.split(",", -1);
    String name = parts[0].trim();
    if (parts.length < 2 || parts.length > 4 || !isName(name)) {
      return null;
    }
    var numbers = new long[parts.length - 1];
    for (int i = 1; i < parts.length; i++) {
      try {
        numbers[i - 1] = Long.decode(parts[i].trim());
      } catch (NumberFormatException notANumber) {
        // Told by the caller, with the whole of it.
        return null;
      }
    }
    long end = numbers[numbers.length - 1];
    long start = numbers.length > 1 ? numbers[0] : end < 0 ? -1 : 1;
    long step = numbers.length > 2 ? numbers[1] : end < start ? -1 : 1;
    if (step == 0 || Math.abs(start) > Integer.MAX_VALUE || Math.abs(end) > Integer.MAX_VALUE) {
      return null;
    }
    var values =
        LongStream.iterate(start, value -> step > 0 ? value <= end : value >= end, v -> v + step)
            .mapToObj(value -> List.of(hexadecimal ? hexadecimal(value) : Long.toString(value)))
            .iterator();
    return new Sequence(List.of(name), values, rest);
  }

  private static String hexadecimal(long value) {
    return value < 0 ? "-" + Long.toHexString(-value) : Long.toHexString(value);
  }

  private static @Nullable Sequence list(String arguments, Line rest) {
    var items = items(arguments);
    if (items == null || items.size() < 2) {
      return null;
    }
    var names = items.getFirst();
    var values = items.subList(1, items.size());
    boolean good =
        names.stream().allMatch(Sequence::isName)
            && values.stream().allMatch(value -> value.size() == names.size());
    return good ? new Sequence(names, values.iterator(), rest) : null;
  }

  /** Returns the items between commas, each the list of what is in its braces, if it has some. */
  private static @Nullable List<List<String>> items(String arguments) {
    var items = new ArrayList<List<String>>();
    int index = 0;
    while (index <= arguments.length()) {
      int start = Characters.skipBlanks(arguments, index);
      int end;
      if (arguments.startsWith("{", start)) {
        int close = arguments.indexOf('}', start);
        if (close < 0) {
          return null;
        }
        items.add(trimmed(arguments.substring(start + 1, close).split(",", -1)));
        end = Characters.skipBlanks(arguments, close + 1);
        if (end < arguments.length() && arguments.charAt(end) != ',') {
          return null;
        }
      } else {
        int comma = arguments.indexOf(',', start);
        end = comma < 0 ? arguments.length() : comma;
        items.add(List.of(arguments.substring(start, end).trim()));
      }
      index = end + 1;
    }
    return items;
  }

  private static List<String> trimmed(String[] parts) {
    return java.util.Arrays.stream(parts).map(String::trim).toList();
  }

  private static boolean isName(String text) {
    return !text.isEmpty() && Characters.endOfName(text, 0) == text.length();
  }
}
