package io.lvs4j.core.scheduler;

import io.lvs4j.api.Flow;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.ServerPool;

/** rr: the next available server after the last chosen one (kernel: ip_vs_rr.c). */
final class RoundRobin extends BuiltInScheduler {
  private static final int HEAD = -1;

  private int last = HEAD;

  RoundRobin() {
    super("rr");
  }

  @Override
  public Scheduler forVirtualServer() {
    return new RoundRobin();
  }

  @Override
  public int schedule(ServerPool servers, Flow flow) {
    int size = servers.size();
    for (int position = last + 1; position < size; position++) {
      if (servers.available(position)) {
        last = position;
        return position;
      }
    }
    for (int position = 0; position <= last; position++) {
      if (servers.available(position)) {
        last = position;
        return position;
      }
    }
    return NONE;
  }

  @Override
  public void serverAdded(ServerPool servers, int position) {
    if (last >= position) {
      last++;
    }
  }

  /** A last chosen server that leaves hands its place to the one before it, or to the head. */
  @Override
  public void serverRemoved(ServerPool servers, int position, int id) {
    if (last >= position) {
      last--;
    }
  }
}
