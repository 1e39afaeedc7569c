package io.lvs4j.vrrp.router;

import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.Problem;
import io.lvs4j.api.StartException;
import io.lvs4j.api.host.HostNetworkProvider;
import io.lvs4j.api.loop.LoopSnapshot;
import io.lvs4j.api.vrrp.SyncGroup;
import io.lvs4j.api.vrrp.TrackerSource;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpListener;
import io.lvs4j.api.vrrp.VrrpSnapshot;
import io.lvs4j.vrrp.machine.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes part in VRRP for this host: holds virtual addresses while it is master of their instances,
 * and tells listeners of it.
 *
 * <pre>{@code
 * var vip = VrrpInstance.builder("VI_1").networkInterface("eth0").virtualRouterId(51).priority(150)
 *     .virtualAddress("192.168.0.200/24")
 *     .onMaster(event -> log.info("mine")).onBackup(event -> log.info("theirs"))
 *     .build();
 * try (var router = VrrpRouter.builder().instance(vip).build()) {
 *   router.start();
 *   ...
 * }
 * }</pre>
 *
 * <p>One platform thread does nothing but VRRP for all instances. Listeners, trackers and the log
 * have threads of their own, so that none of them delays an advert. All threads are daemons.
 *
 * <p>Thread-safe.
 */
public final class VrrpRouter implements AutoCloseable {
  private enum Phase {
    NEW,
    RUNNING,
    CLOSED
  }

  private RouterSettings settings;
  private final boolean reportsExpected;
  private final HostNetworkProvider provider;
  private final Duration slowListener;
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.NEW);
  private final Map<TrackerSource.Quorum, Reading> reports = new LinkedHashMap<>();
  private volatile List<Member> members;
  private volatile @Nullable RouterThread thread;

  private VrrpRouter(Builder builder, HostNetworkProvider provider) {
    this.settings =
        new RouterSettings(
            builder.instances, builder.syncGroups, builder.listeners, builder.observers);
    this.provider = provider;
    this.slowListener = builder.slowListener;
    this.reportsExpected = builder.reportsExpected;
    this.members = settings.members();
  }

  /** Begins a router. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Opens the network of this host and starts all instances, all or none. An instance whose
   * interface or source address is missing is started too: it is in FAULT until they come.
   *
   * @throws StartException with everything on this host that stood in the way, such as a privilege
   *     that is missing; nothing is left running, and the router may be started again
   * @throws IllegalStateException when it is running or closed
   */
  public void start() {
    if (!phase.compareAndSet(Phase.NEW, Phase.RUNNING)) {
      throw new IllegalStateException("VRRP router: " + phase.get() + " (expected: NEW)");
    }
    var fresh = settings.members();
    var started = new RouterThread(settings, fresh, provider, slowListener);
    members = fresh;
    synchronized (reports) {
      thread = started;
      reports.forEach(started::report);
    }
    try {
      started.start();
    } catch (RuntimeException refused) {
      thread = null;
      phase.compareAndSet(Phase.RUNNING, Phase.NEW);
      throw refused;
    }
  }

  /**
   * Puts another configuration into force while the router runs, all of it or nothing. An instance
   * that keeps its name, interface, virtual router id and version stays what it is, with its
   * counters, and goes by its new settings from the next advert on; a master takes up and gives up
   * the addresses that are other ones. Instances that are new begin, those that are missing give
   * their addresses up and end. What is the same notices nothing.
   *
   * @param instances all that there are to be, at least one
   * @param groups all sync groups
   * @throws InvalidConfigurationException with every problem there is; nothing has changed then
   * @throws StartException when the host stands in the way; nothing has changed then
   * @throws IllegalStateException when it is not running
   */
  public synchronized void reconfigure(List<VrrpInstance> instances, List<SyncGroup> groups) {
    InvalidConfigurationException.throwIfAny(problems(instances, groups));
    var running = thread;
    if (phase.get() != Phase.RUNNING || running == null) {
      throw new IllegalStateException("VRRP router: " + phase.get() + " (expected: RUNNING)");
    }
    var next = settings.with(instances, groups);
    members = running.reconfigure(next);
    settings = next;
    synchronized (reports) {
      // Trackers that are new have not heard of what was told before.
      reports.forEach(running::report);
    }
  }

  /** Returns every problem for which {@link #reconfigure} would refuse these. */
  public List<Problem> problems(List<VrrpInstance> instances, List<SyncGroup> groups) {
    return RouterChecks.of(instances, groups, slowListener, reportsExpected);
  }

  /**
   * Returns what is odd but allowed about these, which the router's log says when it starts: of
   * each instance, of each group, and of all of them together.
   */
  public static List<Problem> warnings(List<VrrpInstance> instances, List<SyncGroup> groups) {
    return RouterChecks.warnings(instances, groups);
  }

  /** Returns all instances as they are now. May be called before the start and after the end. */
  public List<VrrpSnapshot> snapshot() {
    return members.stream().map(Member::snapshot).toList();
  }

  /** Returns an instance as it is now; empty when there is none of this name. */
  public Optional<VrrpSnapshot> snapshot(String instance) {
    return members.stream()
        .filter(member -> member.name().equals(instance))
        .map(Member::snapshot)
        .findFirst();
  }

  /**
   * Tells what became of the quorum of virtual servers; for the director that runs this router.
   * What is told before the start is taken up by it.
   *
   * @param source what trackers look at
   * @param good whether there is quorum
   * @param reason why not
   */
  public void report(TrackerSource.Quorum source, boolean good, String reason) {
    Reading reading = good ? new Reading.Good() : new Reading.Bad(reason);
    synchronized (reports) {
      reports.put(source, reading);
      var running = thread;
      if (running != null) {
        running.report(source, reading);
      }
    }
  }

  /**
   * Keeps an instance from being master for as long as it would hold its addresses for nothing: it
   * is in FAULT with this reason. For the director that runs this router; forgotten at the end.
   *
   * @param instance its name; of one that isn't there nothing happens
   * @param reason why; empty when it may be master again
   */
  public void serviceFault(String instance, Optional<String> reason) {
    var running = thread;
    if (running != null) {
      running.serviceFault(instance, reason);
    }
  }

  /**
   * Returns what of this host would keep the router from starting; empty when nothing would. Sends
   * nothing and holds nothing.
   */
  public List<Problem> obstacles() {
    return RouterThread.obstacles(settings, provider);
  }

  /**
   * Says whether it was started, is not yet closed, and does its work. One that is broken for good
   * has released its addresses, and its instances are in FAULT; it can only be closed.
   */
  public boolean isRunning() {
    var running = thread;
    return phase.get() == Phase.RUNNING && running != null && running.isRunning();
  }

  /**
   * Returns the thread that does the VRRP work as it is now, for the director that runs this
   * router: one that is not alive is broken for good. None before the start and once it is closed.
   * Waits for nothing.
   */
  public List<LoopSnapshot> loops() {
    var running = thread;
    if (running == null) {
      return List.of();
    }
    var loops = running.loops();
    // Closing says so before it ends the thread: what has ended of that is no news.
    return phase.get() == Phase.RUNNING ? loops : List.of();
  }

  /**
   * Gives the virtual addresses up and ends: sends the last adverts, takes the addresses off, tells
   * the listeners, and returns when they have been told (those that take longer than 10 s are not
   * waited for). Further calls do nothing.
   */
  @Override
  public void close() {
    phase.set(Phase.CLOSED);
    var running = thread;
    if (running != null) {
      running.close();
    }
  }

  /** Collects the settings of a router; not safe for use by several threads at once. */
  public static final class Builder {
    private final List<VrrpInstance> instances = new ArrayList<>();
    private final List<SyncGroup> syncGroups = new ArrayList<>();
    private final List<VrrpListener> listeners = new ArrayList<>();
    private final List<Consumer<? super VrrpEvent>> observers = new ArrayList<>();
    private Duration slowListener = Duration.ofSeconds(1);
    private boolean reportsExpected;
    private @Nullable HostNetworkProvider provider;

    private Builder() {}

    /** Adds an instance. */
    public Builder instance(VrrpInstance instance) {
      instances.add(Objects.requireNonNull(instance, "instance"));
      return this;
    }

    /** Adds a sync group of instances that are added too. */
    public Builder syncGroup(SyncGroup group) {
      syncGroups.add(Objects.requireNonNull(group, "group"));
      return this;
    }

    /** Tells this listener of the events of all instances and sync groups. */
    public Builder listener(VrrpListener listener) {
      listeners.add(Objects.requireNonNull(listener, "listener"));
      return this;
    }

    /**
     * Tells this observer of all events at once, on the router's own thread: it must not block, for
     * it would delay adverts.
     */
    public Builder observer(Consumer<? super VrrpEvent> observer) {
      observers.add(Objects.requireNonNull(observer, "observer"));
      return this;
    }

    /** Allows trackers of quorum, of which {@link VrrpRouter#report} will tell. */
    public Builder expectReports() {
      this.reportsExpected = true;
      return this;
    }

    /** Sets after what time a busy listener is told of by a warning: 1 ms to 1 h; 1 s if not. */
    public Builder slowListener(Duration time) {
      this.slowListener = Objects.requireNonNull(time, "time");
      return this;
    }

    /** Sets who opens the network of this host; found by ServiceLoader if not. */
    public Builder hostNetwork(HostNetworkProvider provider) {
      this.provider = Objects.requireNonNull(provider, "provider");
      return this;
    }

    /**
     * Returns a router at rest.
     *
     * @throws InvalidConfigurationException with every problem there is: instances that are in each
     *     other's way, groups with unknown members, no host network
     */
    public VrrpRouter build() {
      InvalidConfigurationException.throwIfAny(problems());
      return new VrrpRouter(this, provider().orElseThrow());
    }

    /** Returns every problem for which {@link #build} would throw. */
    public List<Problem> problems() {
      var problems =
          new ArrayList<>(RouterChecks.of(instances, syncGroups, slowListener, reportsExpected));
      if (provider().isEmpty()) {
        problems.add(Providers.missing());
      }
      return problems;
    }

    private Optional<HostNetworkProvider> provider() {
      return provider != null ? Optional.of(provider) : Providers.find();
    }
  }
}
