package io.lvs4j.api;

import java.util.List;

/**
 * Thrown when a valid configuration can't be put into effect on this host: an address in use, a
 * privilege that is missing. Nothing of it is left running.
 */
public final class StartException extends LvsException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param problems all that stood in the way, each with its remedy; at least one
   */
  public StartException(List<Problem> problems) {
    super("problems at start", problems);
  }
}
