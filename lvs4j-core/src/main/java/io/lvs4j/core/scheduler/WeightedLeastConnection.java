package io.lvs4j.core.scheduler;

import io.lvs4j.api.Flow;
import io.lvs4j.api.ServerPool;

/**
 * wlc: the least overhead in proportion to weight; the first of equals (kernel: ip_vs_wlc.c).
 *
 * <p>Two loads are compared by cross products, {@code a/v > b/w} as {@code a*w > b*v}. They fit 64
 * bits up to 16 million active connections on one server, whatever the weights.
 */
final class WeightedLeastConnection extends BuiltInScheduler {
  WeightedLeastConnection() {
    super("wlc");
  }

  @Override
  public int schedule(ServerPool servers, Flow flow) {
    return leastLoaded(servers);
  }

  /** Returns the position that wlc chooses, which lblc and lblcr fall back on. */
  static int leastLoaded(ServerPool servers) {
    int least = Positions.firstAvailable(servers);
    int position = least;
    while (position != NONE) {
      if (servers.available(position)) {
        least = position;
      }
      position = lighter(servers, position + 1, servers.overhead(least), servers.weight(least));
    }
    return least;
  }

  /** Returns the next position whose load is less, in a loop that the compiler makes tight. */
  private static int lighter(ServerPool servers, int from, long overhead, long weight) {
    for (int position = from, size = servers.size(); position < size; position++) {
      if (overhead * servers.weight(position) > servers.overhead(position) * weight) {
        return position;
      }
    }
    return NONE;
  }
}
