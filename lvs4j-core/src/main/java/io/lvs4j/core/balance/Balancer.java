package io.lvs4j.core.balance;

import com.github.benmanes.caffeine.cache.Ticker;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Flow;
import io.lvs4j.api.Persistence;
import io.lvs4j.api.Protocol;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.loop.LoopFaults;
import io.lvs4j.api.loop.LoopLogger;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.api.plane.DestinationCounters;
import io.lvs4j.api.plane.ServiceCounters;
import io.lvs4j.core.scheduler.Schedulers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Decides, for one virtual server, which destination a new connection gets. Any thread may call;
 * calls are serialized by a lock that is held for the time of one decision.
 */
public final class Balancer {
  private final ReentrantLock lock = new ReentrantLock();
  private final Ticker ticker;
  private final LoopFaults faults;
  private final ServerTable servers;
  private final boolean datagrams;
  private VirtualServer definition;
  private GuardedScheduler scheduler;
  private @Nullable PersistentClients clients;

  /**
   * Creates a balancer.
   *
   * @param definition the virtual server; its scheduler is present, its own server list not read
   * @param destinations in the order in which they were added
   * @param overhead which kernel's arithmetic to follow
   * @param ticker the clock of persistence
   */
  public Balancer(
      VirtualServer definition, List<Destination> destinations, Overhead overhead, Ticker ticker) {
    this(
        definition,
        destinations,
        overhead,
        ticker,
        new LoopFaults("schedulers", LoopLogger.of(Balancer.class, System::nanoTime)));
  }

  /** Creates a balancer whose scheduler's faults are counted with those of others. */
  public Balancer(
      VirtualServer definition,
      List<Destination> destinations,
      Overhead overhead,
      Ticker ticker,
      LoopFaults faults) {
    this.faults = faults;
    this.definition = definition;
    this.ticker = ticker;
    this.datagrams =
        definition.id() instanceof VirtualServerId.Address(Protocol protocol, _)
            && protocol == Protocol.UDP;
    this.servers = new ServerTable(overhead, ticker.read());
    this.scheduler = guarded(definition);
    this.clients = definition.persistence().map(this::clients).orElse(null);
    destinations.forEach(this::add);
  }

  /** Returns the settings in force. */
  public VirtualServer definition() {
    lock.lock();
    try {
      return definition;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Replaces the settings. The scheduler starts afresh only if it is another one. Clients that are
   * kept on their server stay there unless they are told apart in another way than before.
   */
  public void update(VirtualServer changed) {
    lock.lock();
    try {
      boolean otherScheduler = !changed.scheduler().equals(definition.scheduler());
      definition = changed;
      if (otherScheduler) {
        scheduler = guarded(changed);
        servers.replay(() -> scheduler.added(servers, 0));
      }
      update(changed.persistence().orElse(null));
    } finally {
      lock.unlock();
    }
  }

  private void update(@Nullable Persistence persistence) {
    if (clients != null && persistence != null && clients.tellsApartAs(persistence)) {
      clients.settings(persistence);
      return;
    }
    if (clients != null) {
      clients.forgetAll();
    }
    clients = persistence == null ? null : clients(persistence);
  }

  /**
   * Adds a destination.
   *
   * @throws IllegalArgumentException when there is one with the same endpoint
   */
  public void add(Destination destination) {
    lock.lock();
    try {
      if (servers.find(destination.endpoint()) != null) {
        throw new IllegalArgumentException(
            subject(destination.endpoint()) + "added twice (expected: once)");
      }
      servers.add(destination, ticker.read());
      scheduler.added(servers, 0);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Changes a destination.
   *
   * @throws IllegalArgumentException when there is none with this endpoint
   */
  public void update(Destination destination) {
    lock.lock();
    try {
      LiveDestination live = known(destination.endpoint());
      servers.update(live, destination);
      scheduler.updated(servers, live.position);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Removes a destination; its leases stay valid and counted. One that is added again while it has
   * leases, or within two minutes after the last of them, finds its counters.
   *
   * @throws IllegalArgumentException when there is none with this endpoint
   */
  public void remove(Endpoint endpoint) {
    lock.lock();
    try {
      LiveDestination live = known(endpoint);
      int position = live.position;
      servers.remove(live, ticker.read());
      scheduler.removed(servers, position, live.id);
    } finally {
      lock.unlock();
    }
  }

  /** Returns a place for a new connection, or null when there is none: refuse it. */
  public @Nullable Lease assign(Flow flow) {
    lock.lock();
    try {
      return place(flow, null, true);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns another place for a connection whose connect failed, or null when there is none. The
   * failed lease (and those it replaced) are released and counted as connect failures, and none of
   * their destinations is chosen again.
   *
   * <p>The scheduler decides as if those destinations were quiesced. Where it finds none, as source
   * hashing without fallback does, weighted least-connection chooses.
   */
  public @Nullable Lease reassign(Flow flow, Lease failed) {
    return reassign(flow, failed, true);
  }

  /**
   * As {@link #reassign(Flow, Lease)}.
   *
   * @param byItsFault whether the failure is counted against the destination
   */
  public @Nullable Lease reassign(Flow flow, Lease failed, boolean byItsFault) {
    lock.lock();
    try {
      failed.live.connectFailures += byItsFault ? 1 : 0;
      recount(failed, Lease.Count.NOT);
      for (Lease tried = failed; tried != null; tried = tried.replaced) {
        servers.mask(tried.live);
      }
      try {
        return place(flow, failed, true);
      } finally {
        for (Lease tried = failed; tried != null; tried = tried.replaced) {
          servers.unmask(tried.live);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns a destination for a single datagram, counted as a connection but never as open. */
  public @Nullable Lease assignOnce(Flow flow) {
    lock.lock();
    try {
      return place(flow, null, false);
    } finally {
      lock.unlock();
    }
  }

  /** Returns the figures of all destinations, and of those that have left. */
  public ServiceCounters counters() {
    lock.lock();
    try {
      if (clients != null) {
        clients.forgetExpired();
      }
      servers.forgetClosed(ticker.read());
      var listed = new LinkedHashMap<Endpoint, DestinationCounters>();
      var departed = servers.forgotten();
      for (var live : servers.known()) {
        if (live.present() || live.hasConnections()) {
          listed.put(live.endpoint, live.counters());
        } else {
          departed = departed.plus(live.traffic());
        }
      }
      return new ServiceCounters(listed, departed);
    } finally {
      lock.unlock();
    }
  }

  /** Returns the table, for tests that compare it with the kernel's. */
  ServerTable servers() {
    return servers;
  }

  /** Counts a lease in another way, unless it is not counted at all. */
  void count(Lease lease, Lease.Count changed) {
    lock.lock();
    try {
      recount(lease, changed);
    } finally {
      lock.unlock();
    }
  }

  /** Ends a lease whose connection the kernel would keep for a while. */
  void close(Lease lease, ClosedConnections.Kept kept) {
    lock.lock();
    try {
      if (lease.count != Lease.Count.NOT) {
        servers.close(lease.live, lease.count == Lease.Count.ACTIVE, kept, ticker.read());
        ended(lease);
      }
    } finally {
      lock.unlock();
    }
  }

  private void recount(Lease lease, Lease.Count changed) {
    if (lease.count == Lease.Count.NOT || lease.count == changed) {
      return;
    }
    if (changed != Lease.Count.NOT) {
      servers.move(lease.live, changed == Lease.Count.ACTIVE);
      lease.count = changed;
    } else {
      servers.end(lease.live, lease.count == Lease.Count.ACTIVE, ticker.read());
      ended(lease);
    }
  }

  private static void ended(Lease lease) {
    if (lease.client != null) {
      lease.client.connectionEnded();
    }
    lease.count = Lease.Count.NOT;
  }

  private @Nullable Lease place(Flow flow, @Nullable Lease failed, boolean opens) {
    servers.forgetClosed(ticker.read());
    PersistentClient client = clients == null ? null : clients.find(flow.clientAddress());
    LiveDestination live =
        client != null && keepsClients(client.destination)
            ? client.destination
            : choose(flow, failed);
    if (live == null) {
      return null;
    }
    if (clients != null) {
      client = clients.keep(flow.clientAddress(), client, live, opens);
    }
    live.connections++;
    var count = Lease.Count.NOT;
    if (opens) {
      count = datagrams ? Lease.Count.INACTIVE : Lease.Count.ACTIVE;
      servers.begin(live, !datagrams);
    }
    return new Lease(this, live, datagrams, count, opens ? client : null, failed);
  }

  /**
   * Says whether a destination still gets the clients that it had: a threshold does not stop them,
   * as in the kernel (ip_vs_sched_persist in ip_vs_core.c), but quiescing does.
   */
  private boolean keepsClients(LiveDestination live) {
    return live.present() && servers.weight(live.position) > 0;
  }

  private @Nullable LiveDestination choose(Flow flow, @Nullable Lease failed) {
    int position = scheduler.schedule(servers, flow);
    if (failed != null && (position == Scheduler.NONE || failed.tried(servers.at(position)))) {
      position = Schedulers.weightedLeastConnection().schedule(servers, flow);
    }
    return position == Scheduler.NONE ? null : servers.at(position);
  }

  private LiveDestination known(Endpoint endpoint) {
    LiveDestination live = servers.find(endpoint);
    if (live == null) {
      throw new IllegalArgumentException(
          subject(endpoint) + "unknown (expected: a destination of this virtual server)");
    }
    return live;
  }

  private String subject(Endpoint endpoint) {
    return "virtual server " + definition.id() + ": destination " + endpoint + ": ";
  }

  private PersistentClients clients(Persistence persistence) {
    return new PersistentClients(persistence, ticker, PersistentClients.MOST_CLIENTS);
  }

  private GuardedScheduler guarded(VirtualServer definition) {
    var scheduler =
        definition
            .scheduler()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "virtual server " + definition.id() + ": no scheduler (expected: one)"));
    return new GuardedScheduler(definition.id(), scheduler, faults, ticker);
  }
}
