package io.lvs4j.health.verdict;

/** What one attempt of a checker found out. */
public sealed interface Outcome {
  /** Returns what was tried and what was found, for a person to read. */
  String detail();

  /** The real server answered as expected. */
  record Success(String detail) implements Outcome {}

  /** The real server did not answer, or not as expected. */
  record Failure(String detail) implements Outcome {}

  /**
   * The attempt says nothing of the real server: this process stood still while it was waited for,
   * or it had no socket to make it with.
   */
  record Inconclusive(String detail) implements Outcome {}
}
