package io.lvs4j.core.scheduler;

import io.lvs4j.api.Scheduler;
import io.lvs4j.api.ServerPool;

/** Searches through the positions of a pool. */
final class Positions {
  private Positions() {}

  /** Returns the first position that is available, or {@link Scheduler#NONE}. */
  static int firstAvailable(ServerPool servers) {
    for (int position = 0, size = servers.size(); position < size; position++) {
      if (servers.available(position)) {
        return position;
      }
    }
    return Scheduler.NONE;
  }
}
