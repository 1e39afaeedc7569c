package io.lvs4j.core.scheduler;

import io.lvs4j.api.Flow;
import io.lvs4j.api.ServerPool;

/** nq: the first server without an active connection, else as sed (kernel: ip_vs_nq.c). */
final class NeverQueue extends BuiltInScheduler {
  NeverQueue() {
    super("nq");
  }

  @Override
  public int schedule(ServerPool servers, Flow flow) {
    int idle = servers.idle() == 0 ? NONE : idle(servers, 0);
    while (idle != NONE) {
      if (servers.available(idle)) {
        return idle;
      }
      idle = idle(servers, idle + 1);
    }
    return ShortestExpectedDelay.shortestDelay(servers);
  }

  /** Returns the next position without an active connection, in a loop that is made tight. */
  private static int idle(ServerPool servers, int from) {
    for (int position = from, size = servers.size(); position < size; position++) {
      if (servers.activeConnections(position) == 0) {
        return position;
      }
    }
    return NONE;
  }
}
