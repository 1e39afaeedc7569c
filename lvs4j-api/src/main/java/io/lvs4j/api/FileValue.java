package io.lvs4j.api;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * keepalived's FILE_CHECK: a file holds a number that is multiplied and added to the weight of the
 * real server, or with a multiplier of 0 one that is 0 as long as the server is well.
 *
 * <p>The file is read at each check, 64 KiB of it at most. One that is missing or holds no number
 * counts as 0, as in keepalived. A product of -2147483648 or less takes the server down.
 *
 * @param file the file
 * @param multiplier by what the number is multiplied, -2147483647 to 2147483647; 0 makes any number
 *     but 0 a failure
 */
public record FileValue(Path file, int multiplier) implements Probe {
  public FileValue {
    Objects.requireNonNull(file, "file");
  }

  /** Returns a probe that is good while the file holds 0. */
  public static FileValue isZero(Path file) {
    return new FileValue(file, 0);
  }

  /** Returns a probe that adds the file's number to the weight. */
  public static FileValue addedToWeight(Path file) {
    return new FileValue(file, 1);
  }

  @Override
  public String name() {
    return "FILE_CHECK";
  }

  @Override
  public List<Problem> problems() {
    var problems = new ArrayList<Problem>();
    Ranges.number(problems, "multiplier", multiplier, -Integer.MAX_VALUE, Integer.MAX_VALUE);
    return problems;
  }

  @Override
  public String toString() {
    return name() + " " + file;
  }
}
