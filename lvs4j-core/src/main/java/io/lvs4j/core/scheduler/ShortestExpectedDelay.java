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
    int least = NONE;
    long leastDelay = 0;
    long leastWeight = 0;
    for (int position = 0, size = servers.size(); position < size; position++) {
      if (!servers.available(position)) {
        continue;
      }
      long delay = servers.activeConnections(position) + 1L;
      long weight = servers.weight(position);
      if (least == NONE || leastDelay * weight > delay * leastWeight) {
        least = position;
        leastDelay = delay;
        leastWeight = weight;
      }
    }
    return least;
  }
}
