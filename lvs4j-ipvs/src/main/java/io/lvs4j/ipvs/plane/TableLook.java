package io.lvs4j.ipvs.plane;

import io.lvs4j.api.VirtualServerId;
import io.lvs4j.ipvs.client.IpvsException;
import io.lvs4j.ipvs.client.IpvsServiceStatus;
import io.lvs4j.ipvs.client.ServiceKey;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
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
  private static final Logger LOG = System.getLogger("io.lvs4j.ipvs");

  private final KernelTable table;
  private final TableKeeper keeper;
  private final CountedServices counted;
  private final ForeignServices foreignServices;
  private final ForeignEdits foreignEdits;
  private final Consumer<ForeignEdit> listener;
  private final Set<ServiceKey> knownForeign = new HashSet<>();
  private final Queue<KeptService> left = new ArrayDeque<>();

  TableLook(
      KernelTable table,
      TableKeeper keeper,
      CountedServices counted,
      ForeignServices foreignServices,
      ForeignEdits foreignEdits,
      Consumer<ForeignEdit> listener) {
    this.table = table;
    this.keeper = keeper;
    this.counted = counted;
    this.foreignServices = foreignServices;
    this.foreignEdits = foreignEdits;
    this.listener = listener;
  }

  /** Begins a look, with those services that aren't this director's. */
  void begin() {
    left.clear();
    left.addAll(keeper.services());
    try {
      foreign(
          table.services().stream()
              .map(IpvsServiceStatus::service)
              .map(service -> service.key())
              .filter(key -> keeper.service(key) == null)
              .toList());
    } catch (IpvsException refused) {
      LOG.log(Level.WARNING, refused.getMessage());
    }
  }

  private void foreign(List<ServiceKey> keys) {
    knownForeign.retainAll(keys);
    for (var key : keys) {
      switch (foreignServices) {
        case LEAVE -> {
          if (knownForeign.add(key)) {
            LOG.log(
                Level.INFO,
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
      LOG.log(Level.WARNING, refused.getMessage());
    }
  }

  private void tell(
      Optional<VirtualServerId> id, ServiceKey key, List<String> changes, boolean restored) {
    var edit = new ForeignEdit(id, key.toString(), changes, restored);
    LOG.log(Level.WARNING, edit::toString);
    ForeignEditEvent.record(edit);
    try {
      listener.accept(edit);
    } catch (RuntimeException failure) {
      LOG.log(Level.ERROR, "a listener failed on " + edit, failure);
    }
  }
}
