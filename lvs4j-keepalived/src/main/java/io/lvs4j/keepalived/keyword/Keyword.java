package io.lvs4j.keepalived.keyword;

import java.util.Objects;

/**
 * A keyword in a block.
 *
 * @param name how it is written
 * @param meaning the name by which it is handled: another one for a synonym
 * @param treatment what becomes of it
 * @param why the reason, or in what the meaning differs; empty when there is nothing to say
 * @param blockFollows whether braces belong to it
 * @param since the first version of keepalived that has it, if that is after 2.2.7
 */
public record Keyword(
    String name,
    String meaning,
    Treatment treatment,
    String why,
    boolean blockFollows,
    String since) {
  /** Checks that nothing is missing. */
  public Keyword {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(meaning, "meaning");
    Objects.requireNonNull(treatment, "treatment");
    Objects.requireNonNull(why, "why");
    Objects.requireNonNull(since, "since");
  }

  /** Says whether it is another word for the one that is handled. */
  public boolean isSynonym() {
    return !name.equals(meaning);
  }
}
