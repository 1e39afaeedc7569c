package io.lvs4j.core.engine;

import io.lvs4j.api.AfterDrain;
import io.lvs4j.api.DirectorEvent;
import io.lvs4j.api.DirectorListener;
import io.lvs4j.api.DirectorSnapshot;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.Problem;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.SchedulerName;
import io.lvs4j.api.ServerLoss;
import io.lvs4j.api.StartException;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.loop.LoopSnapshot;
import io.lvs4j.api.plane.DataPlane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The director's single writer. Every public method may be called from any thread: it runs on the
 * loop and its future completes there.
 */
public final class Engine {
  private static final Duration IDLE_POLL = Duration.ofMillis(50);

  private final EngineLoop loop;
  private final FollowingPlane plane;
  private final HealthSource health;
  private final HaSuspend haSuspend;
  private final Publisher publisher;
  private final Stages stages;
  private final Drains drains;
  private final Map<VirtualServerId, Service> services = new LinkedHashMap<>();
  private final Set<VirtualServerId> opening = new HashSet<>();
  private BiConsumer<VirtualServerId, Boolean> quorumWatch = (_, _) -> {};
  private boolean confirmed;
  private volatile boolean closed;

  /** Creates an engine at rest. */
  public Engine(
      EngineLoop loop, DataPlane plane, HealthSource health, List<DirectorListener> listeners) {
    this(loop, plane, health, _ -> {}, listeners, new LocalAddresses());
  }

  /** Creates an engine at rest whose log needn't wait for listeners. */
  public Engine(
      EngineLoop loop,
      DataPlane plane,
      HealthSource health,
      DirectorListener log,
      List<DirectorListener> listeners) {
    this(loop, plane, health, log, listeners, new LocalAddresses());
  }

  /** Creates an engine at rest that goes by what somebody else knows of the host's addresses. */
  public Engine(
      EngineLoop loop,
      DataPlane plane,
      HealthSource health,
      List<DirectorListener> listeners,
      HostAddresses host) {
    this(loop, plane, health, _ -> {}, listeners, host);
  }

  /** Creates an engine at rest that goes by what somebody else knows of the host's addresses. */
  public Engine(
      EngineLoop loop,
      DataPlane plane,
      HealthSource health,
      DirectorListener log,
      List<DirectorListener> listeners,
      HostAddresses host) {
    this.loop = loop;
    this.plane = new FollowingPlane(plane, loop, this::opened);
    this.health = health;
    this.publisher = new Publisher(log, listeners);
    this.stages = new Stages(loop, () -> closed);
    this.drains = new Drains(loop, this.plane, services.values(), this::drained);
    this.haSuspend = new HaSuspend(loop, host, this.plane::isMaster, services::values);
    plane.watchFailures(
        (id, endpoint, inARow, last) -> loop.execute(() -> onFailures(id, endpoint, inARow, last)));
    loop.schedule(RateEstimator.PERIOD, this::sampleRates);
  }

  /**
   * Begins to serve virtual servers, all or none.
   *
   * @return fails with a {@link StartException} that tells all that stood in the way
   */
  public CompletableFuture<Void> add(List<VirtualServer> definitions) {
    return stages.compose(() -> {
      var problems = new ArrayList<>(Admission.problems(definitions, plane));
      problems.addAll(Admission.uncheckable(definitions, health));
      for (var definition : definitions) {
        Stream.concat(services.keySet().stream(), opening.stream())
            .flatMap(other -> Admission.overlap(definition.id(), other))
            .forEach(problems::add);
      }
      problems.addAll(plane.conflicts(together(definitions)));
      InvalidConfigurationException.throwIfAny(problems.stream().distinct().toList());
      definitions.forEach(definition -> opening.add(definition.id()));
      return afterwards(plane.obstacles(definitions), this::throwIfAny)
          .thenCompose(_ -> afterwards(plane.expect(definitions), found -> found))
          .thenCompose(found -> open(definitions, found))
          .whenCompleteAsync(
              (_, _) -> definitions.forEach(each -> opening.remove(each.id())), loop::execute);
    });
  }

  private @Nullable Void throwIfAny(List<Problem> obstacles) {
    if (!obstacles.isEmpty()) {
      throw new StartException(obstacles);
    }
    return null;
  }

  /** Goes on with what a stage has to say, on the loop. */
  private <T, R extends @Nullable Object> CompletableFuture<R> afterwards(
      CompletionStage<T> stage, Function<T, R> next) {
    var future = stage.toCompletableFuture();
    return future.isDone() ? future.thenApply(next) : future.thenApplyAsync(next, loop::execute);
  }

  private CompletableFuture<Void> open(
      List<VirtualServer> definitions, Map<VirtualServerId, Set<Endpoint>> found) {
    var opened = new ArrayList<Service>();
    var refused = new ArrayList<Problem>();
    var additions = new ArrayList<CompletableFuture<Void>>();
    for (var definition : definitions) {
      var service =
          new Service(
              Admission.withScheduler(definition), found.getOrDefault(definition.id(), Set.of()));
      service.actual = service.desired(loop.now());
      additions.add(
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
    return CompletableFuture.allOf(additions.toArray(CompletableFuture[]::new))
        .thenComposeAsync(
            all -> {
              if (refused.isEmpty()) {
                opened.forEach(this::begin);
                return CompletableFuture.<Void>completedFuture(null);
              }
              return CompletableFuture.allOf(
                      opened.stream()
                          .map(service -> plane.takeBack(service.definition.id()))
                          .map(stage -> stage.toCompletableFuture())
                          .toArray(CompletableFuture[]::new))
                  .thenCompose(
                      undone -> CompletableFuture.failedFuture(new StartException(refused)));
            },
            loop::execute);
  }

  private void begin(Service service) {
    var definition = service.definition;
    services.put(definition.id(), service);
    publisher.publish(
        service,
        new DirectorEvent.VirtualServerAdded(
            definition.id(),
            plane.description(),
            definition.scheduler().map(SchedulerName::of).orElseThrow(),
            service.servers.size(),
            definition.vrrpInstances()));
    if (confirmed) {
      plane.confirm(service.definition.id());
    }
    haSuspend.settle(service);
    service.servers.values().forEach(state -> join(service, state));
    publishUntold(service);
    quorumWatch.accept(service.definition.id(), service.quorumUp);
    publisher.quorumAtStart(service);
  }

  /**
   * Tells of the quorum of each virtual server: when it begins to be served and at each change, on
   * the engine's thread. One that is removed counts as having it. To be called before any is.
   */
  public void watchQuorum(BiConsumer<VirtualServerId, Boolean> watch) {
    this.quorumWatch = watch;
  }

  /**
   * Tells of VRRP instances that must not be master because a virtual server that follows them
   * can't be served, with the reason, and when they may be again; on the engine's thread. To be
   * called before any virtual server is added.
   */
  public void watchFaults(BiConsumer<String, Optional<String>> watch) {
    plane.watchFaults(watch);
  }

  /** Takes the news that a VRRP instance has become master, or isn't any more. */
  public void master(String vrrpInstance, boolean master) {
    loop.execute(() -> {
      plane.master(vrrpInstance, master);
      haSuspend.mastersChanged();
    });
  }

  /**
   * Returns the definitions that are in force. Where weights that were set, or servers that were
   * removed, leave too little for the quorum, those of the definition stand for them.
   */
  public CompletableFuture<List<VirtualServer>> definitions() {
    return stages.call(() -> services.values().stream().map(Service::inForce).toList());
  }

  /** Puts a changed definition into force; its list of real servers becomes the list. */
  public CompletableFuture<Void> update(VirtualServer changed) {
    return stages.compose(() -> {
      var service = service(changed.id());
      var definition = Admission.withScheduler(changed);
      throwIfAny(definition);
      return change(service, definition);
    });
  }

  private void throwIfAny(VirtualServer changed) {
    var problems = new ArrayList<>(Admission.problems(changed, plane, health));
    problems.addAll(plane.conflicts(together(List.of(changed))));
    InvalidConfigurationException.throwIfAny(problems.stream().distinct().toList());
  }

  /** Returns all that is served, with some of it as it is to be. */
  private List<VirtualServer> together(List<VirtualServer> changed) {
    var all = new LinkedHashMap<VirtualServerId, VirtualServer>();
    services
        .values()
        .forEach(service -> all.put(service.definition.id(), service.whateverItsQuorum(List.of())));
    changed.forEach(each -> all.put(each.id(), each));
    return List.copyOf(all.values());
  }

  /** Changes settings of a virtual server, but for its real servers. */
  public CompletableFuture<Void> update(
      VirtualServerId id, UnaryOperator<VirtualServer.Builder> change) {
    return stages.compose(() -> {
      var service = service(id);
      var definition =
          change
              .apply(service.definition.toBuilder())
              .realServers(service.servers.values().stream().map(s -> s.server).toList())
              .build();
      throwIfAny(definition);
      return change(service, definition);
    });
  }

  private CompletableFuture<Void> change(Service service, VirtualServer definition) {
    var before = service.definition;
    service.definition = definition;
    tellChanges(service, Changes.between(before, definition));
    var updated = plane.update(definition);
    haSuspend.settle(service);
    var kept = new HashSet<Endpoint>();
    for (var server : definition.realServers()) {
      kept.add(server.endpoint());
      var state = service.server(server.endpoint());
      if (state == null) {
        added(service, server);
        join(service, service.add(server));
        continue;
      }
      changed(service, state, server);
      var checksBefore = before.healthChecksOf(state.server);
      state.server = server;
      if (!checksBefore.equals(definition.healthChecksOf(server))) {
        watch(service, state);
      }
    }
    var gone =
        List.copyOf(service.servers.values()).stream()
            .filter(state -> !kept.contains(state.endpoint))
            .toList();
    gone.forEach(state -> removed(service, state));
    var settled = settle(service);
    gone.forEach(state -> lost(service, state.endpoint, ServerLoss.REMOVED, settled));
    return settled.thenCombine(updated, (_, _) -> null);
  }

  /**
   * Says that all of the start has succeeded. Only now is that given up which an earlier life has
   * left of virtual servers that are not to be served yet.
   */
  public CompletableFuture<Void> confirm() {
    return stages.call(() -> {
      confirmed = true;
      services.keySet().forEach(plane::confirm);
      return null;
    });
  }

  /** Takes the virtual servers back that were added, after a start that has failed. */
  public CompletableFuture<Void> takeBack() {
    return stages.compose(() ->
        CompletableFuture.allOf(
            List.copyOf(services.keySet()).stream()
                .map(id -> remove(id, plane::takeBack))
                .toArray(CompletableFuture[]::new)));
  }

  /** Stops accepting connections for a virtual server; open ones go on. */
  public CompletableFuture<Void> remove(VirtualServerId id) {
    return remove(id, plane::remove);
  }

  private CompletableFuture<Void> remove(
      VirtualServerId id, Function<VirtualServerId, CompletionStage<Void>> how) {
    return stages.compose(() -> {
      var service = service(id);
      services.remove(id);
      publisher.farewell(service);
      publisher.publish(service, new DirectorEvent.VirtualServerRemoved(id));
      quorumWatch.accept(id, true);
      List.copyOf(service.servers.values()).forEach(state -> forget(service, state));
      return how.apply(id).toCompletableFuture();
    });
  }

  /** Adds a real server. */
  public CompletableFuture<Void> addServer(VirtualServerId id, RealServer server) {
    return stages.compose(() -> {
      var service = service(id);
      InvalidConfigurationException.throwIfAny(
          Admission.problems(service.definition, server, plane, health));
      if (service.server(server.endpoint()) != null) {
        throw new InvalidConfigurationException(
            List.of(
                new Problem(
                    "virtual server " + id + ": real server " + server.endpoint(),
                    "given twice",
                    "each real server once")));
      }
      InvalidConfigurationException.throwIfAny(
          plane.conflicts(together(List.of(service.whateverItsQuorum(List.of(server))))));
      added(service, server);
      join(service, service.add(server));
      return settle(service);
    });
  }

  /** Changes a real server; its address stays. */
  public CompletableFuture<Void> changeServer(
      VirtualServerId id, Endpoint endpoint, UnaryOperator<RealServer> change) {
    return stages.compose(() -> {
      var service = service(id);
      var state = server(service, endpoint);
      var changed = change.apply(state.server);
      InvalidConfigurationException.throwIfAny(
          Admission.problems(service.definition, changed, plane, health));
      changed(service, state, changed);
      state.server = changed;
      return settle(service);
    });
  }

  /** Removes a real server; its open connections go on. */
  public CompletableFuture<Void> removeServer(VirtualServerId id, Endpoint endpoint) {
    return stages.compose(() -> {
      var service = service(id);
      removed(service, server(service, endpoint));
      var settled = settle(service);
      lost(service, endpoint, ServerLoss.REMOVED, settled);
      return settled;
    });
  }

  private void tellChanges(Service service, List<String> changes) {
    if (!changes.isEmpty()) {
      publisher.publish(
          service, new DirectorEvent.VirtualServerChanged(service.definition.id(), changes));
    }
  }

  private void added(Service service, RealServer server) {
    publisher.publish(
        service,
        new DirectorEvent.RealServerAdded(
            service.definition.id(), server.endpoint(), server.weight()));
  }

  private void changed(Service service, ServerState state, RealServer changed) {
    var changes = Changes.between(state.server, changed);
    if (!changes.isEmpty()) {
      publisher.publish(
          service,
          new DirectorEvent.RealServerChanged(service.definition.id(), state.endpoint, changes));
    }
  }

  private void removed(Service service, ServerState state) {
    forget(service, state);
    publisher.publish(
        service, new DirectorEvent.RealServerRemoved(service.definition.id(), state.endpoint));
  }

  /**
   * Gives a real server no new connections and removes or keeps it when the last one has ended, or
   * cuts what is left at the deadline.
   *
   * @return completes with the number of connections that were cut, or is cancelled when the drain
   *     is called off or the server removed
   */
  public CompletableFuture<Integer> drain(
      VirtualServerId id, Endpoint endpoint, Duration deadline, AfterDrain after) {
    return stages.compose(() -> {
      var service = service(id);
      var state = server(service, endpoint);
      var drain = drains.begin(state, deadline, after);
      publisher.publish(service, new DirectorEvent.DrainBegun(id, endpoint, deadline, after));
      // A plane that couldn't do it has told of it; the drain goes by what it counts all the same.
      var _ = settle(service).whenComplete((_, _) -> drain.quiesced().complete(null));
      return drain.done();
    });
  }

  /** Drains a real server and removes it. */
  public CompletableFuture<Integer> drain(
      VirtualServerId id, Endpoint endpoint, Duration deadline) {
    return drain(id, endpoint, deadline, AfterDrain.REMOVE);
  }

  /** Gives a server connections again that is draining, or drained and kept. */
  public CompletableFuture<Void> resume(VirtualServerId id, Endpoint endpoint) {
    return stages.compose(() -> {
      var service = service(id);
      var state = server(service, endpoint);
      var drain = state.drain;
      if (drain != null) {
        state.callOffDrain();
        publisher.publish(service, new DirectorEvent.RealServerResumed(id, endpoint));
        if (drain.ended() && state.up) {
          // Whoever was away for maintenance is cold.
          state.cameBack(loop.now());
          scheduleSlowStart(id);
        }
      }
      return settle(service);
    });
  }

  /** Returns the state of everything. */
  public CompletableFuture<DirectorSnapshot> snapshot() {
    return stages.call(() ->
        new DirectorSnapshot(
            services.values().stream().map(each -> Snapshots.of(each, plane)).toList(), loops()));
  }

  /** Returns the threads as they are now. Any thread may ask, and none is waited for. */
  public List<LoopSnapshot> loops() {
    var loops = new ArrayList<LoopSnapshot>();
    loops.add(loop.snapshot());
    loops.add(publisher.loop());
    loops.addAll(health.loops());
    loops.addAll(plane.loops());
    return loops;
  }

  /** Tells the listeners that a thread has ended, whatever else still works. */
  public void loopEnded(LoopSnapshot ended) {
    publisher.loopEnded(ended);
  }

  /** Returns how many connections were reset so far because their virtual address went away. */
  public CompletableFuture<Integer> connectionsReset() {
    return stages.call(plane::connectionsReset);
  }

  /**
   * Accepts nothing more, and waits until no connection is open. A UDP session has its virtual
   * server's socket, so that is kept meanwhile and gives nothing to new clients.
   *
   * @return completes with the number of connections that are still open when the time is over
   */
  public CompletableFuture<Integer> leave(Duration grace) {
    return stages.compose(() -> {
      long deadline = loop.now() + grace.toNanos();
      var left = new ArrayList<CompletableFuture<Void>>();
      for (var service : List.copyOf(services.values())) {
        if (service.isOfDatagrams() && !grace.isZero()) {
          service.leaving = true;
          left.add(settle(service));
        } else {
          left.add(remove(service.definition.id()));
        }
      }
      var idle = new CompletableFuture<Integer>();
      return CompletableFuture.allOf(left.toArray(CompletableFuture[]::new))
          .thenRunAsync(() -> pollIdle(deadline, idle), loop::execute)
          .thenCompose(_ -> idle)
          .thenComposeAsync(
              open ->
                  CompletableFuture.allOf(
                          List.copyOf(services.keySet()).stream()
                              .map(this::remove)
                              .toArray(CompletableFuture[]::new))
                      .thenApply(_ -> open),
              loop::execute);
    });
  }

  private void pollIdle(long deadline, CompletableFuture<Integer> idle) {
    int open = plane.openConnections();
    if (open == 0 || loop.now() - deadline >= 0) {
      idle.complete(open);
    } else {
      loop.schedule(IDLE_POLL, () -> pollIdle(deadline, idle));
    }
  }

  /** Ends the loop and, after the events on their way, the notifications. */
  public void close() {
    end().join();
    awaitListeners(Duration.ZERO);
  }

  /**
   * Waits for the delivery of the last events, and ends the threads of listeners and log.
   *
   * @param patience how long listeners may take for them, if that is longer than they get anyway
   */
  public void awaitListeners(Duration patience) {
    publisher.close(patience);
  }

  /** Ends the loop; whatever is asked for after this fails. Completes when nothing is served. */
  public CompletableFuture<@Nullable Void> end() {
    if (closed) {
      return CompletableFuture.completedFuture(null);
    }
    return stages.call(() -> {
      closed = true;
      try {
        services
            .values()
            .forEach(service -> {
              publisher.farewell(service);
              publisher.publish(
                  service, new DirectorEvent.VirtualServerRemoved(service.definition.id()));
              List.copyOf(service.servers.values()).forEach(state -> forget(service, state));
            });
        services.clear();
        plane.close();
      } finally {
        loop.close();
      }
      return null;
    });
  }

  /** Begins to look after a server that is new. */
  private void join(Service service, ServerState state) {
    if (state.up && service.definition.isNotifyingAtStart()) {
      service.tell(new DirectorEvent.RealServerUp(service.definition.id(), state.endpoint));
    }
    watch(service, state);
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
    if (again || state.kept) {
      checks =
          checks.stream().map(check -> state.up ? check.withoutAlpha() : check.alpha()).toList();
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
      state.wentDown();
      // Down is more than ejected; whoever comes up again has shown that it is well.
      state.ejection.end(loop.now());
      service.tell(new DirectorEvent.RealServerDown(id, endpoint, detail));
    }
    var settled = settle(service);
    if (!up) {
      lost(service, endpoint, ServerLoss.DOWN, settled);
    }
  }

  /** Resets what is open to a server that is lost, once it gets nothing new. */
  private void lost(
      Service service, Endpoint endpoint, ServerLoss how, CompletableFuture<Void> settled) {
    if (service.definition.shutdownSessions().contains(how)) {
      var id = service.definition.id();
      var _ = settled.whenComplete((_, _) -> plane.closeConnections(id, endpoint));
    }
  }

  private void onFoundDown(VirtualServerId id, Endpoint endpoint, String detail) {
    var service = services.get(id);
    var state = service == null ? null : service.server(endpoint);
    if (service != null && state != null && !state.up && !state.foundDown) {
      state.foundDown = true;
      publisher.foundDown(service, new DirectorEvent.RealServerDown(id, endpoint, detail));
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
          lost(service, endpoint, ServerLoss.EJECTED, settle(service));
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
      publisher.quorum(service);
    }
    return done;
  }

  private CompletableFuture<Void> reconcile(Service service) {
    var desired = service.desired(loop.now());
    var done =
        DestinationDiff.between(service.actual, desired).applyTo(plane, service.definition.id());
    boolean more = desired.size() > service.actual.size();
    service.actual = desired;
    if (more) {
      // A plane that has forgotten what had passed through a server begins to count anew.
      var _ = service.counters(plane);
    }
    return done;
  }

  /** Tells of servers only now that the plane knows: who hears of one that is up finds it there. */
  private void publishUntold(Service service) {
    for (var event : service.untold()) {
      publisher.publish(service, event);
      if (event instanceof DirectorEvent.RealServerReturned) {
        scheduleSlowStart(service.definition.id());
      }
    }
  }

  private void opened(VirtualServer definition, boolean open, String instance) {
    var service = services.get(definition.id());
    if (service != null) {
      publisher.publish(
          service,
          open
              ? new DirectorEvent.VirtualServerOpened(definition.id(), instance)
              : new DirectorEvent.VirtualServerClosed(definition.id(), instance));
    }
  }

  /** Drops a server; the plane is told by the next reconciliation. */
  private static void forget(Service service, ServerState state) {
    state.unwatch();
    state.callOffDrain();
    service.servers.remove(state.endpoint);
  }

  private void drained(Service service, ServerState state, ServerState.Drain drain, int cut) {
    if (drain.after() == AfterDrain.REMOVE) {
      forget(service, state);
    }
    var _ = settle(service).whenComplete((_, _) -> drain.done().complete(cut));
    publisher.publish(
        service, new DirectorEvent.RealServerDrained(service.definition.id(), state.endpoint, cut));
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
      service.sampleRates(service.counters(plane));
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

  private static List<Problem> problemsOf(VirtualServerId id, Throwable failure) {
    var cause = Stages.unwrapped(failure);
    if (cause instanceof StartException start) {
      return start.problems();
    }
    return List.of(
        new Problem("virtual server " + id, String.valueOf(cause), "a data plane that works"));
  }
}
