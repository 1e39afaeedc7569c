package io.lvs4j.ipvs.plane;

import io.lvs4j.api.VirtualServerId;
import io.lvs4j.ipvs.client.IpvsException;
import io.lvs4j.ipvs.client.IpvsServiceStatus;
import io.lvs4j.ipvs.client.ServiceKey;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A look at the kernel's table, one service after the other, so that changes need not wait for the
 * end of a large one: it takes the counters and finds what others have changed. The kernel tells
 * nobody of changes.
 *
 * <p>On the plane's thread only.
 */
final class TableLook {
  private final KernelTable table;
  private final TableKeeper keeper;
  private final CountedServices counted;
  private final ForeignServices foreignServices;
  private final ForeignEdits foreignEdits;
  private final Consumer<ForeignEdit> listener;
  private final PlaneLog log;

  /** Every so many looks each service is looked at in any case. */
  private static final int TURNS = 16;

  private int turn;
  private final Set<ServiceKey> knownForeign = new HashSet<>();
  private final Queue<KeptService> left = new ArrayDeque<>();

  TableLook(
      KernelTable table,
      TableKeeper keeper,
      CountedServices counted,
      ForeignServices foreignServices,
      ForeignEdits foreignEdits,
      Consumer<ForeignEdit> listener,
      PlaneLog log) {
    this.table = table;
    this.keeper = keeper;
    this.counted = counted;
    this.foreignServices = foreignServices;
    this.foreignEdits = foreignEdits;
    this.listener = listener;
    this.log = log;
  }

  /**
   * Begins a look, with those services that aren't this director's. Of its own only those are
   * looked at of which anything has changed, and in turn the others, for what the table's text
   * doesn't show.
   */
  void begin() {
    left.clear();
    try {
      // The text first: what changes afterwards differs from it the next time.
      var text = table.text();
      var present = new HashMap<ServiceKey, IpvsServiceStatus>();
      table.services().forEach(each -> present.put(each.service().key(), each));
      turn++;
      int place = 0;
      for (var service : keeper.services()) {
        var said = text.of(service.key());
        if (place++ % TURNS == turn % TURNS || mayHaveChanged(service, said, present)) {
          service.seenText = said;
          left.add(service);
        } else {
          counted.confirm(service);
        }
      }
      foreign(present.keySet().stream().filter(key -> !keeper.isOurs(key)).sorted().toList());
    } catch (IpvsException refused) {
      left.addAll(keeper.services());

      log.repeat(Level.WARNING, "look", () -> String.valueOf(refused.getMessage()));
    }
  }

  private static boolean mayHaveChanged(
      KeptService service, Optional<String> said, Map<ServiceKey, IpvsServiceStatus> present) {
    var actual = service.actual;
    return service.seenText.isEmpty()
        || !service.seenText.equals(said)
        || !Objects.equals(service.seenStatus, present.get(service.key()))
        || service.isEnding()
        || service.hasClients()
        || actual == null
        || !TableEdits.between(actual, service.desired).isEmpty();
  }

  private void foreign(List<ServiceKey> keys) {
    knownForeign.retainAll(keys);
    for (var key : keys) {
      switch (foreignServices) {
        case LEAVE -> {
          if (knownForeign.add(key)) {
            log.repeat(
                Level.INFO,
                "foreign " + key,
                () ->
                    "service "
                        + key
                        + ": not this director's, but somebody else's or left by an earlier life;"
                        + " left alone");
          }
        }
        case REMOVE -> {
          keeper.deleteForeign(key);
          tell(Optional.empty(), key, List.of("not this director's"), true);
        }
      }
    }
    keeper.commit();
  }

  /** Says whether there is something left to look at. */
  boolean isUnderWay() {
    return !left.isEmpty();
  }

  /** Looks at the next service. */
  void next() {
    var service = left.poll();
    if (service != null && keeper.service(service.key()) == service) {
      look(service);
    }
  }

  /** Looks at one service. */
  void look(KeptService service) {
    try {
      var found = counted.look(service).orElse(null);
      var differences = ActualService.differences(service.actual, found);
      service.actual = found;
      if (foreignEdits == ForeignEdits.RESTORE || service.leaving) {
        boolean restored = !keeper.restore(service).isEmpty();
        if (!differences.isEmpty()) {
          tell(Optional.of(service.id), service.key(), differences, restored);
        }
      } else if (!differences.isEmpty()) {
        tell(Optional.of(service.id), service.key(), differences, false);
      }
      keeper.leave(service);
    } catch (IpvsException refused) {
      log.repeat(Level.WARNING, "look", () -> String.valueOf(refused.getMessage()));
    }
  }

  private void tell(
      Optional<VirtualServerId> id, ServiceKey key, List<String> changes, boolean restored) {
    var edit = new ForeignEdit(id, key.toString(), changes, restored);
    log.repeat(Level.WARNING, "edit " + key, edit::toString);
    try {
      ForeignEditEvent.record(edit);
      listener.accept(edit);
    } catch (Throwable failure) {
      log.failed("a listener of foreign edits", failure);
    }
  }
}
