package io.lvs4j.ipvs.client;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The scheduler of a service, by its name.
 *
 * @param name such as {@code wlc}, 1 to 15 bytes; the kernel loads the module {@code ip_vs_wlc}
 *     when it must. {@code none} is a service that schedules nothing
 * @param flags its switches
 */
public record IpvsScheduler(String name, Set<SchedulerFlag> flags) {
  /** Checks the length of the name. */
  public IpvsScheduler {
    Objects.requireNonNull(name, "name");
    Texts.check("scheduler", name);
    flags = Set.copyOf(flags);
  }

  /** Returns a scheduler without flags. */
  public static IpvsScheduler of(String name) {
    return new IpvsScheduler(name, Set.of());
  }

  /**
   * Returns a scheduler with flags of its own words.
   *
   * @param words such as {@code sh-port}, or {@code flag-2}
   * @throws IllegalArgumentException for a word that the scheduler doesn't know
   */
  public static IpvsScheduler of(String name, Collection<String> words) {
    var flags = EnumSet.noneOf(SchedulerFlag.class);
    for (String word : words) {
      flags.add(
          SchedulerFlag.of(name, word)
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "flag of scheduler "
                          + name
                          + ": "
                          + word
                          + " (expected: "
                          + words(name, List.of(SchedulerFlag.values()))
                          + ")")));
    }
    return new IpvsScheduler(name, flags);
  }

  /**
   * Returns the flags in the words of the scheduler, {@code sh-fallback} before {@code sh-port}.
   */
  public List<String> flagWords() {
    return flags.stream().sorted().map(flag -> flag.word(name)).toList();
  }

  /** Returns {@code sh (sh-fallback,sh-port)}. */
  @Override
  public String toString() {
    return flags.isEmpty() ? name : name + " (" + String.join(",", flagWords()) + ")";
  }

  private static String words(String scheduler, List<SchedulerFlag> flags) {
    return flags.stream().map(flag -> flag.word(scheduler)).collect(Collectors.joining(", "));
  }
}
