package io.lvs4j.core.scheduler;

import io.lvs4j.api.Flow;
import io.lvs4j.api.ServerPool;

/**
 * twos: the less loaded of two servers drawn at random in proportion to weight (kernel:
 * ip_vs_twos.c). Each draw is a number from 0 to the sum of all weights, both included, so that the
 * first server in the pool has one lot more than its weight.
 */
final class PowerOfTwoChoices extends BuiltInScheduler {
  PowerOfTwoChoices() {
    super("twos");
  }

  @Override
  public int schedule(ServerPool servers, Flow flow) {
    long total = 0;
    for (int position = 0, size = servers.size(); position < size; position++) {
      if (!servers.overloaded(position)) {
        total += servers.weight(position);
      }
    }
    if (total == 0) {
      return NONE;
    }
    // Lot 0 falls on the same server as lot 1.
    long first = Math.max(1, flow.random(total + 1));
    long second = Math.max(1, flow.random(total + 1));
    int lower = NONE;
    long left = Math.min(first, second);
    for (int position = 0, size = servers.size(); position < size; position++) {
      if (!servers.overloaded(position)) {
        left -= servers.weight(position);
        if (left <= 0) {
          if (lower == NONE) {
            lower = position;
            left += Math.abs(first - second);
          }
          if (left <= 0) {
            return first <= second
                ? lessLoaded(servers, lower, position)
                : lessLoaded(servers, position, lower);
          }
        }
      }
    }
    throw new IllegalStateException("a lot above the sum of all weights");
  }

  private static int lessLoaded(ServerPool servers, int first, int second) {
    return servers.weight(second) * servers.overhead(first)
            > servers.weight(first) * servers.overhead(second)
        ? second
        : first;
  }
}
