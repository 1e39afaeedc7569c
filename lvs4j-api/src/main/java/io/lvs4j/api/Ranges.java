package io.lvs4j.api;

import static java.time.temporal.ChronoUnit.MILLIS;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The range checks of settings, in one wording: {@code priority: 300 (expected: 1-254)}. A setting
 * that is out of range adds a {@link Problem} to those that there are, so that a builder can tell
 * all of them at once.
 */
public final class Ranges {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private Ranges() {}

  /**
   * Checks a number.
   *
   * @param problems gets one more if it is out of range
   * @param subject what the setting is called
   * @param value what it was set to
   * @param least the smallest that is allowed
   * @param most the largest that is allowed
   */
  public static void number(
      List<Problem> problems, String subject, long value, long least, long most) {
    if (value < least || value > most) {
      problems.add(new Problem(subject, Long.toString(value), least + "-" + most));
    }
  }

  /**
   * Checks a length of time.
   *
   * @param problems gets one more if it is out of range
   * @param subject what the setting is called
   * @param value what it was set to
   * @param least the shortest that is allowed
   * @param most the longest that is allowed
   */
  public static void duration(
      List<Problem> problems, String subject, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      problems.add(new Problem(subject, text(value), text(least) + " to " + text(most)));
    }
  }

  /** Returns a duration as people write it: {@code 2s}, {@code 150ms}, {@code 15m}, {@code 31d}. */
  public static String text(Duration duration) {
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
