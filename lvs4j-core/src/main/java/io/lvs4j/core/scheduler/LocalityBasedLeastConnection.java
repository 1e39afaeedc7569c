package io.lvs4j.core.scheduler;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Flow;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.ServerPool;
import org.jspecify.annotations.Nullable;

/**
 * lblc: the server that had the same virtual address before, unless it has more active connections
 * than its weight while another has fewer than half of its own; else as wlc (kernel: ip_vs_lblc.c).
 * Made for clusters of caches, whose virtual servers span many addresses. A connection threshold of
 * a remembered server is not looked at, as in the kernel.
 */
final class LocalityBasedLeastConnection extends BuiltInScheduler {
  private final LocalityTable<Remembered> table = new LocalityTable<>();

  LocalityBasedLeastConnection() {
    super("lblc");
  }

  /** The server of an address. The endpoint tells it from a later one which was given its id. */
  private static final class Remembered extends LocalityTable.Entry {
    int id;
    Endpoint endpoint;

    Remembered(int id, Endpoint endpoint) {
      this.id = id;
      this.endpoint = endpoint;
    }
  }

  @Override
  public Scheduler forVirtualServer() {
    return new LocalityBasedLeastConnection();
  }

  @Override
  public int schedule(ServerPool servers, Flow flow) {
    Remembered remembered = table.use(flow.virtualAddress(), flow.arrivedAt());
    if (remembered != null) {
      int position = servers.positionOf(remembered.id);
      if (position != NONE
          && servers.endpoint(position).equals(remembered.endpoint)
          && servers.weight(position) > 0
          && !overcommitted(servers, position)) {
        return position;
      }
    }
    int position = WeightedLeastConnection.leastLoaded(servers);
    if (position != NONE) {
      remember(servers, position, flow, remembered);
    }
    return position;
  }

  private void remember(
      ServerPool servers, int position, Flow flow, @Nullable Remembered remembered) {
    int id = servers.id(position);
    Endpoint endpoint = servers.endpoint(position);
    if (remembered != null) {
      remembered.id = id;
      remembered.endpoint = endpoint;
    } else {
      table.remember(flow.virtualAddress(), new Remembered(id, endpoint), flow.arrivedAt());
    }
  }

  /**
   * Says whether a server has more active connections than its weight while any other, an
   * overloaded one too, has fewer than half of its own (kernel: is_overloaded).
   */
  static boolean overcommitted(ServerPool servers, int position) {
    if (servers.activeConnections(position) <= servers.weight(position)) {
      return false;
    }
    for (int other = 0, size = servers.size(); other < size; other++) {
      if (servers.activeConnections(other) * 2L < servers.weight(other)) {
        return true;
      }
    }
    return false;
  }
}
