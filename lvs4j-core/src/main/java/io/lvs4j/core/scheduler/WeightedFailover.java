package io.lvs4j.core.scheduler;

import io.lvs4j.api.Flow;
import io.lvs4j.api.ServerPool;

/** fo: the available server of the greatest weight; the first of equals (kernel: ip_vs_fo.c). */
final class WeightedFailover extends BuiltInScheduler {
  WeightedFailover() {
    super("fo");
  }

  @Override
  public int schedule(ServerPool servers, Flow flow) {
    int heaviest = NONE;
    int greatest = 0;
    for (int position = 0, size = servers.size(); position < size; position++) {
      int weight = servers.weight(position);
      if (weight > greatest && !servers.overloaded(position)) {
        heaviest = position;
        greatest = weight;
      }
    }
    return heaviest;
  }
}
