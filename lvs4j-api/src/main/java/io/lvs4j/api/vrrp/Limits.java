package io.lvs4j.api.vrrp;

import io.lvs4j.api.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The range checks of this package's builders, in one wording. */
final class Limits {
  private Limits() {}

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

  static boolean isMultipleOf(Duration value, Duration unit) {
    return value.toNanos() % unit.toNanos() == 0;
  }

  /** Returns a duration as people write it: {@code 1s}, {@code 0.1s}, {@code 15m}. */
  static String text(Duration duration) {
    return duration.isZero() ? "0s" : duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
