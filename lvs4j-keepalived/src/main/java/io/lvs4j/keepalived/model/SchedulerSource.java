package io.lvs4j.keepalived.model;

import io.lvs4j.api.Scheduler;
import java.util.Set;

/**
 * Where the scheduler of a name comes from. {@code io.lvs4j.core.scheduler.Schedulers::byName} has
 * them all; {@link KernelScheduler} is enough for a data plane in the kernel.
 */
@FunctionalInterface
public interface SchedulerSource {
  /**
   * Returns a scheduler.
   *
   * @param name such as {@code wlc}, one of keepalived's
   * @param flags such as {@code sh-port}
   */
  Scheduler scheduler(String name, Set<String> flags);
}
