package io.lvs4j.spring.boot;

import java.util.List;
import java.util.stream.Collectors;

/** Thrown when {@code lvs4j.*} properties make no director; carries every problem there is. */
public final class InvalidPropertiesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<PropertyProblem> problems;

  InvalidPropertiesException(List<PropertyProblem> problems) {
    super(
        problems.stream()
            .map(PropertyProblem::toString)
            .collect(Collectors.joining("\n  - ", "lvs4j properties:\n  - ", "")));
    this.problems = List.copyOf(problems);
  }

  /** Returns all problems; never empty. */
  public List<PropertyProblem> problems() {
    return problems;
  }
}
