package io.lvs4j.lab.kernel;

import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Which tests to run in the guest.
 *
 * @param words simple names of classes, each with {@code #method} if need be, separated by commas;
 *     {@code *} stands for any characters, and nothing at all for all tests
 */
record Selection(String words) {
  boolean includes(String className, String method) {
    return words.isBlank()
        || Arrays.stream(words.split(","))
            .map(String::strip)
            .anyMatch(word -> matches(word, className, method));
  }

  /** Says whether there may be a method of this class to run. */
  boolean includes(String className) {
    return words.isBlank()
        || Arrays.stream(words.split(","))
            .map(word -> word.strip().split("#", 2)[0])
            .anyMatch(word -> matches(word, className));
  }

  /** Says whether there may be more than one class to run. */
  boolean ofSeveralClasses() {
    return words.isBlank() || words.contains(",") || words.contains("*");
  }

  private static boolean matches(String word, String className, String method) {
    int hash = word.indexOf('#');
    return hash < 0
        ? matches(word, className)
        : matches(word.substring(0, hash), className) && matches(word.substring(hash + 1), method);
  }

  private static boolean matches(String pattern, String name) {
    return name.matches(Pattern.quote(pattern).replace("*", "\\E.*\\Q"));
  }
}
