package io.lvs4j.api;

import java.util.List;

/** Thrown when what was asked for can't mean anything sensible, whatever the host. */
public final class InvalidConfigurationException extends LvsException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param problems all that is wrong; at least one
   */
  public InvalidConfigurationException(List<Problem> problems) {
    super("configuration problems", problems);
  }

  /** Throws when there is a problem. */
  public static void throwIfAny(List<Problem> problems) {
    if (!problems.isEmpty()) {
      throw new InvalidConfigurationException(problems);
    }
  }
}
