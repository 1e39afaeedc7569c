package io.lvs4j.core;

import io.lvs4j.api.ConnectionSnapshot;
import io.lvs4j.api.DirectorListener;
import io.lvs4j.api.DirectorSnapshot;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.LvsException;
import io.lvs4j.api.Problem;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.StartException;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.host.HostNetworkProvider;
import io.lvs4j.api.loop.LoopFaults;
import io.lvs4j.api.loop.LoopLogger;
import io.lvs4j.api.loop.LoopSnapshot;
import io.lvs4j.api.plane.DataPlane;
import io.lvs4j.api.vrrp.SyncGroup;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpSnapshot;
import io.lvs4j.core.engine.Admission;
import io.lvs4j.core.engine.Engine;
import io.lvs4j.core.event.VrrpRecorder;
import io.lvs4j.core.proxy.ProxyDataPlane;
import io.lvs4j.vrrp.router.VrrpRouter;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
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
  private static final LoopLogger LOG = LoopLogger.unbounded("io.lvs4j.director");

  private enum Phase {
    NEW,
    STARTING,
    RUNNING,
    STOPPING,
    STOPPED,
    CLOSED
  }

  private final LoopFaults faults = new LoopFaults("director", LOG);
  private volatile @Nullable LoopWatch watch;
  private volatile @Nullable LoopSnapshot endedLoop;

  private final List<DirectorListener> listeners;
  private final Optional<HostNetworkProvider> hostNetwork;
  private final Duration closeGrace;
  private final Planes planes;
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.NEW);
  // Starts, stops and changes of VRRP, one at a time. Whoever ends the director says so in the
  // phase
  // first and then waits for the lock: what such a change has begun is there to be ended.
  private final ReentrantLock lifecycle = new ReentrantLock();
  private volatile boolean closing;
  private volatile Addressing addressing;
  private volatile List<VirtualServer> configured;
  private volatile List<VrrpInstance> instances;
  private volatile List<SyncGroup> syncGroups;
  private volatile Optional<VrrpRouter> router;
  private volatile @Nullable Serving serving;

  private Director(Builder builder, Planes planes) {
    this.listeners = List.copyOf(builder.listeners);
    this.hostNetwork = Optional.ofNullable(builder.hostNetwork);
    this.closeGrace = builder.closeGrace;
    this.planes = planes;
    this.addressing = new Addressing(builder.instances);
    this.configured = List.copyOf(builder.virtualServers);
    this.instances = List.copyOf(builder.instances);
    this.syncGroups = List.copyOf(builder.syncGroups);
    this.router = hasVrrp() ? Optional.of(router(instances, syncGroups)) : Optional.empty();
  }

  private boolean hasVrrp() {
    return !instances.isEmpty() || !syncGroups.isEmpty();
  }

  /** Returns a router that virtual servers follow. */
  private VrrpRouter router(List<VrrpInstance> instances, List<SyncGroup> groups) {
    return routerBuilder(instances, groups, hostNetwork).observer(this::heard).build();
  }

  private void heard(VrrpEvent event) {
    var present = serving;
    if (present == null) {
      return;
    }
    switch (event) {
      case VrrpEvent.Master master -> present.engine().master(master.name(), true);
      case VrrpEvent.Backup backup -> present.engine().master(backup.name(), false);
      case VrrpEvent.Fault fault -> present.engine().master(fault.name(), false);
      case VrrpEvent.Stopped stopped -> present.engine().master(stopped.name(), false);
      default -> {
        // It is who it was.
      }
    }
  }

  /** Begins a director. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Begins to serve the configured virtual servers, all or none, and returns when connections are
   * accepted. After {@link #stop} and {@link #close} it begins anew, with the configuration that
   * was in force then; all counters begin at 0.
   *
   * @throws StartException with everything on this host that stood in the way; nothing is left
   *     running, and the director may be started again
   * @throws IllegalStateException when it is running, when it is closed by another thread
   *     meanwhile, or when it was closed together with a data plane that {@link
   *     Builder#dataPlane(DataPlane)} had given to it
   */
  public void start() {
    lifecycle.lock();
    try {
      var before = phase.get();
      if (before == Phase.STARTING || before == Phase.RUNNING || before == Phase.STOPPING) {
        throw new IllegalStateException("director: " + before + " (expected: NEW or STOPPED)");
      }
      var fresh = new Serving(planes.open(configured), listeners);
      if (!phase.compareAndSet(before, Phase.STARTING)) {
        fresh.close();
        planes.release(true);
        fresh.awaitListeners(Duration.ZERO);
        throw new IllegalStateException("director: closed by another thread while it started");
      }
      endedLoop = null;
      try {
        serve(fresh);
        watch = new LoopWatch(() -> loopsOf(fresh), loop -> ended(fresh, loop));
      } catch (RuntimeException | Error refused) {
        serving = null;
        fresh.takeBack();
        fresh.vacate();
        fresh.close();
        planes.release(false);
        fresh.awaitListeners(Duration.ZERO);
        phase.compareAndSet(Phase.STARTING, before == Phase.NEW ? Phase.NEW : Phase.STOPPED);
        throw refused;
      }
      LOG.log(Level.INFO, "director started: " + text(fresh));
      if (!phase.compareAndSet(Phase.STARTING, Phase.RUNNING)) {
        // Whoever said so waits for the lock, to end what has just begun.
        throw new IllegalStateException("director: closed by another thread while it started");
      }
    } finally {
      lifecycle.unlock();
    }
  }

  private String text(Serving fresh) {
    var vrrp = instances.isEmpty() ? "" : "; " + count(instances.size(), "VRRP instance");
    return configured.isEmpty()
        ? "no virtual server" + vrrp
        : count(configured.size(), "virtual server")
            + ", data plane "
            + fresh.plane().description()
            + vrrp;
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  /** Virtual servers first, so that there is something to find at a virtual address. */
  private void serve(Serving fresh) {
    var next =
        hasVrrp() ? Optional.of(router(instances, syncGroups)) : Optional.<VrrpRouter>empty();
    var problems = new ArrayList<>(next.map(VrrpRouter::obstacles).orElse(List.of()));
    next.ifPresent(fresh.quorum()::attach);
    router = next;
    serving = fresh;
    try {
      join(fresh.engine().add(configured.stream().map(addressing::following).toList()));
    } catch (StartException refused) {
      // Everything that is in the way is to be reported, not only the first.
      problems.addAll(refused.problems());
    }
    if (!problems.isEmpty()) {
      throw new StartException(problems);
    }
    try {
      next.ifPresent(VrrpRouter::start);
    } catch (LvsException refused) {
      throw (LvsException) refused.fillInStackTrace();
    }
    join(fresh.engine().confirm());
  }

  /**
   * Begins to serve another virtual server.
   *
   * @throws InvalidConfigurationException when it overlaps with one that is served, or the data
   *     plane can't do what it asks for
   * @throws StartException when the host stands in the way
   */
  public void add(VirtualServer virtualServer) {
    var present = running();
    InvalidConfigurationException.throwIfAny(addressing.problems(List.of(virtualServer)));
    join(present.engine().add(List.of(addressing.following(virtualServer))));
  }

  /**
   * Puts a changed definition into force: settings hold for new connections, real servers that are
   * missing in it are removed, new ones are added, the others keep their state.
   *
   * @throws InvalidConfigurationException when the data plane can't do what it asks for
   * @throws NoSuchElementException when no such virtual server is served
   */
  public void update(VirtualServer virtualServer) {
    var present = running();
    InvalidConfigurationException.throwIfAny(addressing.problems(List.of(virtualServer)));
    join(present.engine().update(addressing.following(virtualServer)));
  }

  /**
   * Stops accepting connections for a virtual server; open connections go on.
   *
   * @throws NoSuchElementException when no such virtual server is served
   */
  public void remove(VirtualServerId id) {
    join(running().engine().remove(id));
  }

  /**
   * Returns what keeps a configuration from taking the place of the present one: of these virtual
   * servers and these VRRP instances and sync groups, all at once, and what this host lacks for
   * them. Changes nothing.
   */
  public List<Problem> problems(
      List<VirtualServer> virtualServers, List<VrrpInstance> instances, List<SyncGroup> groups) {
    var plane = running().plane();
    var problems = problems(virtualServers, instances, groups, plane, hostNetwork);
    problems.addAll(join(plane.obstacles(virtualServers).toCompletableFuture()));
    return problems;
  }

  /** Makes every check there is, for a director that is built and for one that runs. */
  private static List<Problem> problems(
      List<VirtualServer> virtualServers,
      List<VrrpInstance> instances,
      List<SyncGroup> groups,
      DataPlane plane,
      Optional<HostNetworkProvider> hostNetwork) {
    var problems = new ArrayList<>(Admission.problems(virtualServers, plane));
    problems.addAll(Admission.uncheckable(virtualServers, new MonitoredHealth()));
    var addressing = new Addressing(instances);
    problems.addAll(addressing.problems(virtualServers));
    problems.addAll(addressing.problems(plane));
    if (!instances.isEmpty() || !groups.isEmpty()) {
      problems.addAll(routerBuilder(instances, groups, hostNetwork).problems());
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
   * @throws IllegalStateException when the director is closed meanwhile; nothing of this outlives
   *     it
   */
  public void vrrp(List<VrrpInstance> instances, List<SyncGroup> groups) {
    lifecycle.lock();
    try {
      var present = running();
      var served = join(present.engine().definitions());
      var next = new Addressing(instances);
      var followers = served.stream().map(each -> next.following(each, addressing)).toList();
      InvalidConfigurationException.throwIfAny(problems(followers, instances, groups));
      changeVrrp(instances, groups, served, present);
      // close() waits for the lock, and ends what has just begun.
      running();
    } finally {
      lifecycle.unlock();
    }
  }

  /**
   * Returns which privileges this process lacks for what is configured, each with the remedy: what
   * {@link #start} would find, as far as it can be told beforehand. Changes nothing.
   */
  public List<Problem> missingPrivileges() {
    var plane = planes.open(configured);
    return configured.stream().flatMap(each -> plane.missingPrivileges(each).stream()).toList();
  }

  /**
   * Puts another configuration into force as a whole: these virtual servers, VRRP instances and
   * sync groups, all of it or nothing. Everything is checked before anything is touched. What is
   * new begins before what is missing ends, so that nothing is out meanwhile; what is the same
   * notices nothing. If the host refuses, what has begun is taken back.
   *
   * @throws InvalidConfigurationException with every problem there is; nothing has changed then
   * @throws StartException when the host stands in the way; it is as it was then
   */
  public void reconfigure(
      List<VirtualServer> virtualServers, List<VrrpInstance> instances, List<SyncGroup> groups) {
    lifecycle.lock();
    try {
      InvalidConfigurationException.throwIfAny(problems(virtualServers, instances, groups));
      new Reconfiguration(this, running(), virtualServers, instances, groups).apply();
      running();
    } finally {
      lifecycle.unlock();
    }
  }

  List<VrrpInstance> instances() {
    return instances;
  }

  List<SyncGroup> syncGroups() {
    return syncGroups;
  }

  Addressing addressing() {
    return addressing;
  }

  void changeVrrp(
      List<VrrpInstance> nextInstances,
      List<SyncGroup> nextGroups,
      List<VirtualServer> served,
      Serving present) {
    var next = new Addressing(nextInstances);
    var before = addressing;
    var running = router;
    if (nextInstances.isEmpty() && nextGroups.isEmpty()) {
      running.ifPresent(VrrpRouter::close);
      router = Optional.empty();
      present.quorum().detach();
    } else if (running.isPresent()) {
      running.get().reconfigure(nextInstances, nextGroups);
    } else {
      begin(nextInstances, nextGroups, present);
    }
    addressing = next;
    instances = List.copyOf(nextInstances);
    syncGroups = List.copyOf(nextGroups);
    for (var each : served) {
      var follower = next.following(each, before);
      if (!follower.vrrpInstances().equals(each.vrrpInstances())) {
        join(present.engine().update(follower));
      }
    }
  }

  private void begin(List<VrrpInstance> instances, List<SyncGroup> groups, Serving present) {
    var fresh = router(instances, groups);
    present.quorum().attach(fresh);
    try {
      fresh.start();
    } catch (LvsException refused) {
      present.quorum().detach();
      throw (LvsException) refused.fillInStackTrace();
    }
    router = Optional.of(fresh);
    if (endedLoop != null) {
      // Whoever found that has looked for a router before there was this one.
      fresh.close();
    }
  }

  private static VrrpRouter.Builder routerBuilder(
      List<VrrpInstance> instances,
      List<SyncGroup> groups,
      Optional<HostNetworkProvider> hostNetwork) {
    var vrrp = VrrpRouter.builder().expectReports().listener(new VrrpRecorder());
    instances.forEach(vrrp::instance);
    groups.forEach(vrrp::syncGroup);
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
    var present = present();
    var servers = join(present.engine().snapshot()).virtualServers();
    return new DirectorSnapshot(servers, loops(present));
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
    return present().plane().connections();
  }

  /**
   * Stops serving, as {@link #close} does, but leaves a data plane open that was given to it:
   * {@link #start} begins anew. Does nothing unless the director runs.
   */
  public void stop() {
    endWithin(closeGrace, false);
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
    return end(Optional.of(grace), true);
  }

  /**
   * Gives the virtual addresses up, stops accepting, lets open connections and sessions end for as
   * long as {@link Builder#closeGrace} says, then cuts what is left and ends all threads. Listeners
   * have heard of everything when it returns, but for those that need longer than the grace period
   * and 10 s. Changes that are under way on other threads are undone or fail. Further calls do
   * nothing.
   */
  @Override
  public void close() {
    endWithin(closeGrace, true);
  }

  private void endWithin(Duration grace, boolean forGood) {
    try {
      // Without a grace period nothing is taken apart first: a plane may be meant to go on alone.
      var _ = end(grace.isZero() && forGood ? Optional.empty() : Optional.of(grace), forGood);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }

  private int end(Optional<Duration> grace, boolean forGood) throws InterruptedException {
    if (forGood) {
      closing = true;
    }
    for (var before = phase.get(); ; before = phase.get()) {
      if (before == Phase.STOPPING) {
        // Another thread is at it, and closes for good if that is asked for by now.
        return 0;
      }
      if (phase.compareAndSet(before, Phase.STOPPING)) {
        break;
      }
    }
    lifecycle.lock();
    try {
      return end(grace);
    } finally {
      var ended = serving;
      serving = null;
      planes.release(closing);
      if (ended != null) {
        ended.awaitListeners(grace.orElse(Duration.ZERO));
      }
      phase.set(closing ? Phase.CLOSED : Phase.STOPPED);
      closing = false;
      lifecycle.unlock();
    }
  }

  private int end(Optional<Duration> grace) throws InterruptedException {
    var looking = watch;
    if (looking != null) {
      looking.close();
    }
    var present = serving;
    if (present == null) {
      return 0;
    }
    try {
      configured = join(present.engine().definitions());
    } catch (RuntimeException failed) {
      LOG.log(
          Level.ERROR,
          "director: another start begins with the configuration of the last one",
          failed);
    }
    try {
      int before = join(present.engine().connectionsReset());
      router.ifPresent(VrrpRouter::close);
      if (grace.isEmpty()) {
        LOG.log(Level.INFO, "director stopped");
        return 0;
      }
      int open = present.leave(grace.get());
      int cut = open + join(present.engine().connectionsReset()) - before;
      LOG.log(Level.INFO, "director stopped; " + count(cut, "connection") + " cut");
      return cut;
    } finally {
      router.ifPresent(VrrpRouter::close);
      if (!closing) {
        present.vacate();
      }
      present.close();
    }
  }

  /**
   * Returns the threads that the director can't do without, as they are now: whether each lives and
   * keeps up, and what it has survived; none before the start and after the end. Waits for none of
   * them.
   */
  public List<LoopSnapshot> loops() {
    var present = serving;
    return present == null ? List.of() : loops(present);
  }

  private List<LoopSnapshot> loops(Serving present) {
    var loops = loopsOf(present);
    var ended = endedLoop;
    // VRRP is closed by now, and its thread has gone with it: it stays on the list all the same.
    if (ended != null && loops.stream().noneMatch(loop -> loop.name().equals(ended.name()))) {
      loops.add(ended);
    }
    return loops;
  }

  private List<LoopSnapshot> loopsOf(Serving present) {
    var loops = new ArrayList<>(present.engine().loops());
    router.map(VrrpRouter::loops).ifPresent(loops::addAll);
    return loops;
  }

  /** Whoever serves nothing must not hold an address that others could serve. */
  private void ended(Serving present, LoopSnapshot loop) {
    endedLoop = loop;
    LOG.log(
        Level.ERROR,
        () ->
            "thread "
                + loop.name()
                + " has ended; the director no longer runs and gives its virtual addresses up"
                + (loop.lastFault().isEmpty() ? "" : "; its last fault: " + loop.lastFault()));
    faults.guard("telling of it", () -> present.engine().loopEnded(loop));
    faults.guard("closing VRRP", () -> router.ifPresent(VrrpRouter::close));
  }

  /**
   * Returns whether the director was started and not yet stopped or closed, and all its threads are
   * there. A thread that has ended of a fault is noticed within a second; {@link
   * DirectorListener#onLoopEnded} tells of it.
   */
  public boolean isRunning() {
    return phase.get() == Phase.RUNNING && endedLoop == null;
  }

  Engine engine() {
    return running().engine();
  }

  /** Returns what can be changed. */
  private Serving running() {
    var now = phase.get();
    var present = serving;
    if (present == null || (now != Phase.STARTING && now != Phase.RUNNING)) {
      throw new IllegalStateException("director: " + now + " (expected: RUNNING)");
    }
    return present;
  }

  /** Returns what can be looked at, until the last connection has ended. */
  private Serving present() {
    var present = serving;
    if (present == null) {
      throw new IllegalStateException("director: " + phase.get() + " (expected: RUNNING)");
    }
    return present;
  }

  /**
   * Waits for what was asked of the engine. A refusal has the caller's stack: where the engine
   * found it says nothing.
   */
  static <T extends @Nullable Object> T join(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException wrapped) {
      switch (wrapped.getCause()) {
        case LvsException refused -> throw (LvsException) refused.fillInStackTrace();
        case NoSuchElementException missing ->
            throw (NoSuchElementException) missing.fillInStackTrace();
        case RuntimeException failure -> {
          failure.setStackTrace(across(failure.getStackTrace()));
          throw failure;
        }
        case null, default -> throw wrapped;
      }
    }
  }

  /** Returns how it came to a failure on the engine's thread, and then how it came to this call. */
  private static StackTraceElement[] across(StackTraceElement[] engine) {
    int last = engine.length;
    while (last > 0 && !engine[last - 1].getClassName().startsWith("io.lvs4j.")) {
      last--;
    }
    var there = Arrays.stream(engine, 0, last);
    var here = Arrays.stream(new Throwable().getStackTrace()).skip(2);
    return Stream.concat(there, here).toArray(StackTraceElement[]::new);
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
    private Duration closeGrace = Duration.ZERO;

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

    /**
     * Sets what carries the connections; the proxy plane if not. The director will close it: a
     * director that is closed can't be started again then, one that is stopped can.
     */
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
     * Sets for how long {@link Director#close} and {@link Director#stop} let open connections and
     * UDP sessions go on, 0 or more; 0 if not set: they are cut at once. A UDP session ends when
     * its client has been silent for the idle timeout, so with UDP clients about it takes all of
     * the time.
     */
    public Builder closeGrace(Duration grace) {
      if (grace.isNegative()) {
        throw new IllegalArgumentException("close grace: " + grace + " (expected: 0s or more)");
      }
      this.closeGrace = grace;
      return this;
    }

    /**
     * Returns a director at rest: it has no thread and no socket yet.
     *
     * @throws InvalidConfigurationException with every problem there is: overlapping virtual
     *     servers, what the data plane can't do, VRRP instances that are in each other's way
     */
    public Director build() {
      var planes = planes();
      var carrier = planes.open(virtualServers);
      var problems =
          problems(
              virtualServers, instances, syncGroups, carrier, Optional.ofNullable(hostNetwork));
      if (!problems.isEmpty()) {
        planes.release(false);
        throw new InvalidConfigurationException(problems);
      }
      return new Director(this, planes);
    }

    private Planes planes() {
      if (plane != null) {
        return Planes.given(plane);
      }
      return Planes.opened(
          automatic ? DataPlanes::auto : servers -> ProxyDataPlane.builder().build());
    }
  }
}
