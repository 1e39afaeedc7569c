package io.lvs4j.core;

import io.lvs4j.api.ConnectionSnapshot;
import io.lvs4j.api.DirectorListener;
import io.lvs4j.api.DirectorSnapshot;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.Problem;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.StartException;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.host.HostNetworkProvider;
import io.lvs4j.api.plane.DataPlane;
import io.lvs4j.api.vrrp.SyncGroup;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpSnapshot;
import io.lvs4j.core.engine.Admission;
import io.lvs4j.core.engine.Engine;
import io.lvs4j.core.engine.HealthSource;
import io.lvs4j.core.engine.ThreadLoop;
import io.lvs4j.core.event.EventLog;
import io.lvs4j.core.event.VrrpRecorder;
import io.lvs4j.core.proxy.ProxyDataPlane;
import io.lvs4j.vrrp.router.VrrpRouter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * An application's own load balancer: it serves virtual servers, watches their real servers and
 * carries connections from the one to the other.
 *
 * <pre>{@code
 * var web = VirtualServer.tcp("127.0.0.1", 8080)
 *     .healthCheck(HealthCheck.http("/health").every(Duration.ofSeconds(2)))
 *     .realServer("127.0.0.1", 9001)
 *     .realServer("127.0.0.1", 9002)
 *     .build();
 * try (var director = Director.builder().virtualServer(web).build()) {
 *   director.start();
 *   ...
 * }
 * }</pre>
 *
 * <p>Thread-safe. Methods that change something return when the change is in force for every
 * connection that arrives afterwards; no change touches an established connection.
 */
public final class Director implements AutoCloseable {
  private enum Phase {
    NEW,
    RUNNING,
    CLOSED
  }

  private final List<VirtualServer> configured;
  private final DataPlane plane;
  private final HealthSource health;
  private final Engine engine;
  private final QuorumReports quorum = new QuorumReports();
  private final Optional<HostNetworkProvider> hostNetwork;
  private volatile Addressing addressing;
  private volatile Optional<VrrpRouter> router;
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.NEW);

  private Director(
      Builder builder, DataPlane plane, Addressing addressing, VrrpRouter.@Nullable Builder vrrp) {
    this.addressing = addressing;
    this.configured = builder.virtualServers.stream().map(addressing::following).toList();
    this.plane = plane;
    this.health = new MonitoredHealth();
    var listeners = new ArrayList<DirectorListener>();
    listeners.add(new EventLog());
    listeners.addAll(builder.listeners);
    this.engine = new Engine(new ThreadLoop("lvs4j-engine"), plane, health, listeners);
    this.hostNetwork = Optional.ofNullable(builder.hostNetwork);
    engine.watchQuorum(quorum::quorum);
    this.router = Optional.ofNullable(vrrp).map(each -> routerOf(each, engine, quorum));
  }

  /** Virtual servers follow the router, and it hears of their quorum. */
  private static VrrpRouter routerOf(VrrpRouter.Builder vrrp, Engine engine, QuorumReports quorum) {
    var router =
        vrrp.observer(
                event -> {
                  switch (event) {
                    case VrrpEvent.Master master -> engine.master(master.name(), true);
                    case VrrpEvent.Backup backup -> engine.master(backup.name(), false);
                    case VrrpEvent.Fault fault -> engine.master(fault.name(), false);
                    case VrrpEvent.Stopped stopped -> engine.master(stopped.name(), false);
                    default -> {
                      // It is who it was.
                    }
                  }
                })
            .build();
    quorum.attach(router);
    return router;
  }

  /** Begins a director. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Begins to serve the configured virtual servers, all or none, and returns when connections are
   * accepted.
   *
   * @throws StartException with everything on this host that stood in the way; nothing is left
   *     running, and the director may be started again
   * @throws IllegalStateException when it is running or closed
   */
  public void start() {
    if (!phase.compareAndSet(Phase.NEW, Phase.RUNNING)) {
      throw new IllegalStateException("director: " + phase.get() + " (expected: NEW)");
    }
    try {
      serve();
    } catch (RuntimeException refused) {
      phase.compareAndSet(Phase.RUNNING, Phase.NEW);
      throw refused;
    }
  }

  /** Virtual servers first, so that there is something to find at a virtual address. */
  private void serve() {
    var problems = new ArrayList<>(router.map(VrrpRouter::obstacles).orElse(List.of()));
    if (problems.isEmpty()) {
      join(engine.add(configured));
    } else {
      // Nothing will come of it; what else is in the way is to be told too.
      try {
        join(engine.add(configured));
        join(engine.stopAccepting());
      } catch (StartException refused) {
        problems.addAll(refused.problems());
      }
      throw new StartException(problems);
    }
    try {
      router.ifPresent(VrrpRouter::start);
    } catch (RuntimeException refused) {
      join(engine.stopAccepting());
      throw refused;
    }
  }

  /**
   * Begins to serve another virtual server.
   *
   * @throws InvalidConfigurationException when it overlaps with one that is served, or the data
   *     plane can't do what it asks for
   * @throws StartException when the host stands in the way
   */
  public void add(VirtualServer virtualServer) {
    running();
    InvalidConfigurationException.throwIfAny(addressing.problems(List.of(virtualServer)));
    join(engine.add(List.of(addressing.following(virtualServer))));
  }

  /**
   * Puts a changed definition into force: settings hold for new connections, real servers that are
   * missing in it are removed, new ones are added, the others keep their state.
   *
   * @throws InvalidConfigurationException when the data plane can't do what it asks for
   * @throws NoSuchElementException when no such virtual server is served
   */
  public void update(VirtualServer virtualServer) {
    running();
    InvalidConfigurationException.throwIfAny(addressing.problems(List.of(virtualServer)));
    join(engine.update(addressing.following(virtualServer)));
  }

  /**
   * Stops accepting connections for a virtual server; open connections go on.
   *
   * @throws NoSuchElementException when no such virtual server is served
   */
  public void remove(VirtualServerId id) {
    running();
    join(engine.remove(id));
  }

  /**
   * Returns what keeps a configuration from taking the place of the present one: of these virtual
   * servers and these VRRP instances and sync groups, all at once. Changes nothing.
   */
  public List<Problem> problems(
      List<VirtualServer> virtualServers, List<VrrpInstance> instances, List<SyncGroup> groups) {
    running();
    var problems = new ArrayList<>(Admission.problems(virtualServers, plane));
    var next = new Addressing(instances);
    problems.addAll(next.problems(virtualServers));
    problems.addAll(next.problems(plane));
    if (!instances.isEmpty() || !groups.isEmpty()) {
      problems.addAll(routerBuilder(instances, groups).problems());
    }
    problems.addAll(QuorumReports.problems(instances, groups, virtualServers));
    return problems;
  }

  /**
   * Puts other VRRP instances and sync groups into force, all of them or nothing, as {@link
   * VrrpRouter#reconfigure} says; virtual servers follow the instances that hold their addresses
   * from now on. None at all ends VRRP.
   *
   * @throws InvalidConfigurationException with every problem there is; nothing has changed then
   * @throws StartException when the host stands in the way; nothing has changed then
   */
  public synchronized void vrrp(List<VrrpInstance> instances, List<SyncGroup> groups) {
    running();
    var next = new Addressing(instances);
    var served = join(engine.definitions());
    var problems = new ArrayList<>(next.problems(plane));
    problems.addAll(
        next.problems(served.stream().map(each -> next.following(each, addressing)).toList()));
    InvalidConfigurationException.throwIfAny(problems);
    var before = addressing;
    var present = router;
    if (instances.isEmpty() && groups.isEmpty()) {
      present.ifPresent(VrrpRouter::close);
      router = Optional.empty();
      quorum.detach();
    } else if (present.isPresent()) {
      present.get().reconfigure(instances, groups);
    } else {
      begin(routerBuilder(instances, groups));
    }
    addressing = next;
    for (var each : served) {
      var follower = next.following(each, before);
      if (!follower.vrrpInstance().equals(each.vrrpInstance())) {
        join(engine.update(follower));
      }
    }
  }

  private void begin(VrrpRouter.Builder vrrp) {
    InvalidConfigurationException.throwIfAny(vrrp.problems());
    var fresh = routerOf(vrrp, engine, quorum);
    try {
      fresh.start();
    } catch (RuntimeException refused) {
      quorum.detach();
      throw refused;
    }
    router = Optional.of(fresh);
  }

  private VrrpRouter.Builder routerBuilder(List<VrrpInstance> instances, List<SyncGroup> groups) {
    var vrrp = Builder.routerOf(instances, groups);
    hostNetwork.ifPresent(vrrp::hostNetwork);
    return vrrp;
  }

  /** Returns the handle of a virtual server, to change it while it is served. */
  public VirtualServerControl virtualServer(VirtualServer virtualServer) {
    return virtualServer(virtualServer.id());
  }

  /** Returns the handle of a virtual server, to change it while it is served. */
  public VirtualServerControl virtualServer(VirtualServerId id) {
    return new VirtualServerControl(this, id);
  }

  /**
   * Returns the handle of a real server, to change it while it serves.
   *
   * @param host an IP address, or a name that resolves to the one that was configured
   */
  public RealServerControl realServer(VirtualServer virtualServer, String host, int port) {
    return new RealServerControl(this, virtualServer.id(), RealServer.of(host, port).endpoint());
  }

  /** Returns the handle of a real server, to change it while it serves. */
  public RealServerControl realServer(VirtualServerId id, Endpoint realServer) {
    return new RealServerControl(this, id, realServer);
  }

  /** Returns the state of all virtual servers now. */
  public DirectorSnapshot snapshot() {
    running();
    return join(engine.snapshot());
  }

  /** Returns all VRRP instances as they are now, before the start and after the end too. */
  public List<VrrpSnapshot> vrrp() {
    return router.map(VrrpRouter::snapshot).orElse(List.of());
  }

  /**
   * Returns a VRRP instance as it is now, before the start and after the end too.
   *
   * @throws NoSuchElementException when there is none of this name
   */
  public VrrpSnapshot vrrp(String instance) {
    return router
        .flatMap(each -> each.snapshot(instance))
        .orElseThrow(() -> new NoSuchElementException("VRRP instance " + instance + ": not here"));
  }

  /** Returns all connections and sessions that are open now. */
  public List<ConnectionSnapshot> connections() {
    running();
    return plane.connections();
  }

  /**
   * Gives the virtual addresses up, stops accepting, waits until the last connection has ended or
   * the time is over, and closes. Connections at a virtual address go on until a successor has
   * taken it or one advertisement interval is over, and are reset then: nobody could send them
   * anything from here any more.
   *
   * @param grace how long open connections may take, 0 or more
   * @return how many connections were cut
   * @throws InterruptedException when interrupted while waiting; the director is closed all the
   *     same
   */
  public int shutdown(Duration grace) throws InterruptedException {
    running();
    try {
      int before = join(engine.connectionsReset());
      router.ifPresent(VrrpRouter::close);
      join(engine.stopAccepting());
      int reset = join(engine.connectionsReset()) - before;
      return reset + engine.idle(grace).get();
    } catch (ExecutionException failure) {
      throw new IllegalStateException("director: could not wait for its connections", failure);
    } finally {
      close();
    }
  }

  /**
   * Gives the virtual addresses up, then stops accepting, cuts all connections and ends all
   * threads. Further calls do nothing.
   */
  @Override
  public void close() {
    if (phase.getAndSet(Phase.CLOSED) == Phase.CLOSED) {
      return;
    }
    router.ifPresent(VrrpRouter::close);
    engine.close();
    health.close();
    plane.close();
  }

  /** Says whether the director was started and not yet closed. */
  public boolean isRunning() {
    return phase.get() == Phase.RUNNING;
  }

  Engine engine() {
    running();
    return engine;
  }

  private void running() {
    if (phase.get() != Phase.RUNNING) {
      throw new IllegalStateException("director: " + phase.get() + " (expected: RUNNING)");
    }
  }

  static <T extends @Nullable Object> T join(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException wrapped) {
      if (wrapped.getCause() instanceof RuntimeException cause) {
        cause.addSuppressed(new CallSite());
        throw cause;
      }
      throw wrapped;
    }
  }

  /** Shows where a call came from whose failure was found on the engine's thread. */
  private static final class CallSite extends Exception {
    private static final long serialVersionUID = 1L;

    CallSite() {
      super("called from here");
    }
  }

  /** Collects the settings of a director; not safe for use by several threads at once. */
  public static final class Builder {
    private final List<VirtualServer> virtualServers = new ArrayList<>();
    private final List<DirectorListener> listeners = new ArrayList<>();
    private final List<VrrpInstance> instances = new ArrayList<>();
    private final List<SyncGroup> syncGroups = new ArrayList<>();
    private @Nullable HostNetworkProvider hostNetwork;
    private @Nullable DataPlane plane;
    private boolean automatic;

    private Builder() {}

    /** Adds a virtual server. */
    public Builder virtualServer(VirtualServer virtualServer) {
      virtualServers.add(Objects.requireNonNull(virtualServer, "virtualServer"));
      return this;
    }

    /** Tells this listener of the events of all virtual servers. */
    public Builder listener(DirectorListener listener) {
      listeners.add(Objects.requireNonNull(listener, "listener"));
      return this;
    }

    /** Adds a VRRP instance: this host takes part in choosing who holds its virtual addresses. */
    public Builder vrrp(VrrpInstance instance) {
      instances.add(Objects.requireNonNull(instance, "instance"));
      return this;
    }

    /** Adds a sync group of VRRP instances that are added too. */
    public Builder syncGroup(SyncGroup group) {
      syncGroups.add(Objects.requireNonNull(group, "group"));
      return this;
    }

    /** Sets who opens the network of this host for VRRP; found by ServiceLoader if not. */
    public Builder hostNetwork(HostNetworkProvider provider) {
      this.hostNetwork = Objects.requireNonNull(provider, "provider");
      return this;
    }

    /** Sets what carries the connections; the proxy plane if not. The director will close it. */
    public Builder dataPlane(DataPlane plane) {
      this.plane = Objects.requireNonNull(plane, "plane");
      return this;
    }

    /**
     * Lets the director choose what carries the connections, unless {@link #dataPlane} says it: the
     * fastest plane that this host can have and that can do what the virtual servers ask for; see
     * {@link DataPlanes#auto(List)}.
     */
    public Builder automaticDataPlane() {
      this.automatic = true;
      return this;
    }

    /**
     * Returns a director at rest.
     *
     * @throws InvalidConfigurationException with every problem there is: overlapping virtual
     *     servers, what the data plane can't do, VRRP instances that are in each other's way
     */
    public Director build() {
      var carrier = carrier();
      var problems = new ArrayList<>(Admission.problems(virtualServers, carrier));
      problems.addAll(Admission.uncheckable(virtualServers, new MonitoredHealth()));
      var addressing = new Addressing(instances);
      problems.addAll(addressing.problems(virtualServers));
      problems.addAll(addressing.problems(carrier));
      var vrrp = instances.isEmpty() && syncGroups.isEmpty() ? null : router(problems);
      if (!problems.isEmpty()) {
        if (plane == null) {
          carrier.close();
        }
        throw new InvalidConfigurationException(problems);
      }
      return new Director(this, carrier, addressing, vrrp);
    }

    private DataPlane carrier() {
      if (plane != null) {
        return plane;
      }
      return automatic ? DataPlanes.auto(virtualServers) : ProxyDataPlane.builder().build();
    }

    private static VrrpRouter.Builder routerOf(
        List<VrrpInstance> instances, List<SyncGroup> groups) {
      var router = VrrpRouter.builder().expectReports().listener(new VrrpRecorder());
      instances.forEach(router::instance);
      groups.forEach(router::syncGroup);
      return router;
    }

    private VrrpRouter.Builder router(List<Problem> problems) {
      var router = routerOf(instances, syncGroups);
      if (hostNetwork != null) {
        router.hostNetwork(hostNetwork);
      }
      problems.addAll(router.problems());
      problems.addAll(QuorumReports.problems(instances, syncGroups, virtualServers));
      return router;
    }
  }
}
