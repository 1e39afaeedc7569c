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
    int size = servers.size();
    long total = 0;
    for (int position = 0; position < size; position++) {
      if (servers.available(position)) {
        total += servers.weight(position);
      }
    }
    if (total == 0) {
      return NONE;
    }
    long firstLot = flow.random(total + 1);
    long secondLot = flow.random(total + 1);
    int first = NONE;
    int second = NONE;
    for (int position = 0; first == NONE || second == NONE; position++) {
      if (!servers.available(position)) {
        continue;
      }
      int weight = servers.weight(position);
      firstLot -= weight;
      secondLot -= weight;
      if (firstLot <= 0 && first == NONE) {
        first = position;
      }
      if (secondLot <= 0 && second == NONE) {
        second = position;
      }
    }
    return servers.weight(second) * servers.overhead(first)
            > servers.weight(first) * servers.overhead(second)
        ? second
        : first;
  }
}
