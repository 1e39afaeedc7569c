package io.lvs4j.ipvs.client;

import java.util.Optional;

/**
 * A switch of a scheduler. The kernel has three for all schedulers; what they mean, each scheduler
 * says, and only {@code sh} and {@code mh} have given them a meaning so far.
 */
public enum SchedulerFlag {
  /** {@code sh-fallback}, {@code mh-fallback}: go on to another server when one is unavailable. */
  FIRST(0x08, "flag-1", "fallback"),
  /** {@code sh-port}, {@code mh-port}: the client's port is hashed too. */
  SECOND(0x10, "flag-2", "port"),
  /** No scheduler has a meaning for it. */
  THIRD(0x20, "flag-3", "");

  private final int bit;
  private final String neutral;
  private final String meaning;

  SchedulerFlag(int bit, String neutral, String meaning) {
    this.bit = bit;
    this.neutral = neutral;
    this.meaning = meaning;
  }

  int bit() {
    return bit;
  }

  /** Returns its word for a scheduler, as ipvsadm takes it: {@code sh-port}, or {@code flag-2}. */
  public String word(String scheduler) {
    return hasMeaning(scheduler) ? scheduler + "-" + meaning : neutral;
  }

  /** Returns the flag that a word means for a scheduler: its own or a neutral one. */
  public static Optional<SchedulerFlag> of(String scheduler, String word) {
    for (var flag : values()) {
      if (word.equals(flag.neutral)
          || (flag.hasMeaning(scheduler) && word.equals(scheduler + "-" + flag.meaning))) {
        return Optional.of(flag);
      }
    }
    return Optional.empty();
  }

  private boolean hasMeaning(String scheduler) {
    return !meaning.isEmpty() && (scheduler.equals("sh") || scheduler.equals("mh"));
  }
}
