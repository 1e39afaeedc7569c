package io.lvs4j.core.scheduler;

import io.lvs4j.api.Flow;
import io.lvs4j.api.ServerPool;

/**
 * ovf: the available server of the greatest weight that has no more active connections than its
 * weight; the first of equals (kernel: ip_vs_ovf.c).
 */
final class WeightedOverflow extends BuiltInScheduler {
  WeightedOverflow() {
    super("ovf");
  }

  @Override
  public int schedule(ServerPool servers, Flow flow) {
    int heaviest = NONE;
    int greatest = 0;
    for (int position = 0, size = servers.size(); position < size; position++) {
      int weight = servers.weight(position);
      if (weight > greatest
          && servers.activeConnections(position) <= weight
          && !servers.overloaded(position)) {
        heaviest = position;
        greatest = weight;
      }
    }
    return heaviest;
  }
}
