package io.lvs4j.api;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The common form of lvs4j's refusals: it carries every problem found, not only the first. When it
 * is thrown nothing has been changed.
 */
public abstract sealed class LvsException extends RuntimeException
    permits InvalidConfigurationException, StartException {

  private final transient List<Problem> problems;

  LvsException(String summary, List<Problem> problems) {
    super(message(summary, problems));
    this.problems = List.copyOf(problems);
  }

  /** Returns all problems, in the order in which they were found; never empty. */
  public List<Problem> problems() {
    return problems;
  }

  private static String message(String summary, List<Problem> problems) {
    if (problems.isEmpty()) {
      throw new IllegalArgumentException("an LvsException needs at least one problem");
    }
    if (problems.size() == 1) {
      return problems.getFirst().toString();
    }
    return problems.stream()
        .map(problem -> "  - " + problem)
        .collect(Collectors.joining("\n", problems.size() + " " + summary + ":\n", ""));
  }
}
