package io.lvs4j.health.verdict;

import io.lvs4j.api.host.Exhaustion;
import java.util.Optional;

/** What one attempt of a checker found out. */
public sealed interface Outcome {
  /** Returns what was tried and what was found, for a person to read. */
  String detail();

  /**
   * The real server answered as expected.
   *
   * @param weight what the answer says of the real server's weight
   */
  record Success(String detail, WeightReport weight) implements Outcome {
    /** Creates the outcome of an answer that says nothing of the weight. */
    public Success(String detail) {
      this(detail, WeightReport.NONE);
    }
  }

  /** The real server did not answer, or not as expected. */
  record Failure(String detail) implements Outcome {}

  /**
   * The attempt says nothing of the real server: this process stood still while it was waited for,
   * or it had nothing to make it with.
   *
   * @param lacking what this host has run out of, if that is why
   */
  record Inconclusive(String detail, Optional<Exhaustion> lacking) implements Outcome {
    /** Creates the outcome of an attempt that lacked nothing. */
    public Inconclusive(String detail) {
      this(detail, Optional.empty());
    }
  }
}
