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

  /**
   * Returns the next position of greater weight and with room, in a loop that the compiler makes
   * tight: both are looked at each time, the rarer one too.
   */
  private static int heavier(ServerPool servers, int from, int weight) {
    for (int position = from, size = servers.size(); position < size; position++) {
      int found = servers.weight(position);
      int active = servers.activeConnections(position);
      if (found > weight && active <= found) {
        return position;
      }
    }
    return NONE;
  }
}
