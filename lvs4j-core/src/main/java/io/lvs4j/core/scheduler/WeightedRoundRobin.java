package io.lvs4j.core.scheduler;

import io.lvs4j.api.Flow;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.ServerPool;

/**
 * wrr: round after round over the servers whose weight reaches a mark that sinks from the greatest
 * weight to 1 in steps of the weights' common divisor (kernel: ip_vs_wrr.c, whose names are cl, cw,
 * mw and di). Every change to a server starts at the head again.
 */
final class WeightedRoundRobin extends BuiltInScheduler {
  private static final int HEAD = -1;

  private int current = HEAD;
  private int mark;
  private int greatestMark;
  private int step = 1;

  WeightedRoundRobin() {
    super("wrr");
  }

  @Override
  public Scheduler forVirtualServer() {
    return new WeightedRoundRobin();
  }

  @Override
  public int schedule(ServerPool servers, Flow flow) {
    if (greatestMark == 0) {
      return NONE;
    }
    int size = servers.size();
    int start = current;
    int stop = HEAD;
    boolean lastPass = false;
    boolean restarted = false;
    boolean fromHead = start == HEAD;
    int position = start;
    while (true) {
      while (++position < size) {
        if (servers.weight(position) >= mark && !servers.overloaded(position)) {
          current = position;
          return position;
        }
        // The position that the search began at ends it only once stop was set to it.
        if (position == stop) {
          current = position;
          return NONE;
        }
      }
      position = HEAD;
      mark -= step;
      if (mark <= 0) {
        mark = greatestMark;
        if (lastPass || start == HEAD) {
          current = HEAD;
          return NONE;
        }
        restarted = true;
      }
      if (fromHead) {
        mark = withoutEmptyPasses(servers);
      }
      fromHead = true;
      lastPass = mark <= step;
      if (lastPass && restarted && start != HEAD) {
        stop = start;
      }
    }
  }

  /**
   * Returns the next mark that any server can reach, or the last one of the round. The kernel gets
   * there pass by pass, which takes it minutes when a server of weight 2147483647 is overloaded.
   */
  private int withoutEmptyPasses(ServerPool servers) {
    int reachable = step;
    for (int position = 0, size = servers.size(); position < size; position++) {
      if (!servers.overloaded(position)) {
        reachable = Math.max(reachable, servers.weight(position));
      }
    }
    if (mark <= reachable) {
      return mark;
    }
    int emptyPasses = (mark - reachable - 1) / step + 1;
    return mark - emptyPasses * step;
  }

  @Override
  public void serverAdded(ServerPool servers, int position) {
    changed(servers);
  }

  @Override
  public void serverRemoved(ServerPool servers, int position, int id) {
    changed(servers);
  }

  @Override
  public void serverUpdated(ServerPool servers, int position) {
    changed(servers);
  }

  private void changed(ServerPool servers) {
    int divisor = 0;
    int greatest = 0;
    for (int position = 0, size = servers.size(); position < size; position++) {
      int weight = servers.weight(position);
      if (weight > 0) {
        divisor = Weights.greatestCommonDivisor(weight, divisor);
        greatest = Math.max(greatest, weight);
      }
    }
    current = HEAD;
    step = Math.max(1, divisor);
    greatestMark = greatest - (step - 1);
    if (mark > greatestMark || mark == 0) {
      mark = greatestMark;
    } else if (step > 1) {
      mark = mark / step * step + 1;
    }
  }
}
