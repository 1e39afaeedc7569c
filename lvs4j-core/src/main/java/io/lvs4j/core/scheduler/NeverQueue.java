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
    int least = NONE;
    long leastDelay = 0;
    long leastWeight = 0;
    for (int position = 0, size = servers.size(); position < size; position++) {
      if (!servers.available(position)) {
        continue;
      }
      int active = servers.activeConnections(position);
      if (active == 0) {
        return position;
      }
      long delay = active + 1L;
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
