package io.lvs4j.api;

import java.time.Duration;
import java.util.List;

/** The checks that several builders make, in one wording. */
final class Ranges {
  private Ranges() {}

  static void number(List<Problem> problems, String subject, long value, long least, long most) {
    if (value < least || value > most) {
      problems.add(new Problem(subject, Long.toString(value), least + "-" + most));
    }
  }

  static void duration(
      List<Problem> problems, String subject, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      problems.add(new Problem(subject, text(value), text(least) + " to " + text(most)));
    }
  }

  /** Returns a duration as people write it: {@code 2s}, {@code 150ms}, {@code 15m}. */
  static String text(Duration duration) {
    if (duration.isZero()) {
      return "0s";
    }
    return duration.toString().substring(2).toLowerCase(java.util.Locale.ROOT);
  }
}
