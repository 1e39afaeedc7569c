package io.lvs4j.vrrp.router;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.Tracker;
import io.lvs4j.api.vrrp.VirtualAddress;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpSnapshot;
import io.lvs4j.api.vrrp.VrrpState;
import io.lvs4j.vrrp.machine.LocalRouter;
import io.lvs4j.vrrp.machine.Moment;
import io.lvs4j.vrrp.machine.Reading;
import io.lvs4j.vrrp.machine.State;
import io.lvs4j.vrrp.machine.Tracked;
import io.lvs4j.vrrp.machine.Tracking;
import io.lvs4j.vrrp.router.Tally.Count;
import io.lvs4j.vrrp.wire.ReplayGuard;
import io.lvs4j.vrrp.wire.SigningStamp;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One instance while its router runs: what is known of it beside the state of its machine. It
 * belongs to the router's thread; any thread may ask for its {@link #snapshot}.
 */
final class Member {
  VrrpInstance instance;
  Optional<String> syncGroup;
  final Tally tally = new Tally();
  final Map<Tracker, Reading> readings = new LinkedHashMap<>();

  /** Why adverts can't be sent or heard, in words. */
  List<String> linkFaults = List.of();

  /** Why virtual addresses couldn't be claimed, in words. */
  List<String> claimFaults = List.of();

  /** How many events on end could not be served, by errors that nobody expected. */
  int failedInRow;

  /** Why its virtual servers can't be served, in words. */
  Optional<String> serviceFault = Optional.empty();

  /** Why the host's network can't be used at all. */
  Optional<String> hostFault = Optional.empty();

  /** What the machine was told of all that last. */
  Tracked told = Tracked.GOOD;

  /** When its machine wants to be asked; with many instances it is looked at very often. */
  Optional<Moment> deadline = Optional.empty();

  LocalRouter self;
  @Nullable SharedChannel channel;
  ReplayGuard guard;
  @Nullable SigningStamp stamp;

  private volatile View view;
  private @Nullable InetAddress heardMaster;
  private String reason = "";

  /** What other threads see. */
  private record View(
      VrrpInstance instance,
      Optional<String> syncGroup,
      VrrpState state,
      String reason,
      Instant since,
      Priority effectivePriority,
      List<VirtualAddress> held,
      Optional<InetAddress> master,
      long transitions) {}

  Member(VrrpInstance instance, Optional<String> syncGroup, List<Tracker> groupTrackers) {
    this.instance = instance;
    this.syncGroup = syncGroup;
    this.self = new LocalRouter(instance, nowhere(instance), syncGroup.isPresent());
    this.guard = ReplayGuard.forPeers(instance.unicastPeers().size());
    instance.trackers().forEach(tracker -> readings.put(tracker, new Reading.Unknown()));
    groupTrackers.forEach(tracker -> readings.put(tracker, new Reading.Unknown()));
    this.view =
        new View(
            instance,
            syncGroup,
            VrrpState.INIT,
            "not started",
            Instant.EPOCH,
            instance.priority(),
            List.of(),
            Optional.empty(),
            0);
  }

  private static InetAddress nowhere(VrrpInstance instance) {
    return InetAddress.ofLiteral(instance.family() == AddressFamily.IPV6 ? "::" : "0.0.0.0");
  }

  String name() {
    return instance.name();
  }

  /**
   * Goes on with another configuration. What a tracker of the same name said last holds until it
   * says something else: a setting that changes must not cost an election.
   */
  void reconfigure(VrrpInstance next, Optional<String> nextGroup, List<Tracker> groupTrackers) {
    var before = new LinkedHashMap<>(readings);
    var byName = new LinkedHashMap<String, Reading>();
    before.forEach((tracker, reading) -> byName.put(tracker.name(), reading));
    readings.clear();
    for (var tracker : Stream.concat(next.trackers().stream(), groupTrackers.stream()).toList()) {
      var known = before.getOrDefault(tracker, byName.get(tracker.name()));
      readings.put(tracker, known == null ? new Reading.Unknown() : known);
    }
    if (!next.unicastPeers().equals(instance.unicastPeers())
        || !next.authentication().equals(instance.authentication())) {
      guard = ReplayGuard.forPeers(next.unicastPeers().size());
    }
    instance = next;
    syncGroup = nextGroup;
    self = new LocalRouter(next, self.source(), nextGroup.isPresent());
  }

  /** Sends adverts from another address from now on; empty when there is none. */
  void source(Optional<InetAddress> source) {
    self =
        new LocalRouter(instance, source.orElseGet(() -> nowhere(instance)), syncGroup.isPresent());
  }

  /** Returns what the trackers and the host say together. */
  Tracked tracked() {
    var tracked = Tracking.total(readings);
    for (var fault : linkFaults) {
      tracked = tracked.withFault(fault);
    }
    for (var fault : claimFaults) {
      tracked = tracked.withFault(fault);
    }
    tracked = serviceFault.map(tracked::withFault).orElse(tracked);
    return hostFault.map(tracked::withFault).orElse(tracked);
  }

  void heard(InetAddress sender, Priority priority) {
    heardMaster = priority.isStopping() ? null : sender;
  }

  /** Remembers why the state has changed. */
  void reason(VrrpEvent event) {
    switch (event) {
      case VrrpEvent.Master master -> reason = master.reason();
      case VrrpEvent.Backup backup -> reason = backup.reason();
      case VrrpEvent.Fault fault -> reason = fault.reason();
      case VrrpEvent.Stopped _ -> reason = "stopped";
      case VrrpEvent.LowerPriorityHeard _,
          VrrpEvent.SecondOwnerHeard _,
          VrrpEvent.OwnAddressHeard _,
          VrrpEvent.PriorityChanged _,
          VrrpEvent.AddressRestored _,
          VrrpEvent.Stalled _,
          VrrpEvent.IntervalAdopted _ -> {
        // The state is the same.
      }
    }
  }

  /** Makes a state visible to other threads. */
  void show(State state, List<VirtualAddress> held, Instant now) {
    deadline = state.deadline();
    var before = view;
    boolean changed = before.state() != state.name();
    if (changed && state.name() == VrrpState.MASTER) {
      tally.add(Count.BECAME_MASTER);
    }
    if (changed && before.state() == VrrpState.MASTER) {
      tally.add(Count.RELEASED_MASTER);
      heardMaster = null;
    }
    var words =
        switch (state) {
          case State.Fault(Tracked tracked) -> String.join(", ", tracked.faults());
          case State.Waiting waiting -> waitingFor(waiting);
          case State.Leaving _ -> "stopping, waits for a successor";
          default -> reason;
        };
    var next =
        new View(
            instance,
            syncGroup,
            state.name(),
            words,
            changed ? now : before.since(),
            self.priority(state.tracked()),
            List.copyOf(held),
            master(state),
            before.transitions() + (changed ? 1 : 0));
    if (!next.equals(before)) {
      view = next;
    }
  }

  private String waitingFor(State.Waiting waiting) {
    if (waiting.until().isPresent()) {
      return "start-up delay";
    }
    var silent = new ArrayList<String>();
    readings.forEach((tracker, reading) -> {
      if (reading instanceof Reading.Unknown && !tracker.isWeighted()) {
        silent.add(tracker.name());
      }
    });
    return "no answer yet from tracker " + String.join(", ", silent);
  }

  private Optional<InetAddress> master(State state) {
    return switch (state.name()) {
      case MASTER -> Optional.of(self.source());
      case BACKUP -> Optional.ofNullable(heardMaster);
      case INIT, FAULT, STOPPED -> Optional.empty();
    };
  }

  VrrpState shownState() {
    return view.state();
  }

  VrrpSnapshot snapshot() {
    var shown = view;
    var configured = shown.instance();
    return new VrrpSnapshot(
        configured.name(),
        configured.networkInterface(),
        configured.virtualRouterId(),
        configured.version(),
        shown.syncGroup(),
        shown.state(),
        shown.reason(),
        shown.since(),
        configured.priority(),
        shown.effectivePriority(),
        configured.allAddresses(),
        shown.held(),
        shown.master(),
        shown.transitions(),
        tally.counters());
  }

  /** Returns the earlier of two moments that there may be. */
  static Optional<Moment> earlier(Optional<Moment> one, Optional<Moment> other) {
    if (one.isEmpty()) {
      return other;
    }
    return other.isEmpty() ? one : Optional.of(one.get().earlier(other.get()));
  }

  @Override
  public String toString() {
    return instance.toString();
  }
}
