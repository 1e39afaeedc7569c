package io.lvs4j.core.scheduler;

import io.lvs4j.api.LvsScheduler;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the kernel's algorithms have in common: two of them are equal when name and flags are,
 * whatever state they have gathered, so that settings can be compared.
 */
abstract class BuiltInScheduler implements LvsScheduler {
  private final String name;
  private final Set<String> flags;

  BuiltInScheduler(String name) {
    this(name, Set.of());
  }

  BuiltInScheduler(String name, Set<String> flags) {
    this.name = name;
    this.flags = Set.copyOf(flags);
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final Set<String> flags() {
    return flags;
  }

  @Override
  public final boolean equals(Object other) {
    return other instanceof BuiltInScheduler that
        && name.equals(that.name)
        && flags.equals(that.flags);
  }

  @Override
  public final int hashCode() {
    return 31 * name.hashCode() + flags.hashCode();
  }

  /** Returns {@code wlc} or {@code sh (sh-fallback,sh-port)}. */
  @Override
  public final String toString() {
    return flags.isEmpty() ? name : name + " (" + String.join(",", new TreeSet<>(flags)) + ")";
  }
}
