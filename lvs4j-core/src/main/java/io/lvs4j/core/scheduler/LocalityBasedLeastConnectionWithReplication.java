package io.lvs4j.core.scheduler;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Flow;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.ServerPool;
import java.util.ArrayList;
import java.util.List;

/**
 * lblcr: as lblc, with a set of servers for each virtual address: the least loaded of the set is
 * chosen, the set grows when that one is overcommitted, and sheds its most loaded server when it
 * has not grown for a day (kernel: ip_vs_lblcr.c).
 */
final class LocalityBasedLeastConnectionWithReplication extends BuiltInScheduler {
  private final LocalityTable<ReplicaSet> table = new LocalityTable<>();

  LocalityBasedLeastConnectionWithReplication() {
    super("lblcr");
  }

  @Override
  public Scheduler forVirtualServer() {
    return new LocalityBasedLeastConnectionWithReplication();
  }

  @Override
  public int schedule(ServerPool servers, Flow flow) {
    long now = flow.arrivedAt();
    ReplicaSet replicas = table.use(flow.virtualAddress(), now);
    if (replicas != null) {
      int position = replicas.leastLoaded(servers);
      replicas.shedAfterQuiet(servers, now);
      if (position != NONE && !LocalityBasedLeastConnection.overcommitted(servers, position)) {
        return position;
      }
    }
    int position = WeightedLeastConnection.leastLoaded(servers);
    if (position == NONE) {
      return NONE;
    }
    if (replicas == null) {
      replicas = new ReplicaSet();
      table.remember(flow.virtualAddress(), replicas, now);
    }
    replicas.include(servers.id(position), servers.endpoint(position), now);
    return position;
  }

  /** The servers of one address, the newest in the set first. */
  private static final class ReplicaSet extends LocalityTable.Entry {
    /** One server. The endpoint tells it from a later one which was given its id. */
    private record Replica(int id, Endpoint endpoint) {
      int position(ServerPool servers) {
        int position = servers.positionOf(id);
        return position != NONE && servers.endpoint(position).equals(endpoint) ? position : NONE;
      }
    }

    private final List<Replica> replicas = new ArrayList<>(4);
    private long lastChange;

    void include(int id, Endpoint endpoint, long now) {
      var replica = new Replica(id, endpoint);
      if (!replicas.contains(replica)) {
        replicas.addFirst(replica);
        lastChange = now;
      }
    }

    int leastLoaded(ServerPool servers) {
      int least = NONE;
      long leastOverhead = 0;
      long leastWeight = 0;
      for (int i = 0; i < replicas.size(); i++) {
        int position = replicas.get(i).position(servers);
        if (position == NONE || !servers.available(position)) {
          continue;
        }
        long overhead = servers.overhead(position);
        long weight = servers.weight(position);
        if (least == NONE || leastOverhead * weight > overhead * leastWeight) {
          least = position;
          leastOverhead = overhead;
          leastWeight = weight;
        }
      }
      return least;
    }

    void shedAfterQuiet(ServerPool servers, long now) {
      if (replicas.size() > 1 && now - lastChange > LocalityTable.EXPIRATION) {
        int most = mostLoaded(servers);
        if (most != NONE) {
          replicas.remove(most);
          lastChange = now;
        }
      }
    }

    /** Returns the index in the set of one that left the pool, else of the most loaded one. */
    private int mostLoaded(ServerPool servers) {
      int most = NONE;
      long mostOverhead = 0;
      long mostWeight = 0;
      for (int i = 0; i < replicas.size(); i++) {
        int position = replicas.get(i).position(servers);
        if (position == NONE) {
          return i;
        }
        long weight = servers.weight(position);
        long overhead = servers.overhead(position);
        if (weight > 0 && (most == NONE || mostOverhead * weight < overhead * mostWeight)) {
          most = i;
          mostOverhead = overhead;
          mostWeight = weight;
        }
      }
      return most;
    }
  }
}
