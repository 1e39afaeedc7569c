package io.lvs4j.api;

import java.util.List;

/**
 * The name and the flags of a scheduler.
 *
 * @param name such as {@code sh}
 * @param flags such as {@code sh-port}, sorted
 */
public record SchedulerName(String name, List<String> flags) {
  public SchedulerName {
    flags = List.copyOf(flags);
  }

  /** Returns the name of a scheduler. */
  public static SchedulerName of(Scheduler scheduler) {
    return new SchedulerName(scheduler.name(), scheduler.flags().stream().sorted().toList());
  }
}
