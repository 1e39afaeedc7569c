package io.lvs4j.core.engine;

import io.lvs4j.api.DirectorEvent;
import io.lvs4j.api.DirectorListener;
import io.lvs4j.api.DirectorSnapshot;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.KeepalivedListener;
import io.lvs4j.api.Problem;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.StartException;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.plane.DataPlane;
import io.lvs4j.core.scheduler.Schedulers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The director's single writer. Every public method may be called from any thread: it runs on the
 * loop and its future completes there.
 */
public final class Engine {
  private static final Duration DRAIN_POLL = Duration.ofMillis(50);

  private final EngineLoop loop;
  private final FollowingPlane plane;
  private final HealthSource health;
  private final List<DirectorListener> listeners;
  private final HaSuspend haSuspend;
  private final Notifications notifications = new Notifications();
  private final Map<VirtualServerId, Service> services = new LinkedHashMap<>();
  private final Set<VirtualServerId> opening = new HashSet<>();
  private boolean drainPollScheduled;
  private BiConsumer<VirtualServerId, Boolean> quorumWatch = (_, _) -> {};
  private boolean closed;

  /** Creates an engine at rest. */
  public Engine(
      EngineLoop loop, DataPlane plane, HealthSource health, List<DirectorListener> listeners) {
    this(loop, plane, health, listeners, new LocalAddresses());
  }

  /** Creates an engine at rest that goes by what somebody else knows of the host's addresses. */
  public Engine(
      EngineLoop loop,
      DataPlane plane,
      HealthSource health,
      List<DirectorListener> listeners,
      HostAddresses host) {
    this.loop = loop;
    this.plane = new FollowingPlane(plane, loop);
    this.health = health;
    this.listeners = List.copyOf(listeners);
    this.haSuspend = new HaSuspend(loop, host, this.plane::isMaster, services::values);
    plane.watchFailures(
        (id, endpoint, inARow, last) -> loop.execute(() -> onFailures(id, endpoint, inARow, last)));
    loop.schedule(RateEstimator.PERIOD, this::sampleRates);
  }

  /** Returns all that keeps virtual servers from being served together by a plane. */
  public static List<Problem> problems(List<VirtualServer> definitions, DataPlane plane) {
    var problems = new ArrayList<Problem>();
    for (int i = 0; i < definitions.size(); i++) {
      var id = definitions.get(i).id();
      for (int j = 0; j < i; j++) {
        overlap(id, definitions.get(j).id()).forEach(problems::add);
      }
    }
    problems.addAll(unsupported(definitions, plane));
    for (var definition : definitions) {
      SlowStart.unsupported(definition).forEach(problems::add);
    }
    return problems;
  }

  /** Returns what the host lacks for the checks of virtual servers. */
  public static List<Problem> uncheckable(List<VirtualServer> definitions, HealthSource health) {
    return definitions.stream()
        .flatMap(definition ->
            definition.realServers().stream()
                .flatMap(server ->
                    health.obstacles(server.endpoint(), definition.healthChecksOf(server)).stream())
                .distinct()
                .map(problem -> problem.within("virtual server " + definition.id())))
        .toList();
  }

  /** Returns what a plane can't do of virtual servers. */
  public static List<Problem> unsupported(List<VirtualServer> definitions, DataPlane plane) {
    return definitions.stream()
        .flatMap(definition ->
            Stream.concat(
                plane.unsupported(withScheduler(definition)).stream(),
                unseenFailures(definition, plane)))
        .toList();
  }

  private static Stream<Problem> unseenFailures(VirtualServer definition, DataPlane plane) {
    return definition.passiveHealth().isEmpty() || plane.isReportingFailures()
        ? Stream.empty()
        : Stream.of(
            new Problem(
                "virtual server " + definition.id() + ": passive health",
                "the " + plane.name() + " plane does not see connections fail",
                "the proxy plane"));
  }

  /**
   * Begins to serve virtual servers, all or none.
   *
   * @return fails with a {@link StartException} that tells all that stood in the way
   */
  public CompletableFuture<Void> add(List<VirtualServer> definitions) {
    return stageOnLoop(() -> {
      var problems = new ArrayList<>(problems(definitions, plane));
      problems.addAll(uncheckable(definitions, health));
      for (var definition : definitions) {
        Stream.concat(services.keySet().stream(), opening.stream())
            .flatMap(other -> overlap(definition.id(), other))
            .forEach(problems::add);
      }
      InvalidConfigurationException.throwIfAny(problems);
      return open(definitions);
    });
  }

  private CompletableFuture<Void> open(List<VirtualServer> definitions) {
    var opened = new ArrayList<Service>();
    var refused = new ArrayList<Problem>();
    var stages = new ArrayList<CompletableFuture<Void>>();
    for (var definition : definitions) {
      var service = new Service(withScheduler(definition));
      opening.add(definition.id());
      service.actual = service.desired(loop.now());
      stages.add(
          plane
              .add(service.definition, service.actual)
              .handleAsync(
                  (done, failure) -> {
                    if (failure == null) {
                      opened.add(service);
                    } else {
                      refused.addAll(problemsOf(definition.id(), failure));
                    }
                    return (Void) null;
                  },
                  loop::execute)
              .toCompletableFuture());
    }
    return CompletableFuture.allOf(stages.toArray(CompletableFuture[]::new))
        .thenComposeAsync(
            all -> {
              definitions.forEach(definition -> opening.remove(definition.id()));
              if (refused.isEmpty()) {
                opened.forEach(this::begin);
                return CompletableFuture.<Void>completedFuture(null);
              }
              return CompletableFuture.allOf(
                      opened.stream()
                          .map(service -> plane.remove(service.definition.id()))
                          .map(stage -> stage.toCompletableFuture())
                          .toArray(CompletableFuture[]::new))
                  .thenCompose(
                      undone -> CompletableFuture.failedFuture(new StartException(refused)));
            },
            loop::execute);
  }

  private void begin(Service service) {
    services.put(service.definition.id(), service);
    haSuspend.settle(service);
    service.servers.values().forEach(state -> join(service, state));
    publishUntold(service);
    quorumWatch.accept(service.definition.id(), service.quorumUp);
    publishQuorumAtStart(service);
  }

  /**
   * Tells of the quorum of each virtual server: when it begins to be served and at each change, on
   * the engine's thread. One that is removed counts as having it. To be called before any is.
   */
  public void watchQuorum(BiConsumer<VirtualServerId, Boolean> watch) {
    this.quorumWatch = watch;
  }

  /** Takes the news that a VRRP instance has become master, or isn't any more. */
  public void master(String vrrpInstance, boolean master) {
    loop.execute(() -> {
      plane.master(vrrpInstance, master);
      haSuspend.mastersChanged();
    });
  }

  /** Returns the definitions that are in force. */
  public CompletableFuture<List<VirtualServer>> definitions() {
    return onLoop(() ->
        services.values().stream()
            .map(each ->
                each.definition.toBuilder()
                    .realServers(each.servers.values().stream().map(s -> s.server).toList())
                    .build())
            .toList());
  }

  /** Puts a changed definition into force; its list of real servers becomes the list. */
  public CompletableFuture<Void> update(VirtualServer changed) {
    return stageOnLoop(() -> {
      var service = service(changed.id());
      var definition = withScheduler(changed);
      InvalidConfigurationException.throwIfAny(allProblems(definition));
      return change(service, definition);
    });
  }

  /** Changes settings of a virtual server, but for its real servers. */
  public CompletableFuture<Void> update(
      VirtualServerId id, UnaryOperator<VirtualServer.Builder> change) {
    return stageOnLoop(() -> {
      var service = service(id);
      var definition =
          change
              .apply(service.definition.toBuilder())
              .realServers(service.servers.values().stream().map(s -> s.server).toList())
              .build();
      InvalidConfigurationException.throwIfAny(allProblems(definition));
      return change(service, definition);
    });
  }

  private List<Problem> allProblems(VirtualServer definition) {
    var problems = new ArrayList<>(problems(List.of(definition), plane));
    problems.addAll(uncheckable(List.of(definition), health));
    return problems;
  }

  private CompletableFuture<Void> change(Service service, VirtualServer definition) {
    var before = service.definition;
    service.definition = definition;
    var updated = plane.update(definition);
    haSuspend.settle(service);
    var kept = new HashSet<Endpoint>();
    for (var server : definition.realServers()) {
      kept.add(server.endpoint());
      var state = service.server(server.endpoint());
      if (state == null) {
        join(service, service.add(server));
        continue;
      }
      var checksBefore = before.healthChecksOf(state.server);
      state.server = server;
      if (!checksBefore.equals(definition.healthChecksOf(server))) {
        watch(service, state);
      }
    }
    List.copyOf(service.servers.values()).stream()
        .filter(state -> !kept.contains(state.endpoint))
        .forEach(state -> forget(service, state));
    return settle(service).thenCombine(updated, (_, _) -> null);
  }

  /** Stops accepting connections for a virtual server; open ones go on. */
  public CompletableFuture<Void> remove(VirtualServerId id) {
    return stageOnLoop(() -> {
      var service = service(id);
      services.remove(id);
      bidFarewell(service);
      quorumWatch.accept(id, true);
      List.copyOf(service.servers.values()).forEach(state -> forget(service, state));
      return plane.remove(id).toCompletableFuture();
    });
  }

  /** Adds a real server. */
  public CompletableFuture<Void> addServer(VirtualServerId id, RealServer server) {
    return stageOnLoop(() -> {
      var service = service(id);
      InvalidConfigurationException.throwIfAny(problems(service, server));
      if (service.server(server.endpoint()) != null) {
        throw new InvalidConfigurationException(
            List.of(
                new Problem(
                    "virtual server " + id + ": real server " + server.endpoint(),
                    "given twice",
                    "each real server once")));
      }
      join(service, service.add(server));
      return settle(service);
    });
  }

  /** Returns all that keeps a real server from being one of a virtual server's. */
  private List<Problem> problems(Service service, RealServer server) {
    var problems = service.definition.problemsOf(server);
    if (!problems.isEmpty()) {
      return problems;
    }
    // By itself, so that only what is wrong with it is told: the quorum is the others' affair.
    var alone =
        service.definition.toBuilder().realServers(List.of(server)).quorum(1).hysteresis(0).build();
    return Stream.concat(
            plane.unsupported(alone).stream(), uncheckable(List.of(alone), health).stream())
        .toList();
  }

  /** Changes a real server; its address stays. */
  public CompletableFuture<Void> changeServer(
      VirtualServerId id, Endpoint endpoint, UnaryOperator<RealServer> change) {
    return stageOnLoop(() -> {
      var service = service(id);
      var state = server(service, endpoint);
      var changed = change.apply(state.server);
      InvalidConfigurationException.throwIfAny(problems(service, changed));
      state.server = changed;
      return settle(service);
    });
  }

  /** Removes a real server; its open connections go on. */
  public CompletableFuture<Void> removeServer(VirtualServerId id, Endpoint endpoint) {
    return stageOnLoop(() -> {
      var service = service(id);
      forget(service, server(service, endpoint));
      return settle(service);
    });
  }

  /**
   * Gives a real server no new connections and removes it when the last one has ended, or cuts what
   * is left at the deadline.
   *
   * @return completes with the number of connections that were cut, or is cancelled when the drain
   *     is called off or the server removed
   */
  public CompletableFuture<Integer> drain(
      VirtualServerId id, Endpoint endpoint, Duration deadline) {
    return stageOnLoop(() -> {
      var service = service(id);
      var state = server(service, endpoint);
      var before = state.drain;
      var done = before == null ? new CompletableFuture<Integer>() : before.done();
      var quiesced = before == null ? new CompletableFuture<Void>() : before.quiesced();
      state.drain = new ServerState.Drain(loop.now() + deadline.toNanos(), quiesced, done);
      // A plane that couldn't do it has told of it; the drain goes by what it counts all the same.
      var _ = settle(service).whenComplete((_, _) -> quiesced.complete(null));
      scheduleDrainPoll();
      return done;
    });
  }

  /** Gives a draining server connections again. */
  public CompletableFuture<Void> cancelDrain(VirtualServerId id, Endpoint endpoint) {
    return stageOnLoop(() -> {
      var service = service(id);
      var state = server(service, endpoint);
      endDrain(state);
      return settle(service);
    });
  }

  /** Returns the state of everything. */
  public CompletableFuture<DirectorSnapshot> snapshot() {
    return onLoop(() ->
        new DirectorSnapshot(
            services.values().stream().map(each -> Snapshots.of(each, plane)).toList()));
  }

  /** Stops checks and accepts no more connections; completes when no listener is left. */
  public CompletableFuture<Void> stopAccepting() {
    return stageOnLoop(() ->
        CompletableFuture.allOf(
            List.copyOf(services.keySet()).stream()
                .map(this::remove)
                .toArray(CompletableFuture[]::new)));
  }

  /**
   * Waits until no connection is open.
   *
   * @return completes with the number of connections that are still open when the time is over
   */
  public CompletableFuture<Integer> idle(Duration grace) {
    return stageOnLoop(() -> {
      var idle = new CompletableFuture<Integer>();
      pollIdle(loop.now() + grace.toNanos(), idle);
      return idle;
    });
  }

  private void pollIdle(long deadline, CompletableFuture<Integer> idle) {
    int open = plane.openConnections();
    if (open == 0 || loop.now() - deadline >= 0) {
      idle.complete(open);
    } else {
      loop.schedule(DRAIN_POLL, () -> pollIdle(deadline, idle));
    }
  }

  /** Ends the loop and, after the events on their way, the notifications. */
  public void close() {
    onLoop(
            () -> {
              closed = true;
              services
                  .values()
                  .forEach(service -> {
                    bidFarewell(service);
                    List.copyOf(service.servers.values()).forEach(state -> forget(service, state));
                  });
              services.clear();
              plane.close();
              return null;
            })
        .join();
    loop.close();
    notifications.close();
  }

  /** Begins to look after a server that is new. */
  private void join(Service service, ServerState state) {
    if (state.up && service.definition.isNotifyingAtStart()) {
      service.tell(new DirectorEvent.RealServerUp(service.definition.id(), state.endpoint));
    }
    watch(service, state);
  }

  private void bidFarewell(Service service) {
    var farewell = service.farewell();
    farewell.forEach(event -> publish(service, event));
    if (!farewell.isEmpty()) {
      notifications.awaitDeliveryAtClose();
    }
  }

  private void watch(Service service, ServerState state) {
    boolean again = state.watch != null;
    state.unwatch();
    var checks = service.definition.healthChecksOf(state.server);
    if (checks.isEmpty()) {
      if (!state.up) {
        serverUp(service, state);
      }
      return;
    }
    if (again && !state.up) {
      checks = checks.stream().map(check -> check.alpha()).toList();
    }
    var id = service.definition.id();
    var endpoint = state.endpoint;
    state.watch =
        health.watch(
            endpoint,
            checks,
            !service.isChecking(),
            new HealthSource.Listener() {
              @Override
              public void onVerdict(boolean up, String detail) {
                loop.execute(() -> Engine.this.onVerdict(id, endpoint, up, detail));
              }

              @Override
              public void onFoundDown(String detail) {
                loop.execute(() -> Engine.this.onFoundDown(id, endpoint, detail));
              }

              @Override
              public void onWeight() {
                loop.execute(() -> settleIfServed(id));
              }
            });
  }

  private void onVerdict(VirtualServerId id, Endpoint endpoint, boolean up, String detail) {
    var service = services.get(id);
    var state = service == null ? null : service.server(endpoint);
    if (service == null || state == null || state.watch == null || state.up == up) {
      return;
    }
    if (up) {
      serverUp(service, state);
    } else {
      state.up = false;
      state.foundDown = true;
      // Down is more than ejected; whoever comes up again has shown that it is well.
      state.ejection.end(loop.now());
      service.tell(new DirectorEvent.RealServerDown(id, endpoint, detail));
    }
    var _ = settle(service);
  }

  private void onFoundDown(VirtualServerId id, Endpoint endpoint, String detail) {
    var service = services.get(id);
    var state = service == null ? null : service.server(endpoint);
    if (service != null && state != null && !state.up && !state.foundDown) {
      state.foundDown = true;
      publish(
          service,
          new DirectorEvent.RealServerDown(id, endpoint, detail),
          listener -> listener instanceof KeepalivedListener);
    }
  }

  private void settleIfServed(VirtualServerId id) {
    var service = services.get(id);
    if (service != null) {
      var _ = settle(service);
    }
  }

  private void onFailures(VirtualServerId id, Endpoint endpoint, int inARow, String last) {
    var service = services.get(id);
    if (service == null) {
      return;
    }
    service
        .ejections
        .failed(endpoint, inARow, last, loop.now())
        .ifPresent(time -> {
          var _ = settle(service);
          loop.schedule(time, () -> settleIfServed(id));
        });
  }

  private void serverUp(Service service, ServerState state) {
    state.cameBack(loop.now());
    service.tell(new DirectorEvent.RealServerUp(service.definition.id(), state.endpoint));
    scheduleSlowStart(service.definition.id());
  }

  /**
   * Brings quorum and the plane in line with the states of the servers; completes when the plane
   * has done its part. A plane tells of what it couldn't do by itself.
   */
  private CompletableFuture<Void> settle(Service service) {
    service.ejections.review(loop.now());
    boolean was = service.quorumUp;
    var definition = service.definition;
    service.quorumUp =
        Quorum.next(was, service.liveWeight(), definition.quorum(), definition.hysteresis());
    var done = reconcile(service);
    publishUntold(service);
    if (was != service.quorumUp) {
      quorumWatch.accept(definition.id(), service.quorumUp);
      publishQuorum(service);
    }
    return done;
  }

  private CompletableFuture<Void> reconcile(Service service) {
    var desired = service.desired(loop.now());
    var done =
        DestinationDiff.between(service.actual, desired).applyTo(plane, service.definition.id());
    service.actual = desired;
    return done;
  }

  /**
   * Quorum that is there is no news but to those that asked for it, and to keepalived's scripts.
   */
  private void publishQuorumAtStart(Service service) {
    var definition = service.definition;
    if (service.quorumUp) {
      publish(
          service,
          new DirectorEvent.QuorumUp(definition.id()),
          listener -> definition.isNotifyingAtStart() || listener instanceof KeepalivedListener);
    } else if (definition.sorryServer().isPresent()) {
      publishQuorum(service);
    } else {
      publish(
          service,
          new DirectorEvent.QuorumDown(definition.id()),
          listener -> !(listener instanceof KeepalivedListener));
    }
  }

  private void publishQuorum(Service service) {
    var id = service.definition.id();
    var sorry = service.definition.sorryServer().map(RealServer::endpoint);
    if (service.quorumUp) {
      sorry.ifPresent(
          endpoint -> publish(service, new DirectorEvent.SorryServerDeactivated(id, endpoint)));
      publish(service, new DirectorEvent.QuorumUp(id));
    } else {
      publish(service, new DirectorEvent.QuorumDown(id));
      sorry.ifPresent(
          endpoint -> publish(service, new DirectorEvent.SorryServerActivated(id, endpoint)));
    }
  }

  /** Tells of servers only now that the plane knows: who hears of one that is up finds it there. */
  private void publishUntold(Service service) {
    for (var event : service.untold()) {
      publish(service, event);
      if (event instanceof DirectorEvent.RealServerReturned) {
        scheduleSlowStart(service.definition.id());
      }
    }
  }

  private void publish(Service service, DirectorEvent event) {
    publish(service, event, _ -> true);
  }

  private void publish(Service service, DirectorEvent event, Predicate<DirectorListener> to) {
    notifications.publish(
        event,
        Stream.concat(listeners.stream(), service.definition.listeners().stream())
            .filter(to)
            .toList());
  }

  /** Drops a server; the plane is told by the next reconciliation. */
  private static void forget(Service service, ServerState state) {
    state.unwatch();
    endDrain(state);
    service.servers.remove(state.endpoint);
  }

  private static void endDrain(ServerState state) {
    if (state.drain != null) {
      state.drain.done().completeExceptionally(new CancellationException("drain called off"));
      state.drain = null;
    }
  }

  private void scheduleDrainPoll() {
    if (!drainPollScheduled) {
      drainPollScheduled = true;
      loop.schedule(
          DRAIN_POLL,
          () -> {
            drainPollScheduled = false;
            pollDrains();
          });
    }
  }

  private void pollDrains() {
    boolean more = false;
    for (var service : List.copyOf(services.values())) {
      for (var state : List.copyOf(service.servers.values())) {
        if (state.drain != null && !drained(service, state, state.drain)) {
          more = true;
        }
      }
    }
    if (more) {
      scheduleDrainPoll();
    }
  }

  private boolean drained(Service service, ServerState state, ServerState.Drain drain) {
    var id = service.definition.id();
    boolean overdue = loop.now() - drain.deadline() >= 0;
    if (!drain.quiesced().isDone() && !overdue) {
      return false;
    }
    if (!overdue && !plane.isDrained(id, state.endpoint)) {
      return false;
    }
    int open = plane.counters(id).of(state.endpoint).open();
    if (open > 0) {
      plane.closeConnections(id, state.endpoint);
    }
    state.drain = null;
    forget(service, state);
    var _ = settle(service).whenComplete((_, _) -> drain.done().complete(open));
    publish(service, new DirectorEvent.RealServerDrained(id, state.endpoint, open));
    return true;
  }

  private void scheduleSlowStart(VirtualServerId id) {
    var service = services.get(id);
    if (service == null || service.definition.slowStart().isZero()) {
      return;
    }
    loop.schedule(
        SlowStart.step(service.definition.slowStart()),
        () -> {
          if (services.get(id) == service) {
            var _ = reconcile(service);
            if (service.isStarting(loop.now())) {
              scheduleSlowStart(id);
            }
          }
        });
  }

  private void sampleRates() {
    if (closed) {
      return;
    }
    for (var service : services.values()) {
      var counters = plane.counters(service.definition.id());
      service.rates.sample(counters.total());
      for (var state : service.servers.values()) {
        state.rates.sample(counters.of(state.endpoint).traffic());
      }
      service
          .definition
          .sorryServer()
          .map(sorry -> counters.of(sorry.endpoint()).traffic())
          .ifPresent(service.sorryRates::sample);
    }
    loop.schedule(RateEstimator.PERIOD, this::sampleRates);
  }

  private Service service(VirtualServerId id) {
    var service = services.get(id);
    if (service == null) {
      throw new NoSuchElementException(
          "virtual server " + id + ": not here (expected: one of " + services.keySet() + ")");
    }
    return service;
  }

  private static ServerState server(Service service, Endpoint endpoint) {
    var state = service.server(endpoint);
    if (state == null) {
      throw new NoSuchElementException(
          "real server "
              + endpoint
              + " of "
              + service.definition.id()
              + ": not here (expected: one of "
              + service.servers.keySet()
              + ")");
    }
    return state;
  }

  private <T extends @Nullable Object> CompletableFuture<T> onLoop(Supplier<T> action) {
    return stageOnLoop(() -> CompletableFuture.completedFuture(action.get()));
  }

  private <T extends @Nullable Object> CompletableFuture<T> stageOnLoop(
      Supplier<CompletableFuture<T>> action) {
    var result = new CompletableFuture<T>();
    Runnable task =
        () -> {
          try {
            var _ =
                action
                    .get()
                    .whenComplete((value, failure) ->
                        onThisLoop(() -> {
                          if (failure == null) {
                            result.complete(value);
                          } else {
                            result.completeExceptionally(unwrapped(failure));
                          }
                        }));
          } catch (RuntimeException failure) {
            result.completeExceptionally(failure);
          }
        };
    if (loop.isCurrent()) {
      task.run();
    } else {
      loop.execute(task);
    }
    return result;
  }

  /** Runs a task on the loop, or here when the loop has ended: nobody may wait for ever. */
  private void onThisLoop(Runnable task) {
    if (loop.isCurrent()) {
      task.run();
      return;
    }
    try {
      loop.execute(task);
    } catch (IllegalStateException ended) {
      task.run();
    }
  }

  private static Throwable unwrapped(Throwable failure) {
    return failure instanceof CompletionException wrapped && wrapped.getCause() != null
        ? wrapped.getCause()
        : failure;
  }

  private static VirtualServer withScheduler(VirtualServer definition) {
    return definition.scheduler().isPresent()
        ? definition
        : definition.toBuilder().scheduler(Schedulers.weightedLeastConnection()).build();
  }

  private static Stream<Problem> overlap(VirtualServerId one, VirtualServerId other) {
    return one.overlaps(other)
        ? Stream.of(
            new Problem(
                "virtual server " + one,
                "overlaps with virtual server " + other,
                "one virtual server for an address, port and protocol"))
        : Stream.empty();
  }

  private static List<Problem> problemsOf(VirtualServerId id, Throwable failure) {
    var cause = unwrapped(failure);
    if (cause instanceof StartException start) {
      return start.problems();
    }
    return List.of(
        new Problem("virtual server " + id, String.valueOf(cause), "a data plane that works"));
  }
}
