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
    int position = heavier(servers, 0, greatest);
    while (position != NONE) {
      if (!servers.overloaded(position)) {
        heaviest = position;
        greatest = servers.weight(position);
      }
      position = heavier(servers, position + 1, greatest);
    }
    return heaviest;
  }

  /** Returns the next position of greater weight, in a loop that the compiler makes tight. */
  private static int heavier(ServerPool servers, int from, int weight) {
    for (int position = from, size = servers.size(); position < size; position++) {
      if (servers.weight(position) > weight) {
        return position;
      }
    }
    return NONE;
  }
}
