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
    int least = NONE;
    long leastOverhead = 0;
    long leastWeight = 0;
    for (int position = 0, size = servers.size(); position < size; position++) {
      if (!servers.available(position)) {
        continue;
      }
      long overhead = servers.overhead(position);
      long weight = servers.weight(position);
      if (least == NONE || leastOverhead * weight > overhead * leastWeight) {
        least = position;
        leastOverhead = overhead;
        leastWeight = weight;
      }
    }
    return least;
  }
}
