package io.lvs4j.ipvs.plane;

import io.lvs4j.api.StartException;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.ipvs.client.DestinationKey;
import io.lvs4j.ipvs.client.IpvsChange;
import io.lvs4j.ipvs.client.IpvsDestination;
import io.lvs4j.ipvs.client.IpvsException;
import io.lvs4j.ipvs.client.IpvsServiceStatus;
import io.lvs4j.ipvs.client.ServiceKey;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps this director's services in the kernel's table as they should be. Changes are collected,
 * and made together by {@link #commit}. What the kernel refuses is looked at afresh and tried once
 * more: it was meant for a table that somebody else has changed.
 *
 * <p>On the plane's thread only.
 */
final class TableKeeper {
  private final KernelTable table;
  private final CountedServices counted;
  private final PlaneLog log;
  private final Map<ServiceKey, KeptService> kept = new LinkedHashMap<>();

  /** Services that are this director's, though they aren't kept, or not yet. */
  private final Set<ServiceKey> expected = new HashSet<>();

  /** What there was a moment ago of those that are about to be added. */
  private final Map<ServiceKey, Optional<ActualService>> seen = new HashMap<>();

  private final List<IpvsChange> edits = new ArrayList<>();
  private List<IpvsChange> inHand = List.of();
  private final Map<CompletableFuture<Void>, KeptService> waiting = new LinkedHashMap<>();
  private final Set<ServiceKey> edited = new HashSet<>();
  private final Set<ServiceKey> deleted = new HashSet<>();
  private final Set<KeptService> toCount = new LinkedHashSet<>();

  /** Creates a keeper of nothing yet. */
  TableKeeper(KernelTable table, CountedServices counted, PlaneLog log) {
    this.table = table;
    this.counted = counted;
    this.log = log;
  }

  Collection<KeptService> services() {
    return kept.values();
  }

  @Nullable KeptService service(ServiceKey key) {
    return kept.get(key);
  }

  private KeptService service(VirtualServerId id) {
    var service = kept.get(Translation.key(id));
    if (service == null || service.leaving) {
      throw new IllegalArgumentException(
          "virtual server " + id + ": unknown (expected: one that was added)");
    }
    return service;
  }

  /** Says whether a service is this director's, or about to be. */
  boolean isOurs(ServiceKey key) {
    return kept.containsKey(key) || expected.contains(key);
  }

  /**
   * Looks what there is of services that are about to be added, and takes them for this director's.
   *
   * @return those real servers of each that get connections
   */
  Map<ServiceKey, List<IpvsDestination>> expect(Collection<ServiceKey> keys) throws IpvsException {
    var present = new HashMap<ServiceKey, IpvsServiceStatus>();
    table.services().forEach(each -> present.put(each.service().key(), each));
    var serving = new HashMap<ServiceKey, List<IpvsDestination>>();
    for (var key : keys) {
      var status = present.get(key);
      if (kept.containsKey(key)) {
        continue;
      }
      expected.add(key);
      if (status == null) {
        seen.put(key, Optional.empty());
        continue;
      }
      var found = ActualService.of(status, table.destinationsIfAny(key));
      seen.put(key, Optional.of(found));
      serving.put(key, found.destinations().stream().filter(each -> each.weight() > 0).toList());
    }
    return serving;
  }

  /** Takes a service over as it is in the kernel, or adds it. */
  void add(VirtualServerId id, DesiredService desired, CompletableFuture<Void> done) {
    var key = desired.service().key();
    var service = kept.get(key);
    if (service != null && !service.leaving) {
      done.completeExceptionally(
          new IllegalStateException("virtual server " + id + ": served already"));
      return;
    }
    if (edited.contains(key)) {
      commit();
    }
    if (service == null) {
      service = new KeptService(id, desired);
      try {
        var found = seen.remove(key);
        service.actual = (found == null ? table.read(key) : found).orElse(null);
      } catch (IpvsException refused) {
        done.completeExceptionally(KernelRefusals.of(id, refused));
        return;
      }
      expected.remove(key);
      kept.put(key, service);
    }
    service.leaving = false;
    service.desired = desired;
    var before = service.actual;
    var changes = TableEdits.between(before, desired);
    if (before != null) {
      service.found = before;
      int found = before.destinations().size();
      log.say(
          Level.INFO,
          () ->
              "virtual server "
                  + id
                  + ": found in the kernel with "
                  + found
                  + " real servers, taken over with "
                  + changes.size()
                  + " changes");
    }
    collect(service, changes, done);
    if (before != null) {
      toCount.add(service);
    }
  }

  /** Changes what a service should be. */
  void change(
      VirtualServerId id, UnaryOperator<DesiredService> change, CompletableFuture<Void> done) {
    KeptService service;
    try {
      service = service(id);
    } catch (IllegalArgumentException unknown) {
      done.completeExceptionally(unknown);
      return;
    }
    var before = service.desired;
    service.desired = change.apply(before);
    var changes = TableEdits.between(before, service.desired, service.actual);
    collect(service, changes, done);
    if (changes.stream().anyMatch(TableKeeper::isQuiescing)) {
      toCount.add(service);
    }
  }

  private static boolean isQuiescing(IpvsChange change) {
    return change instanceof IpvsChange.SetDestination(_, IpvsDestination changed)
        && changed.weight() == 0;
  }

  /** Deletes a service that has no connections, or lets those that it has come to their end. */
  void remove(VirtualServerId id, CompletableFuture<Void> done) {
    KeptService service;
    try {
      service = service(id);
    } catch (IllegalArgumentException unknown) {
      done.completeExceptionally(unknown);
      return;
    }
    commit();
    service.leaving = true;
    count(service);
    if (service.open() == 0) {
      delete(service, done);
      return;
    }
    var before = service.desired;
    service.desired = before.quiesced();
    collect(service, TableEdits.between(before, service.desired, service.actual), done);
    toCount.add(service);
  }

  /** Leaves a service as it was found, or deletes it if it was not. */
  void takeBack(VirtualServerId id, CompletableFuture<Void> done) {
    KeptService service;
    try {
      service = service(id);
    } catch (IllegalArgumentException unknown) {
      done.complete(null);
      return;
    }
    commit();
    if (service.found == null) {
      delete(service, done);
    } else {
      kept.remove(service.key());
      counted.forget(id);
      service.givenBack = true;
      service.desired = DesiredService.as(service.found);
      collect(service, TableEdits.between(service.actual, service.desired), done);
    }
    // It is as little somebody else's as it was before it was added.
    expected.add(service.key());
  }

  /** Ends the connections that a service which is leaving has to a real server. */
  void drop(VirtualServerId id, DestinationKey destination) {
    var service = kept.get(Translation.key(id));
    if (service == null || !service.leaving) {
      return;
    }
    var before = service.desired;
    service.desired = before.without(destination);
    if (service.desired.destinations().isEmpty()) {
      delete(service, new CompletableFuture<>());
    } else {
      collect(
          service,
          TableEdits.between(before, service.desired, service.actual),
          new CompletableFuture<>());
    }
  }

  /** Deletes a service of an earlier life. */
  void withhold(VirtualServerId id) {
    var key = Translation.key(id);
    if (kept.containsKey(key)) {
      return;
    }
    expected.remove(key);
    seen.remove(key);
    try {
      if (table.service(key).isPresent()) {
        log.say(
            Level.INFO,
            () -> "virtual server " + id + ": left over in the kernel, deleted: not to be served");
        deleteForeign(key);
      }
    } catch (IpvsException refused) {
      log.say(Level.ERROR, () -> "virtual server " + id + ": " + refused.getMessage());
    }
  }

  /** Deletes a service that is nobody's here. */
  void deleteForeign(ServiceKey key) {
    edits.add(new IpvsChange.DeleteService(key));
    edited.add(key);
  }

  private void delete(KeptService service, CompletableFuture<Void> done) {
    kept.remove(service.key());
    deleted.add(service.key());
    counted.forget(service.id);
    if (service.actual == null) {
      done.complete(null);
    } else {
      collect(service, List.of(new IpvsChange.DeleteService(service.key())), done);
    }
  }

  /** Deletes a service that is leaving once its last connection has ended. */
  void leave(KeptService service) {
    if (service.leaving && service.open() == 0) {
      delete(service, new CompletableFuture<>());
      commit();
    }
  }

  /** Puts a service right that is other than it should be. */
  List<IpvsChange> restore(KeptService service) {
    var changes = TableEdits.between(service.actual, service.desired);
    collect(service, changes, new CompletableFuture<>());
    commit();
    return changes;
  }

  private void collect(
      KeptService service, List<IpvsChange> changes, CompletableFuture<Void> done) {
    for (var change : changes) {
      edits.add(change);
      edited.add(change.service());
      if (change instanceof IpvsChange.AddService && deleted.contains(change.service())) {
        // Its real servers may bring back what they counted in its earlier life.
        service.fresh = true;
        toCount.add(service);
      }
      service.actual = TableEdits.after(service.actual, change);
    }
    waiting.put(done, service);
  }

  /** Makes the collected changes, and completes the stages that wait for them. */
  void commit() {
    try {
      make();
    } catch (Throwable failure) {
      // What the kernel has done of it is not known: the next look tells, and puts it right. But
      // what was to be deleted is looked at by nobody any more.
      var deletions =
          Stream.concat(inHand.stream(), edits.stream())
              .filter(edit -> edit instanceof IpvsChange.DeleteService)
              .filter(edit -> !kept.containsKey(edit.service()))
              .distinct()
              .toList();
      inHand = List.of();
      edits.clear();
      edits.addAll(deletions);
      edited.clear();
      deletions.forEach(edit -> edited.add(edit.service()));
      toCount.clear();
      var unmade = List.copyOf(waiting.keySet());
      waiting.clear();
      unmade.forEach(stage -> stage.completeExceptionally(failure));
      throw failure;
    }
  }

  private void make() {
    var troubled = new LinkedHashMap<KeptService, StartException>();
    if (!edits.isEmpty()) {
      inHand = List.copyOf(edits);
      edits.clear();
      edited.clear();
      Set<ServiceKey> refused = apply(inHand);
      inHand = List.of();
      for (var service : new LinkedHashSet<>(waiting.values())) {
        if (refused.contains(service.key())) {
          var failure = again(service);
          if (failure != null) {
            troubled.put(service, failure);
          }
        }
      }
    }
    List.copyOf(toCount).forEach(this::count);
    toCount.clear();
    var done = new LinkedHashMap<>(waiting);
    waiting.clear();
    done.values().stream()
        .filter(service -> !troubled.containsKey(service))
        .forEach(service -> service.accepted = true);
    troubled.keySet().forEach(this::forgetUnlessAccepted);
    done.forEach((stage, service) -> {
      var failure = troubled.get(service);
      if (failure == null) {
        stage.complete(null);
      } else {
        stage.completeExceptionally(failure);
      }
    });
  }

  /** Returns the services of which something was not done, or may not have been. */
  private Set<ServiceKey> apply(List<IpvsChange> changes) {
    var refused = new LinkedHashSet<ServiceKey>();
    try {
      table.apply(changes).forEach(each -> refused.add(each.change().service()));
    } catch (IpvsException unknown) {
      log.repeat(
          Level.WARNING, "changes", () -> unknown.getMessage() + "; the table is looked at afresh");
      changes.forEach(each -> refused.add(each.service()));
    }
    return refused;
  }

  /** Looks at a service afresh, and makes what is missing; returns why that can't be. */
  private @Nullable StartException again(KeptService service) {
    try {
      service.actual = table.read(service.key()).orElse(null);
      var owner = kept.get(service.key());
      if (owner != service) {
        if (service.givenBack) {
          var changes = TableEdits.between(service.actual, service.desired);
          return owner == null ? refusal(service, table.apply(changes)) : null;
        }
        if (owner == null && service.actual != null) {
          var gone = List.<IpvsChange>of(new IpvsChange.DeleteService(service.key()));
          return refusal(service, table.apply(gone));
        }
        return null;
      }
      var changes = TableEdits.between(service.actual, service.desired);
      var refused = table.apply(changes);
      service.actual = table.read(service.key()).orElse(null);
      return refusal(service, refused);
    } catch (IpvsException refused) {
      return trouble(service, KernelRefusals.of(service.id, refused));
    }
  }

  private @Nullable StartException refusal(KeptService service, List<IpvsChange.Refused> refused) {
    if (refused.isEmpty()) {
      service.trouble = "";
      return null;
    }
    return trouble(service, KernelRefusals.of(service.id, refused.getFirst().why()));
  }

  private StartException trouble(KeptService service, StartException failure) {
    var text = String.valueOf(failure.getMessage());
    if (!service.trouble.equals(text)) {
      service.trouble = text;
      log.repeat(Level.ERROR, "trouble " + service.key(), () -> text);
    }
    return failure;
  }

  /** Of a service that could not be added nothing is left but what was there before. */
  private void forgetUnlessAccepted(KeptService service) {
    if (service.accepted || !kept.remove(service.key(), service)) {
      return;
    }
    counted.forget(service.id);
    expected.add(service.key());
    if (service.found != null) {
      apply(TableEdits.between(service.actual, DesiredService.as(service.found)));
    } else if (service.actual != null) {
      apply(List.of(new IpvsChange.DeleteService(service.key())));
    }
  }

  /** Takes the counters of a service. */
  private void count(KeptService service) {
    try {
      counted.look(service);
    } catch (IpvsException refused) {
      log.repeat(
          Level.WARNING, "count " + service.key(), () -> String.valueOf(refused.getMessage()));
    }
  }

  /**
   * Deletes all of this director's services.
   *
   * @param leaveFound whether those that it had found stay, for somebody else who is at work
   */
  void removeAll(boolean leaveFound) {
    for (var service : List.copyOf(kept.values())) {
      if (leaveFound && service.found != null) {
        kept.remove(service.key());
        counted.forget(service.id);
      } else {
        delete(service, new CompletableFuture<>());
      }
    }
    commit();
  }
}
