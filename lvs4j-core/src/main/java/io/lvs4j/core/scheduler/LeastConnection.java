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
    int position = lighter(servers, 0, leastOverhead);
    while (position != NONE) {
      if (servers.available(position)) {
        least = position;
        leastOverhead = servers.overhead(position);
      }
      position = lighter(servers, position + 1, leastOverhead);
    }
    return least;
  }

  /**
   * Returns the next position whose overhead is less. A loop by itself, because the compiler makes
   * a tight one only of what it has seen to run at every turn.
   */
  private static int lighter(ServerPool servers, int from, long overhead) {
    for (int position = from, size = servers.size(); position < size; position++) {
      if (servers.overhead(position) < overhead) {
        return position;
      }
    }
    return NONE;
  }
}
