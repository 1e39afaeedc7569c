package io.lvs4j.run;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Which data plane is asked for: {@code --plane}. */
enum PlaneChoice {
  AUTO,
  PROXY,
  IPVS,
  EBPF,
  /** None in particular: a file is checked for itself, wherever it will run. */
  ANY;

  static PlaneChoice of(String word) throws UsageException {
    for (var choice : values()) {
      if (choice.toString().equals(word)) {
        return choice;
      }
    }
    throw new UsageException("--plane: " + word + " (expected: one of " + all() + ")");
  }

  private static String all() {
    return Arrays.stream(values()).map(PlaneChoice::toString).collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
