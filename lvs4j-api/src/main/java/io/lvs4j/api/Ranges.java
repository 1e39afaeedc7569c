package io.lvs4j.api;

import static java.time.temporal.ChronoUnit.MILLIS;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The checks that several builders make, in one wording. */
final class Ranges {
  private static final Duration SECOND = Duration.ofSeconds(1);

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

  /** Returns a duration as people write it: {@code 2s}, {@code 150ms}, {@code 15m}, {@code 31d}. */
  static String text(Duration duration) {
    if (duration.isPositive()) {
      if (duration.equals(Duration.ofDays(duration.toDays()))) {
        return duration.toDays() + "d";
      }
      if (duration.compareTo(SECOND) < 0 && duration.equals(duration.truncatedTo(MILLIS))) {
        return duration.toMillis() + "ms";
      }
    }
    // PT1M30S; a negative one has its sign in each part: PT-1S.
    return duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
