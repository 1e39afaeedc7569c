package io.lvs4j.keepalived.syntax;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What makes an {@code include} an error; without any of it a missing file is only remarked on. */
enum IncludeCheck {
  /** A file that is there can't be read. */
  READABLE,
  /** No file has the name. */
  MATCH,
  /** No file matches the wildcards. */
  WILDCARD_MATCH,
  /** One of the words in braces matches no file. */
  BRACE_MATCH;

  /** Returns what a keyword such as {@code includer} checks besides what is set, or null. */
  static @Nullable Set<IncludeCheck> ofKeyword(String keyword) {
    return switch (keyword) {
      case "include" -> EnumSet.noneOf(IncludeCheck.class);
      case "includer" -> EnumSet.of(READABLE);
      case "includem" -> EnumSet.of(READABLE, MATCH);
      case "includew" -> EnumSet.of(READABLE, WILDCARD_MATCH);
      case "includeb" -> EnumSet.of(READABLE, BRACE_MATCH);
      case "includea" -> EnumSet.allOf(IncludeCheck.class);
      default -> null;
    };
  }

  /** Returns what is set after {@code include_check} with these words. */
  static Set<IncludeCheck> changed(Set<IncludeCheck> before, List<String> words) {
    if (words.isEmpty()) {
      return EnumSet.allOf(IncludeCheck.class);
    }
    boolean relative =
        words.stream().allMatch(word -> word.startsWith("+") || word.startsWith("-"));
    var checks = EnumSet.noneOf(IncludeCheck.class);
    if (relative) {
      checks.addAll(before);
    }
    for (String word : words) {
      boolean removed = word.startsWith("-");
      String name = removed || word.startsWith("+") ? word.substring(1) : word;
      for (var check : values()) {
        if (check.name().toLowerCase(Locale.ROOT).equals(name)) {
          if (removed) {
            checks.remove(check);
          } else {
            checks.add(check);
            if (check != READABLE) {
              checks.add(READABLE);
            }
          }
        }
      }
    }
    return checks;
  }
}
