package io.lvs4j.core.engine;

import io.lvs4j.api.ConnectionSnapshot;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.LvsException;
import io.lvs4j.api.Problem;
import io.lvs4j.api.StartException;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.loop.LoopSnapshot;
import io.lvs4j.api.plane.DataPlane;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.api.plane.FailureListener;
import io.lvs4j.api.plane.ServiceCounters;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A data plane in which virtual servers that follow VRRP instances are in service only while any of
 * them is master. Meanwhile it keeps what they should be, so that the engine need not care. On the
 * engine's thread, as every plane.
 */
final class FollowingPlane implements DataPlane {
  private static final Logger LOG = System.getLogger("io.lvs4j.director");
  static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration LONGEST_RETRY = Duration.ofMinutes(1);

  private final DataPlane plane;
  private final EngineLoop loop;
  private final Map<VirtualServerId, Follower> followers = new HashMap<>();
  private final Set<String> masters = new HashSet<>();
  private int connectionsReset;
  private final ServiceWatch watch;
  private BiConsumer<String, Optional<String>> faultWatch = (_, _) -> {};
  private boolean closed;

  /** Is told of virtual servers that come into and go out of service with their instance. */
  @FunctionalInterface
  interface ServiceWatch {
    void changed(VirtualServer definition, boolean open, String vrrpInstance);
  }

  FollowingPlane(DataPlane plane, EngineLoop loop, ServiceWatch watch) {
    this.plane = plane;
    this.loop = loop;
    this.watch = watch;
  }

  @Override
  public void master(String vrrpInstance, boolean master) {
    boolean changed = master ? masters.add(vrrpInstance) : masters.remove(vrrpInstance);
    if (changed || !master) {
      // The first thing that is heard of an instance may be that it is not master.
      plane.master(vrrpInstance, master);
    }
    if (changed) {
      List.copyOf(followers.values()).forEach(this::settle);
    }
  }

  /** Says whether a VRRP instance is master. */
  boolean isMaster(String vrrpInstance) {
    return masters.contains(vrrpInstance);
  }

  /** Says whether connections are accepted. */
  boolean isServing(VirtualServerId id) {
    var follower = followers.get(id);
    return follower != null && follower.phase == Follower.Phase.SERVING;
  }

  private static IllegalArgumentException unknown(VirtualServerId id) {
    return new IllegalArgumentException(
        "virtual server " + id + ": unknown (expected: one that was added)");
  }

  private boolean isDue(Follower follower) {
    return isDue(follower.definition);
  }

  private boolean isDue(VirtualServer definition) {
    return definition.vrrpInstances().isEmpty()
        || definition.vrrpInstances().stream().anyMatch(masters::contains);
  }

  /** Keeps which instance a virtual server is served for, which may be another than before. */
  private void keepMaster(Follower follower) {
    var followed = follower.definition.vrrpInstances();
    follower.master =
        followed.stream()
            .filter(masters::contains)
            .findFirst()
            .or(() -> follower.master.filter(followed::contains))
            .or(() -> followed.stream().findFirst());
  }

  /** Brings a virtual server in or out of service, if it isn't on its way already. */
  private void settle(Follower follower) {
    if (closed || !followers.containsValue(follower)) {
      return;
    }
    keepMaster(follower);
    boolean due = isDue(follower);
    if (due && follower.phase == Follower.Phase.OUT) {
      var _ = open(follower);
    } else if (!due && follower.phase == Follower.Phase.SERVING) {
      var _ = shut(follower);
    }
  }

  private CompletableFuture<Void> open(Follower follower) {
    follower.phase = Follower.Phase.CHANGING;
    var definition = follower.definition;
    var destinations = follower.destinations();
    var opened =
        plane
            .add(definition, destinations)
            .handleAsync(
                (done, failure) -> {
                  if (failure != null) {
                    follower.phase = Follower.Phase.OUT;
                    refused(follower, failure);
                    return (Void) null;
                  }
                  follower.phase = Follower.Phase.SERVING;
                  follower.isWell();
                  follower.master.ifPresent(instance -> watch.changed(definition, true, instance));
                  if (!definition.equals(follower.definition)) {
                    var _ = plane.update(follower.definition);
                  }
                  var _ =
                      DestinationDiff.between(destinations, follower.destinations())
                          .applyTo(plane, definition.id());
                  settle(follower);
                  return (Void) null;
                },
                loop::execute)
            .toCompletableFuture();
    follower.change = opened;
    return opened;
  }

  /**
   * An address that nobody is served at is given up, so that another host can have it: at once if
   * the reason lasts, else when it can't be served at the second attempt either. What keeps it from
   * being served is reported once, and looked at again after a while that grows.
   */
  private void refused(Follower follower, Throwable failure) {
    var id = follower.definition.id();
    var reason = failure.getCause() instanceof LvsException known ? known : failure;
    var text = "virtual server " + id + " is not served: " + reason.getMessage();
    if (!text.equals(follower.trouble)) {
      follower.trouble = text;
      LOG.log(Level.ERROR, text);
    }
    boolean again = follower.retry.compareTo(RETRY) > 0;
    if (again || !plane.bindObstacles(follower.definition).isEmpty()) {
      block(follower, text);
    }
    later(follower);
  }

  private void later(Follower follower) {
    loop.schedule(follower.retry, () -> lookAgain(follower));
    var longer = follower.retry.multipliedBy(2);
    follower.retry = longer.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : longer;
  }

  private void lookAgain(Follower follower) {
    if (closed || !followers.containsValue(follower) || follower.phase != Follower.Phase.OUT) {
      return;
    }
    if (!follower.blocks.isEmpty() && !plane.bindObstacles(follower.definition).isEmpty()) {
      later(follower);
      return;
    }
    unblock(follower);
    settle(follower);
  }

  private void block(Follower follower, String reason) {
    if (follower.blocks.isEmpty()) {
      // All of them, or the address would stay for the sake of another one.
      follower.blocks = follower.definition.vrrpInstances();
      follower.blocks.forEach(instance -> faultWatch.accept(instance, Optional.of(reason)));
    }
  }

  private void unblock(Follower follower) {
    var blocked = follower.blocks;
    follower.blocks = List.of();
    for (var instance : blocked) {
      if (followers.values().stream().noneMatch(each -> each.blocks.contains(instance))) {
        faultWatch.accept(instance, Optional.empty());
      }
    }
  }

  /** Tells of instances whose virtual servers can't be served, and why. */
  void watchFaults(BiConsumer<String, Optional<String>> watch) {
    this.faultWatch = watch;
  }

  /** Whoever is connected has lost the other end: the address is on another host now. */
  private CompletableFuture<Void> shut(Follower follower) {
    follower.phase = Follower.Phase.CHANGING;
    var id = follower.definition.id();
    var counters = plane.counters(id);
    follower.remember(counters);
    follower.master.ifPresent(instance -> watch.changed(follower.definition, false, instance));
    var removed = plane.remove(id);
    var endpoints = new LinkedHashSet<>(counters.destinations().keySet());
    follower.destinations().forEach(destination -> endpoints.add(destination.endpoint()));
    var reset = plane.addressLost(id, endpoints);
    var shut =
        removed
            .thenCombine(reset, (done, number) -> number)
            .handleAsync(
                (number, failure) -> {
                  if (failure != null) {
                    LOG.log(Level.ERROR, "virtual server " + id + " does not end", failure);
                  } else {
                    wasReset(follower, number);
                  }
                  follower.phase = Follower.Phase.OUT;
                  settle(follower);
                  return (Void) null;
                },
                loop::execute)
            .toCompletableFuture();
    follower.change = shut;
    return shut;
  }

  private void wasReset(Follower follower, int number) {
    connectionsReset += number;
    if (number > 0) {
      LOG.log(
          Level.WARNING,
          "virtual server "
              + follower.definition.id()
              + ": "
              + number
              + (number == 1 ? " open connection" : " open connections")
              + " reset, for VRRP instance "
              + follower.master.orElse("?")
              + " is no longer master here");
    }
  }

  /** Returns how many connections have been reset so far because their address went away. */
  int connectionsReset() {
    return connectionsReset;
  }

  @Override
  public String name() {
    return plane.name();
  }

  @Override
  public String description() {
    return plane.description();
  }

  @Override
  public List<Problem> unsupported(VirtualServer definition) {
    return plane.unsupported(definition);
  }

  @Override
  public List<Problem> missingPrivileges(VirtualServer definition) {
    return plane.missingPrivileges(definition);
  }

  @Override
  public List<Problem> bindObstacles(VirtualServer definition) {
    return plane.bindObstacles(definition);
  }

  @Override
  public List<Problem> conflicts(List<VirtualServer> definitions) {
    return plane.conflicts(definitions);
  }

  @Override
  public CompletionStage<List<Problem>> obstacles(List<VirtualServer> definitions) {
    return plane.obstacles(definitions);
  }

  /** Tells what is found of those only that are served at once: the others are begun anew. */
  @Override
  public CompletionStage<Map<VirtualServerId, Set<Endpoint>>> expect(
      List<VirtualServer> definitions) {
    var due =
        definitions.stream()
            .filter(this::isDue)
            .map(VirtualServer::id)
            .collect(Collectors.toUnmodifiableSet());
    return plane
        .expect(definitions)
        .thenApply(found -> {
          var served = new HashMap<>(found);
          served.keySet().retainAll(due);
          return served;
        });
  }

  /**
   * Lets go of what an earlier life has left of a virtual server, unless it is to be served now. To
   * be called when nothing can keep the director from running any more.
   */
  void confirm(VirtualServerId id) {
    var follower = followers.get(id);
    if (follower != null && follower.phase == Follower.Phase.OUT && !isDue(follower)) {
      plane.withhold(id);
    }
  }

  @Override
  public CompletionStage<Void> add(VirtualServer definition, List<Destination> destinations) {
    var follower = new Follower(definition, destinations);
    if (!isDue(follower)) {
      // Better now than when it is to take over.
      var missing = plane.missingPrivileges(definition);
      if (!missing.isEmpty()) {
        return CompletableFuture.failedFuture(new StartException(missing));
      }
      followers.put(definition.id(), follower);
      return CompletableFuture.completedFuture(null);
    }
    return plane
        .add(definition, destinations)
        .thenRunAsync(
            () -> {
              follower.phase = Follower.Phase.SERVING;
              followers.put(definition.id(), follower);
              settle(follower);
            },
            loop::execute);
  }

  @Override
  public CompletionStage<Void> update(VirtualServer definition) {
    var follower = followers.get(definition.id());
    if (follower == null) {
      throw unknown(definition.id());
    }
    if (!definition.vrrpInstances().equals(follower.definition.vrrpInstances())) {
      unblock(follower);
    }
    follower.definition = definition;
    CompletionStage<Void> done =
        follower.phase == Follower.Phase.SERVING
            ? plane.update(definition)
            : CompletableFuture.completedFuture(null);
    settle(follower);
    return done;
  }

  @Override
  public CompletionStage<Void> remove(VirtualServerId id) {
    return end(id, plane::remove);
  }

  @Override
  public CompletionStage<Void> takeBack(VirtualServerId id) {
    return end(id, plane::takeBack);
  }

  private CompletionStage<Void> end(
      VirtualServerId id, Function<VirtualServerId, CompletionStage<Void>> how) {
    var follower = followers.remove(id);
    if (follower == null) {
      throw unknown(id);
    }
    unblock(follower);
    if (follower.phase == Follower.Phase.SERVING) {
      return how.apply(id);
    }
    return follower.change.thenComposeAsync(
        done ->
            follower.phase == Follower.Phase.SERVING
                ? how.apply(id)
                : CompletableFuture.completedFuture(null),
        loop::execute);
  }

  @Override
  public CompletionStage<Void> addDestination(VirtualServerId id, Destination destination) {
    return isInPlane(id, follower -> follower.put(destination))
        ? plane.addDestination(id, destination)
        : CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Void> updateDestination(VirtualServerId id, Destination destination) {
    return isInPlane(id, follower -> follower.put(destination))
        ? plane.updateDestination(id, destination)
        : CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Void> removeDestination(VirtualServerId id, Endpoint destination) {
    return isInPlane(id, follower -> follower.remove(destination))
        ? plane.removeDestination(id, destination)
        : CompletableFuture.completedFuture(null);
  }

  /** Keeps a change, and says whether the plane has to be told of it. */
  private boolean isInPlane(VirtualServerId id, Consumer<Follower> change) {
    var follower = followers.get(id);
    if (follower == null) {
      throw unknown(id);
    }
    change.accept(follower);
    return follower.phase == Follower.Phase.SERVING;
  }

  @Override
  public void closeConnections(VirtualServerId id, Endpoint destination) {
    plane.closeConnections(id, destination);
  }

  @Override
  public ServiceCounters counters(VirtualServerId id) {
    var follower = followers.get(id);
    if (follower == null) {
      throw unknown(id);
    }
    return follower.phase == Follower.Phase.SERVING
        ? follower.withPast(plane.counters(id))
        : follower.past();
  }

  @Override
  public boolean isDrained(VirtualServerId id, Endpoint destination) {
    return isServing(id)
        ? plane.isDrained(id, destination)
        : counters(id).of(destination).open() == 0;
  }

  @Override
  public boolean isReportingFailures() {
    return plane.isReportingFailures();
  }

  @Override
  public void watchFailures(FailureListener listener) {
    plane.watchFailures(listener);
  }

  @Override
  public int openConnections() {
    return plane.openConnections();
  }

  @Override
  public List<ConnectionSnapshot> connections() {
    return plane.connections();
  }

  @Override
  public List<LoopSnapshot> loops() {
    return plane.loops();
  }

  /** Leaves the plane open; it is whose it was. */
  @Override
  public void close() {
    closed = true;
    followers.clear();
  }
}
