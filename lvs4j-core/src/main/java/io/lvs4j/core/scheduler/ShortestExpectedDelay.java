package io.lvs4j.core.scheduler;

import io.lvs4j.api.Flow;
import io.lvs4j.api.ServerPool;

/**
 * sed: the fewest active connections in proportion to weight, the new one counted in; the first of
 * equals (kernel: ip_vs_sed.c).
 */
final class ShortestExpectedDelay extends BuiltInScheduler {
  ShortestExpectedDelay() {
    super("sed");
  }

  @Override
  public int schedule(ServerPool servers, Flow flow) {
    return shortestDelay(servers);
  }

  /** Returns the position that sed chooses, which nq falls back on. */
  static int shortestDelay(ServerPool servers) {
    int shortest = Positions.firstAvailable(servers);
    int position = shortest;
    while (position != NONE) {
      if (servers.available(position)) {
        shortest = position;
      }
      position =
          shorter(
              servers,
              position + 1,
              servers.activeConnections(shortest) + 1L,
              servers.weight(shortest));
    }
    return shortest;
  }

  /** Returns the next position with less delay, in a loop that the compiler makes tight. */
  private static int shorter(ServerPool servers, int from, long delay, long weight) {
    for (int position = from, size = servers.size(); position < size; position++) {
      if (delay * servers.weight(position) > (servers.activeConnections(position) + 1L) * weight) {
        return position;
      }
    }
    return NONE;
  }
}
