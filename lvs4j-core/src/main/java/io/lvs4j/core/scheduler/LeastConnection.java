package io.lvs4j.core.scheduler;

import io.lvs4j.api.Flow;
import io.lvs4j.api.ServerPool;

/** lc: the least overhead, whatever the weight; the first of equals (kernel: ip_vs_lc.c). */
final class LeastConnection extends BuiltInScheduler {
  LeastConnection() {
    super("lc");
  }

  @Override
  public int schedule(ServerPool servers, Flow flow) {
    int least = NONE;
    long leastOverhead = Long.MAX_VALUE;
    for (int position = 0, size = servers.size(); position < size; position++) {
      long overhead = servers.overhead(position);
      if (overhead < leastOverhead && servers.available(position)) {
        least = position;
        leastOverhead = overhead;
      }
    }
    return least;
  }
}
