package io.lvs4j.ipvs.plane;

import io.lvs4j.ipvs.client.DestinationKey;
import io.lvs4j.ipvs.client.IpvsChange;
import io.lvs4j.ipvs.client.IpvsChange.AddDestination;
import io.lvs4j.ipvs.client.IpvsChange.AddService;
import io.lvs4j.ipvs.client.IpvsChange.DeleteDestination;
import io.lvs4j.ipvs.client.IpvsChange.DeleteService;
import io.lvs4j.ipvs.client.IpvsChange.SetDestination;
import io.lvs4j.ipvs.client.IpvsChange.SetService;
import io.lvs4j.ipvs.client.IpvsDestination;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The least list of edits that makes a service of the kernel what it should be. What stays is
 * changed in place and never deleted and added, for that would break its connections. Additions
 * come first, so that there are at no moment fewer real servers than both before and after.
 *
 * <p>Real servers are added in their configured order, as keepalived and ipvsadm --restore do: the
 * kernel goes through them from the last to the first. The place of one that stays is not changed.
 */
final class TableEdits {
  private TableEdits() {}

  /** Returns all that is to be done. */
  static List<IpvsChange> between(@Nullable ActualService actual, DesiredService desired) {
    return between(null, desired, actual);
  }

  /**
   * Returns what is to be done about those things that should be other than before; the rest is
   * left as it is, right or wrong.
   *
   * @param before what should have been; null to look at everything
   * @param after what should be
   * @param actual what is; null when there is no such service
   */
  static List<IpvsChange> between(
      @Nullable DesiredService before, DesiredService after, @Nullable ActualService actual) {
    var key = after.service().key();
    var edits = new ArrayList<IpvsChange>();
    if (actual == null) {
      edits.add(new AddService(after.service()));
      after.destinations().values().forEach(each -> edits.add(new AddDestination(key, each)));
      return edits;
    }
    if ((before == null || !before.service().equals(after.service()))
        && !actual.service().equals(after.service())) {
      edits.add(new SetService(after.service()));
    }
    Map<DestinationKey, IpvsDestination> found = actual.byKey();
    var changed = new ArrayList<IpvsChange>();
    for (var wanted : after.destinations().values()) {
      if (before != null && wanted.equals(before.destinations().get(wanted.key()))) {
        continue;
      }
      var there = found.get(wanted.key());
      if (there == null) {
        edits.add(new AddDestination(key, wanted));
      } else if (!ActualService.agree(there, wanted)) {
        changed.add(new SetDestination(key, wanted));
      }
    }
    edits.addAll(changed);
    for (var there : actual.destinations()) {
      if (!after.destinations().containsKey(there.key())
          && (before == null || before.destinations().containsKey(there.key()))) {
        edits.add(new DeleteDestination(key, there.key()));
      }
    }
    return edits;
  }

  /** Returns what a service is after an edit of it; null when it isn't there any more. */
  static @Nullable ActualService after(@Nullable ActualService service, IpvsChange edit) {
    return switch (edit) {
      case AddService(var added) -> new ActualService(added, List.of());
      case SetService(var changed) ->
          service == null ? null : new ActualService(changed, service.destinations());
      case DeleteService _ -> null;
      case AddDestination(_, var added) -> {
        if (service == null) {
          yield null;
        }
        var destinations = new ArrayList<IpvsDestination>();
        destinations.add(added);
        destinations.addAll(service.destinations());
        yield new ActualService(service.service(), destinations);
      }
      case SetDestination(_, var changed) ->
          service == null
              ? null
              : new ActualService(
                  service.service(),
                  service.destinations().stream()
                      .map(each -> each.key().equals(changed.key()) ? changed : each)
                      .toList());
      case DeleteDestination(_, var gone) ->
          service == null
              ? null
              : new ActualService(
                  service.service(),
                  service.destinations().stream()
                      .filter(each -> !each.key().equals(gone))
                      .toList());
    };
  }
}
