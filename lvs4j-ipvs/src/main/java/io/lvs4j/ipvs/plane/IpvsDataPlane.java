package io.lvs4j.ipvs.plane;

import io.lvs4j.api.ConnectionSnapshot;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.Problem;
import io.lvs4j.api.Ranges;
import io.lvs4j.api.StartException;
import io.lvs4j.api.Traffic;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.plane.DataPlane;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.api.plane.ServiceCounters;
import io.lvs4j.ipvs.client.IpvsClient;
import io.lvs4j.ipvs.client.IpvsException;
import io.lvs4j.ipvs.client.IpvsTimeouts;
import io.lvs4j.ipvs.client.ServiceKey;
import io.lvs4j.ipvs.plane.CountedServices.Counted;
import io.lvs4j.linux.kernel.NativeKernel;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The data plane that the Linux kernel is: its own IPVS, programmed as keepalived and ipvsadm do
 * it. Packets never reach the JVM, and go on when it ends.
 *
 * <p><b>Needs</b> the module ip_vs and CAP_NET_ADMIN in the initial user namespace; works on the
 * network namespace of the thread that opens it.
 *
 * <p><b>The table is the kernel's.</b> A virtual server that is found there, left by an earlier
 * life or made by hand, is taken over: what is right stays untouched, what isn't is changed in
 * place. A real server that stays is never deleted, so its connections live. Services of others are
 * left alone unless {@link Builder#foreignServices} says otherwise; those that this director has
 * left when it was killed, and that are configured no more, are among them. What others change is
 * found by a look every {@link Builder#reconcileEvery}.
 *
 * <p><b>Connections.</b> The kernel can't close one. A real server that is removed, because it is
 * down or by the API, gets no more packets at once, established connections' too: they are dropped
 * until they time out, or end with a reset where sysctl net.ipv4.vs.expire_nodest_conn is 1, and
 * they go on if the server comes back within about two minutes. To let them end, {@code drain} it,
 * or let it stay with {@code inhibitOnFailure}. A virtual server that is removed gets no new
 * connections and is deleted when its last one has ended. {@link #close} deletes all at once,
 * unless {@link Builder#leaveOnClose}.
 *
 * <p><b>Draining.</b> Persistent clients keep coming to a server of weight 0 unless sysctl
 * net.ipv4.vs.expire_quiescent_template is 1. Where they do, a drain waits for them too: until the
 * persistence of the last one has timed out, or for its deadline. A session of UDP stays on its
 * server for as long as its client speaks, and ends by the kernel's UDP timeout (5 min); one that
 * is left at the deadline moves to another server where expire_nodest_conn is 1, and is dropped
 * until it times out where it is 0.
 *
 * <p><b>Counters</b> are as old as the last look, at most (2 s, if not set otherwise), and the
 * kernel's totals 2 s more; bytes are those of IP packets. Of a server that is being drained, they
 * are read every 200 ms.
 */
public final class IpvsDataPlane implements DataPlane {
  static final String NAME = "ipvs";

  /** Others that work on the table are looked for at each so many looks. */
  private static final int LOOKS_A_CENSUS = 3;

  private static final Logger LOG = System.getLogger("io.lvs4j.ipvs");
  private static final ServiceCounters NO_COUNTERS = new ServiceCounters(Map.of(), Traffic.NONE);

  private final KernelTable table;
  private final IpvsTimeouts timeouts;
  private final TimeoutsKeeper timeoutsKeeper;
  private final Optional<TablePresence> presence;
  private final boolean leaveOnClose;
  private final PlaneLog log = new PlaneLog(System::nanoTime);
  private final CountedServices counted;
  private final TableKeeper keeper;
  private final Optional<SyncFollower> sync;
  private final SettingsKeeper settings;
  private final PlaneThread thread;
  private final Map<VirtualServerId, VirtualServer> definitions = new ConcurrentHashMap<>();
  private final ConnectionList connections = new ConnectionList();

  /** The kernel's schedulers and persistence engines that were found; on the plane's thread. */
  private final Set<String> present = new HashSet<>();

  private int looks;
  private final AtomicBoolean closed = new AtomicBoolean();

  private IpvsDataPlane(
      Builder builder,
      KernelTable table,
      Path sysctls,
      TimeoutsKeeper timeoutsKeeper,
      Optional<TablePresence> presence) {
    this.table = table;
    this.presence = presence;
    this.timeouts = builder.timeouts.orElse(Builder.USUAL);
    this.timeoutsKeeper = timeoutsKeeper;
    this.leaveOnClose = builder.leaveOnClose;
    this.counted = new CountedServices(table, System::nanoTime, new QuiescedClients(sysctls)::stay);
    this.keeper = new TableKeeper(table, counted, log);
    this.settings = new SettingsKeeper(sysctls, builder.setKernelSettings, log);
    this.sync = builder.sync.map(wanted -> new SyncFollower(table, wanted, log));
    var look =
        new TableLook(
            table,
            keeper,
            counted,
            builder.foreignServices,
            builder.foreignEdits,
            builder.listener,
            log);
    this.thread =
        new PlaneThread(
            keeper, look, log, builder.period, connections::find, this::beforeLook, this::end);
    thread.start();
  }

  private void beforeLook() {
    sync.ifPresent(SyncFollower::settle);
    if (looks++ % LOOKS_A_CENSUS == 0) {
      census();
    }
  }

  /** Looks who else works on the table, and says so of each. */
  private SortedSet<Long> census() {
    SortedSet<Long> others = presence.map(TablePresence::others).orElseGet(TreeSet::new);
    for (var other : others) {
      log.repeat(
          Level.WARNING,
          "director " + other,
          () ->
              "another director, process "
                  + other
                  + ", works on the table of this network namespace: where both have the same"
                  + " virtual server, each undoes what the other changes");
    }
    return others;
  }

  /**
   * Opens the plane with its defaults, in the network namespace of the calling thread.
   *
   * @throws StartException when this kernel has no IPVS or the privilege is missing, with the
   *     remedy
   */
  public static IpvsDataPlane open() {
    return builder().open();
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Problem> unsupported(VirtualServer definition) {
    return Unsupported.of(definition, timeouts);
  }

  /** Asks the kernel for the schedulers and persistence engines, and loads their modules. */
  @Override
  public CompletionStage<List<Problem>> obstacles(List<VirtualServer> definitions) {
    return call(() -> {
      var problems = new ArrayList<Problem>();
      for (var definition : definitions) {
        var settings = Translation.settings(definition);
        var scheduler = settings.scheduler().name();
        var subject = "virtual server " + definition.id();
        if (!has(scheduler, Optional.empty())) {
          problems.add(
              new Problem(
                  subject + ": scheduler",
                  scheduler + ", which this kernel doesn't have",
                  "modprobe ip_vs_" + scheduler + ", or another one"));
        } else if (settings.persistenceEngine().isPresent()
            && !has(scheduler, settings.persistenceEngine())) {
          var engine = settings.persistenceEngine().get();
          problems.add(
              new Problem(
                  subject + ": persistence engine",
                  engine + ", which this kernel doesn't have",
                  "modprobe ip_vs_pe_" + engine + ", or another one"));
        }
      }
      return problems;
    });
  }

  private boolean has(String scheduler, Optional<String> engine) throws IpvsException {
    var wanted = scheduler + engine.map(name -> " " + name).orElse("");
    if (present.contains(wanted)) {
      return true;
    }
    boolean has = table.has(scheduler, engine);
    if (has) {
      present.add(wanted);
    }
    return has;
  }

  @Override
  public CompletionStage<Map<VirtualServerId, Set<Endpoint>>> expect(
      List<VirtualServer> definitions) {
    return call(() -> {
      var ids = new HashMap<ServiceKey, VirtualServerId>();
      definitions.forEach(each -> ids.put(Translation.key(each.id()), each.id()));
      var found = new HashMap<VirtualServerId, Set<Endpoint>>();
      keeper
          .expect(ids.keySet())
          .forEach((key, serving) ->
              found.put(
                  Objects.requireNonNull(ids.get(key)),
                  serving.stream()
                      .map(each -> Translation.endpoint(each.key()))
                      .collect(Collectors.toUnmodifiableSet())));
      thread.beginLooks();
      return found;
    });
  }

  /** Asks something of the table, on the plane's thread. */
  private <T> CompletableFuture<T> call(Question<T> question) {
    var answer = new CompletableFuture<T>();
    var _ =
        post(
                done -> {
                  try {
                    answer.complete(question.answer());
                  } catch (IpvsException refused) {
                    answer.completeExceptionally(KernelRefusals.of(NAME + " data plane", refused));
                  }
                  done.complete(null);
                })
            .whenComplete((_, failure) -> {
              if (failure != null) {
                answer.completeExceptionally(failure);
              }
            });
    return answer;
  }

  /** What is asked of the table. */
  @FunctionalInterface
  private interface Question<T> {
    T answer() throws IpvsException;
  }

  @Override
  public CompletionStage<Void> add(VirtualServer definition, List<Destination> destinations) {
    var problems = unsupported(definition);
    if (!problems.isEmpty()) {
      return CompletableFuture.failedFuture(new StartException(problems));
    }
    var id = definition.id();
    var desired = Translation.service(definition, destinations);
    definitions.put(id, definition);
    return post(
            done -> {
              thread.beginLooks();
              settings.check(definition);
              keeper.add(id, desired, done);
            })
        .whenComplete((_, refused) -> {
          if (refused != null) {
            definitions.remove(id, definition);
          }
        });
  }

  @Override
  public CompletionStage<Void> update(VirtualServer definition) {
    var id = definition.id();
    var before = definition(id);
    definitions.put(id, definition);
    return change(id, desired -> Translation.redefined(desired, before, definition));
  }

  @Override
  public CompletionStage<Void> remove(VirtualServerId id) {
    definition(id);
    definitions.remove(id);
    return post(done -> keeper.remove(id, done));
  }

  /** Leaves a service that was found as it was found. */
  @Override
  public CompletionStage<Void> takeBack(VirtualServerId id) {
    definitions.remove(id);
    return post(done -> {
      keeper.takeBack(id, done);
      if (keeper.services().isEmpty()) {
        thread.stopLooks();
      }
    });
  }

  @Override
  public CompletionStage<Void> addDestination(VirtualServerId id, Destination destination) {
    return updateDestination(id, destination);
  }

  @Override
  public CompletionStage<Void> updateDestination(VirtualServerId id, Destination destination) {
    var wanted = Translation.destination(definition(id), destination);
    return change(id, desired -> desired.with(wanted));
  }

  @Override
  public CompletionStage<Void> removeDestination(VirtualServerId id, Endpoint destination) {
    definition(id);
    return change(id, desired -> desired.without(Translation.key(destination)));
  }

  private CompletionStage<Void> change(VirtualServerId id, UnaryOperator<DesiredService> change) {
    return post(done -> keeper.change(id, change, done));
  }

  /**
   * Ends what a virtual server that was removed has with a real server. Of one that is served, the
   * kernel can't close connections: they end when the real server is removed, as {@link
   * IpvsDataPlane} says.
   */
  @Override
  public void closeConnections(VirtualServerId id, Endpoint destination) {
    if (definitions.containsKey(id)) {
      LOG.log(
          Level.INFO,
          () ->
              "virtual server "
                  + id
                  + ": connections to "
                  + destination
                  + " stay in the kernel until it is removed; sysctl net.ipv4.vs.expire_nodest_conn"
                  + " says whether they then end or hang");
      return;
    }
    var _ =
        post(done -> {
          keeper.drop(id, Translation.key(destination));
          done.complete(null);
        });
  }

  @Override
  public ServiceCounters counters(VirtualServerId id) {
    thread.ensureAlive();
    return counted.of(id).map(Counted::counters).orElse(NO_COUNTERS);
  }

  /** Also waits for persistent clients where they keep coming, as {@link IpvsDataPlane} says. */
  @Override
  public boolean isDrained(VirtualServerId id, Endpoint destination) {
    return counted.of(id).map(each -> each.isDrained(destination)).orElse(true);
  }

  /** Returns how old the counters of a virtual server are; empty when there are none yet. */
  public Optional<Duration> age(VirtualServerId id) {
    return counted.of(id).map(each -> Duration.ofNanos(System.nanoTime() - each.readAt()));
  }

  @Override
  public int openConnections() {
    return counted.all().values().stream()
        .flatMap(service -> service.counters().destinations().values().stream())
        .mapToInt(each -> each.open())
        .sum();
  }

  /**
   * Returns the kernel's connections that came through this director's virtual servers. The kernel
   * counts no bytes for each.
   */
  @Override
  public List<ConnectionSnapshot> connections() {
    return connections.read(definitions, counted.all());
  }

  @Override
  public void withhold(VirtualServerId id) {
    var _ =
        post(done -> {
          thread.beginLooks();
          keeper.withhold(id);
          done.complete(null);
        });
  }

  @Override
  public Set<String> followedInstances() {
    return sync.map(SyncFollower::vrrpInstance).map(Set::of).orElse(Set.of());
  }

  @Override
  public void master(String vrrpInstance, boolean master) {
    sync.ifPresent(daemon -> {
      var _ =
          post(done -> {
            daemon.master(vrrpInstance, master);
            done.complete(null);
          });
    });
  }

  private VirtualServer definition(VirtualServerId id) {
    var definition = definitions.get(id);
    if (definition == null) {
      throw new IllegalArgumentException(
          "virtual server " + id + ": unknown (expected: one that was added)");
    }
    return definition;
  }

  private CompletableFuture<Void> post(Consumer<CompletableFuture<Void>> task) {
    var done = new CompletableFuture<Void>();
    if (closed.get()) {
      done.completeExceptionally(new IllegalStateException("ipvs plane: closed"));
      return done;
    }
    thread.execute(() -> {
      try {
        task.accept(done);
      } catch (Throwable failure) {
        done.completeExceptionally(failure);
        throw failure;
      }
    });
    return done;
  }

  /**
   * Deletes this director's services, stops its sync daemon and puts the kernel's settings back.
   * Services of others stay, and with {@link Builder#leaveOnClose} its own too.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      thread.close();
    }
  }

  private void end() {
    for (Runnable step :
        List.<Runnable>of(
            () -> {
              if (!leaveOnClose) {
                keeper.removeAll(!census().isEmpty());
              }
            },
            // Once more, in case that it was kept from it.
            keeper::commit,
            () -> sync.ifPresent(SyncFollower::close),
            settings::restore,
            timeoutsKeeper::restore,
            () -> presence.ifPresent(TablePresence::close),
            table::close)) {
      try {
        step.run();
      } catch (Throwable failure) {
        log.failed("a step of the end of the ipvs plane", failure);
      }
    }
  }

  /**
   * Returns how often something inside the plane has failed that should not: an error of the JVM's,
   * such as an {@link OutOfMemoryError}, a listener, or the logger. What it was about has failed;
   * the plane goes on.
   */
  public long failures() {
    return log.failures();
  }

  /** Collects the settings of the plane; not safe for use by several threads at once. */
  public static final class Builder {
    /** What the kernel has unless it was changed. */
    static final IpvsTimeouts USUAL =
        new IpvsTimeouts(Duration.ofMinutes(15), Duration.ofMinutes(2), Duration.ofMinutes(5));

    private ForeignServices foreignServices = ForeignServices.LEAVE;
    private ForeignEdits foreignEdits = ForeignEdits.RESTORE;
    private Consumer<ForeignEdit> listener = _ -> {};
    private Duration period = Duration.ofSeconds(2);
    private boolean leaveOnClose;
    private boolean exclusive;
    private boolean setKernelSettings;
    private Optional<IpvsTimeouts> timeouts = Optional.empty();
    private Optional<SyncFollower.Wanted> sync = Optional.empty();

    private Builder() {}

    /** Sets what becomes of services that aren't this director's; they are left alone if not. */
    public Builder foreignServices(ForeignServices foreignServices) {
      this.foreignServices = Objects.requireNonNull(foreignServices, "foreignServices");
      return this;
    }

    /** Sets what becomes of changes that others make; they are put right if not. */
    public Builder onForeignEdit(ForeignEdits foreignEdits) {
      this.foreignEdits = Objects.requireNonNull(foreignEdits, "foreignEdits");
      return this;
    }

    /**
     * Tells this listener of changes that others make. It is called on the plane's thread and must
     * not block.
     */
    public Builder foreignEditListener(Consumer<ForeignEdit> listener) {
      this.listener = Objects.requireNonNull(listener, "listener");
      return this;
    }

    /**
     * Sets how often the table is looked at: 100 ms to 1 h; every 2 s if not, which is how often
     * the kernel works its statistics out. A look at a large table takes at most a tenth of the
     * time, and comes as much later as that needs.
     */
    public Builder reconcileEvery(Duration period) {
      this.period = Objects.requireNonNull(period, "period");
      return this;
    }

    /**
     * Leaves the virtual servers in the kernel when the plane is closed: they go on, unattended,
     * and the next life takes them over.
     */
    public Builder leaveOnClose() {
      this.leaveOnClose = true;
      return this;
    }

    /**
     * Refuses to open while another director of lvs4j works on the table of this network namespace.
     * If not, both say in their logs that there is another one, and a plane that is closed leaves
     * those virtual servers that it had found.
     */
    public Builder exclusive() {
      this.exclusive = true;
      return this;
    }

    /**
     * Sets the sysctls that {@link KernelSettings} finds wrong, but for connection tracking, and
     * puts them back when the plane is closed. If not, they are only told of in the log.
     */
    public Builder setKernelSettings() {
      this.setKernelSettings = true;
      return this;
    }

    /**
     * Sets how long connections without traffic are kept, for all services of the network
     * namespace; what was there before is put back when the plane is closed. In whole seconds, 1 s
     * to 31 days.
     *
     * @param tcp established TCP connections; the kernel's default is 15 min
     * @param tcpFin TCP connections after a FIN; 2 min
     * @param udp UDP sessions; 5 min
     */
    public Builder timeouts(Duration tcp, Duration tcpFin, Duration udp) {
      this.timeouts = Optional.of(new IpvsTimeouts(tcp, tcpFin, udp));
      return this;
    }

    /**
     * Tells another director of connections while a VRRP instance of this one is master, and hears
     * of them otherwise: {@code lvs_sync_daemon}.
     *
     * @param vrrpInstance the name of the instance
     */
    public Builder syncDaemon(String vrrpInstance, SyncDaemonSettings settings) {
      this.sync = Optional.of(new SyncFollower.Wanted(vrrpInstance, settings));
      return this;
    }

    /**
     * Opens the plane in the network namespace of the calling thread.
     *
     * @throws InvalidConfigurationException with every setting that is wrong
     * @throws StartException when this kernel has no IPVS or the privilege is missing, with the
     *     remedy
     */
    public IpvsDataPlane open() {
      return open(timeouts, true);
    }

    /**
     * Opens the plane to ask it what it can do ({@link #unsupported}, {@link #obstacles}): the
     * kernel's timeouts stay as they are. It must not be given virtual servers.
     *
     * @throws InvalidConfigurationException with every setting that is wrong
     * @throws StartException when this kernel has no IPVS or the privilege is missing, with the
     *     remedy
     */
    public IpvsDataPlane inspect() {
      return open(Optional.empty(), false);
    }

    private IpvsDataPlane open(Optional<IpvsTimeouts> toSet, boolean toServe) {
      var problems = new ArrayList<Problem>();
      Ranges.duration(
          problems, "reconcile every", period, Duration.ofMillis(100), Duration.ofHours(1));
      timeouts.ifPresent(times -> {
        var least = Duration.ofSeconds(1);
        var most = Duration.ofDays(31);
        Ranges.duration(problems, "TCP timeout", times.tcp(), least, most);
        Ranges.duration(problems, "TCP FIN timeout", times.tcpFin(), least, most);
        Ranges.duration(problems, "UDP timeout", times.udp(), least, most);
      });
      sync.ifPresent(wanted -> problems.addAll(wanted.settings().problems()));
      InvalidConfigurationException.throwIfAny(
          problems.stream().map(problem -> problem.within(NAME + " data plane")).toList());
      try {
        var table = new NetlinkTable(IpvsClient.open());
        try {
          var presence =
              toServe ? TablePresence.take(new NativeKernel()) : Optional.<TablePresence>empty();
          presence.ifPresent(this::alone);
          return open(table, KernelSettings.FILES, toSet, presence);
        } catch (IpvsException | RuntimeException refused) {
          table.close();
          throw refused;
        }
      } catch (IpvsException refused) {
        throw KernelRefusals.of(NAME + " data plane", refused);
      }
    }

    /** Opens the plane on a given table. */
    IpvsDataPlane open(KernelTable table, Path sysctls) throws IpvsException {
      return open(table, sysctls, timeouts, Optional.empty());
    }

    /** Refuses, if that was asked for, where somebody else is at work. */
    void alone(TablePresence presence) {
      var others = exclusive ? presence.others() : new TreeSet<Long>();
      if (!others.isEmpty()) {
        presence.close();
        throw new StartException(
            List.of(
                new Problem(
                    NAME + " data plane",
                    "process " + others.first() + " works on the table of this network namespace",
                    "one director, or without the wish to be the only one")));
      }
    }

    private IpvsDataPlane open(
        KernelTable table,
        Path sysctls,
        Optional<IpvsTimeouts> toSet,
        Optional<TablePresence> presence)
        throws IpvsException {
      var timeoutsKeeper = new TimeoutsKeeper(table);
      if (toSet.isPresent()) {
        timeoutsKeeper.set(toSet.get());
      }
      return new IpvsDataPlane(this, table, sysctls, timeoutsKeeper, presence);
    }
  }
}
