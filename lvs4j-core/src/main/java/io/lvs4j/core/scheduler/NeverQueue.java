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
    int shortest = Positions.firstAvailable(servers);
    int position = shortest;
    while (position != NONE) {
      if (servers.available(position)) {
        shortest = position;
        if (servers.activeConnections(position) == 0) {
          return position;
        }
      }
      position =
          idleOrShorter(
              servers,
              position + 1,
              servers.activeConnections(shortest) + 1L,
              servers.weight(shortest));
    }
    return shortest;
  }

  /** Returns the next position that is idle or has less delay, in a loop that is made tight. */
  private static int idleOrShorter(ServerPool servers, int from, long delay, long weight) {
    for (int position = from, size = servers.size(); position < size; position++) {
      int active = servers.activeConnections(position);
      if (active == 0 || delay * servers.weight(position) > (active + 1L) * weight) {
        return position;
      }
    }
    return NONE;
  }
}
