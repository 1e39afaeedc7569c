package io.lvs4j.api;

import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What the body of an HTTP answer has to contain, or must not: keepalived's {@code regex}, in the
 * syntax of {@link Pattern}. The body is taken as ISO 8859-1, so that offsets count bytes; the
 * first mebibyte of it is looked at.
 *
 * @param regex the regular expression; a match anywhere in the body will do
 * @param flags those of {@link Pattern#compile(String, int)}
 * @param inverted whether the body must not match ({@code regex_no_match})
 * @param leastOffset where in the body to begin to look, in bytes ({@code regex_min_offset})
 * @param mostOffset the last byte at which the match may begin ({@code regex_max_offset})
 */
public record BodyPattern(
    String regex, int flags, boolean inverted, int leastOffset, OptionalInt mostOffset) {
  public BodyPattern {
    Objects.requireNonNull(regex, "regex");
    Objects.requireNonNull(mostOffset, "mostOffset");
  }

  /** Returns the pattern of a body in which this regular expression is found. */
  public static BodyPattern of(String regex) {
    return new BodyPattern(regex, 0, false, 0, OptionalInt.empty());
  }

  /** Returns the pattern of a body in which this regular expression is found. */
  public static BodyPattern of(Pattern pattern) {
    return new BodyPattern(pattern.pattern(), pattern.flags(), false, 0, OptionalInt.empty());
  }

  /** Returns the opposite: the body must not match. */
  public BodyPattern not() {
    return new BodyPattern(regex, flags, !inverted, leastOffset, mostOffset);
  }

  /** Returns the same looked for from this byte on. */
  public BodyPattern from(int offset) {
    return new BodyPattern(regex, flags, inverted, offset, mostOffset);
  }

  /** Returns the same counting only if the match begins at this byte or before. */
  public BodyPattern upTo(int offset) {
    return new BodyPattern(regex, flags, inverted, leastOffset, OptionalInt.of(offset));
  }

  /** Says whether a body, as ISO 8859-1, is as expected. */
  public boolean accepts(CharSequence body) {
    return isFoundIn(body) != inverted;
  }

  private boolean isFoundIn(CharSequence body) {
    var matcher = Pattern.compile(regex, flags).matcher(body);
    return leastOffset <= body.length()
        && matcher.find(leastOffset)
        && (mostOffset.isEmpty() || matcher.start() <= mostOffset.getAsInt());
  }

  List<Problem> problems() {
    var subject = "regex";
    try {
      Pattern.compile(regex, flags);
    } catch (PatternSyntaxException wrong) {
      return List.of(
          new Problem(
              subject,
              regex,
              "a regular expression of java.util.regex: " + wrong.getDescription()));
    } catch (IllegalArgumentException wrong) {
      return List.of(new Problem(subject + " flags", Integer.toString(flags), "those of Pattern"));
    }
    int most = mostOffset.orElse(Integer.MAX_VALUE);
    return leastOffset < 0 || leastOffset > most
        ? List.of(new Problem(subject + " offset", Integer.toString(leastOffset), "0-" + most))
        : List.of();
  }

  /** Returns what is expected of the body, in words: {@code a match of /ok/}. */
  @Override
  public String toString() {
    return (inverted ? "no match" : "a match")
        + " of /"
        + regex
        + "/"
        + (leastOffset > 0 ? " from byte " + leastOffset : "")
        + (mostOffset.isPresent() ? " up to byte " + mostOffset.getAsInt() : "");
  }
}
