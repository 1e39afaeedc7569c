package io.lvs4j.health.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.lvs4j.api.FileValue;
import io.lvs4j.api.host.Exhaustion;
import io.lvs4j.health.verdict.WeightReport;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

/** keepalived's FILE_CHECK, by reading the file anew at each check. */
final class FileAttempt extends CallAttempt {
  private static final int MOST = 65_536;

  /** As strtol takes them with base 0: decimal, 0x..., or 0... in octal. */
  private static final Pattern NUMBER =
      Pattern.compile(
          "\\s*([+-]?)(0[xX][0-9a-fA-F]{1,15}|[0-9]{1,18})(?![0-9a-zA-Z]).*", Pattern.DOTALL);

  private final FileValue value;

  FileAttempt(Assignment assignment, FileValue value, AtomicBoolean slot) {
    super(assignment, value.toString() + " for " + assignment.at(), slot);
    this.value = value;
  }

  @Override
  Runnable call() {
    try (var in = Files.newInputStream(value.file())) {
      long number = number(new String(in.readNBytes(MOST), ISO_8859_1));
      return () -> judge(number, "value " + number);
    } catch (IOException unreadable) {
      if (Exhaustion.of(unreadable).isPresent()) {
        return () -> unexpected(unreadable);
      }
      return () -> judge(0, "no value (" + unreadable + ")");
    }
  }

  /** Returns the number that a text begins with; 0 if it doesn't, as in keepalived. */
  static long number(String text) {
    var matcher = NUMBER.matcher(text);
    return matcher.matches() ? Long.decode(matcher.group(1) + matcher.group(2)) : 0;
  }

  private void judge(long number, String found) {
    if (value.multiplier() == 0) {
      if (number == 0) {
        pass(found);
      } else {
        fail(found, "0");
      }
      return;
    }
    long product =
        Math.clamp(number, Integer.MIN_VALUE, Integer.MAX_VALUE) * (long) value.multiplier();
    if (product <= Integer.MIN_VALUE) {
      fail(found + " times " + value.multiplier(), "more than " + Integer.MIN_VALUE);
    } else {
      pass(found, WeightReport.added(product));
    }
  }

  @Override
  void timedOut() {
    inconclusive("file not read within " + timeout());
  }

  @Override
  void stillUnderWay() {
    inconclusive("file still not read");
  }
}
