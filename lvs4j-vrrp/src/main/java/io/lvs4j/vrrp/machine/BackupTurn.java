package io.lvs4j.vrrp.machine;

import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.vrrp.machine.State.Backup;
import java.time.Duration;
import java.util.Optional;

/** What a backup does (RFC 9568 section 6.4.2). */
final class BackupTurn {
  private final Turn turn;
  private final LocalRouter self;
  private final Moment now;
  private final Backup state;

  private BackupTurn(Turn turn, Backup state) {
    this.turn = turn;
    this.self = turn.self();
    this.now = turn.now();
    this.state = state;
  }

  static State of(Turn turn, Backup state, Event event) {
    var backup = new BackupTurn(turn, state);
    return switch (event) {
      case Event.AdvertReceived(Heard advert) -> backup.heard(advert);
      case Event.DeadlineReached _ -> backup.deadlineReached();
      case Event.SocketDrained _ -> backup.socketDrained();
      case Event.TrackersChanged(Tracked tracked) -> backup.trackersChanged(tracked);
      case Event.Reconfigured(LocalRouter before) -> backup.reconfigured(before);
      case Event.StallDetected(Duration length) -> backup.stalled(length);
      case Event.GroupMaster _ -> backup.master("sync group");
      case Event.GroupBackup _ -> state.wanting(false);
      case Event.Shutdown _ -> turn.stop(state.tracked());
      case Event.Start _, Event.VirtualAddressLost _, Event.GroupAnnounce _ -> state;
    };
  }

  private State heard(Heard advert) {
    turn.reportOwnAddress(advert);
    if (advert.priority().isStopping()) {
      var skew = self.skew(state.tracked(), state.masterInterval());
      return state.masterDownAt(arrivedAt(advert, state.masterInterval()).plus(skew));
    }
    boolean weaker = advert.priority().compareTo(self.priority(state.tracked())) < 0;
    var preemptAt = weaker ? preemptAt() : Optional.<Moment>empty();
    if (weaker && mayPreempt(preemptAt)) {
      // The timer keeps running: when it ends we are master.
      return state.preempting(Optional.of(advert));
    }
    var interval = interval(advert);
    return new Backup(
        arrivedAt(advert, interval).plus(self.masterDown(state.tracked(), interval)),
        interval,
        preemptAt,
        false,
        false,
        Optional.empty(),
        state.tracked());
  }

  /**
   * Returns from when on the patience with the master counts: from the advert's arrival, for it may
   * take milliseconds until it is read. One that is older than an interval counts from now: others
   * are missing since, and they may have been dropped where it was kept.
   */
  private Moment arrivedAt(Heard advert, Duration interval) {
    return advert.age().compareTo(interval) > 0 ? now : advert.arrivedAt(now);
  }

  /** Returns until when a master of lower priority is left alone, counted from the first time. */
  private Optional<Moment> preemptAt() {
    var delay = self.instance().preemptDelay();
    return delay.isZero()
        ? Optional.empty()
        : state.preemptAt().or(() -> Optional.of(now.plus(delay)));
  }

  private boolean mayPreempt(Optional<Moment> preemptAt) {
    return self.instance().isPreempting()
        && preemptAt.filter(moment -> !moment.hasCome(now)).isEmpty();
  }

  /** A VRRPv3 master's interval is followed; in VRRPv2 another one was never believed. */
  private Duration interval(Heard advert) {
    if (self.instance().version() == VrrpVersion.V2) {
      return self.instance().advertisementInterval();
    }
    if (!advert.interval().equals(state.masterInterval())) {
      turn.notify(new VrrpEvent.IntervalAdopted(self.instance().name(), advert.interval()));
    }
    return advert.interval();
  }

  private State deadlineReached() {
    if (state.masterDownAt().hasCome(now)) {
      turn.add(new Action.DrainSocket());
    }
    return state;
  }

  private State socketDrained() {
    if (!state.masterDownAt().hasCome(now)) {
      return state;
    }
    var late = state.masterDownAt().until(now);
    if (late.compareTo(state.masterInterval()) > 0 && !state.excused()) {
      // Whoever is late by more than an interval did not listen; it says nothing of the master.
      turn.notify(new VrrpEvent.Stalled(self.instance().name(), late));
      return state.listeningOnceMoreUntil(oneMoreInterval());
    }
    if (self.synchronised()) {
      turn.add(new Action.WantMaster());
      return state
          .wanting(true)
          .masterDownAt(now.plus(self.masterDown(state.tracked(), state.masterInterval())));
    }
    return master("no advert from a master");
  }

  private State master(String reason) {
    return state.preempting().isPresent()
        ? turn.masterInsteadOf(state.preempting().get(), state.tracked())
        : turn.master(state.tracked(), reason);
  }

  private Moment oneMoreInterval() {
    return now.plus(state.masterInterval())
        .plus(self.skew(state.tracked(), state.masterInterval()));
  }

  private State stalled(Duration length) {
    turn.notify(new VrrpEvent.Stalled(self.instance().name(), length));
    return state.listeningOnceMoreUntil(state.masterDownAt().later(oneMoreInterval()));
  }

  /** What is left of the patience with the master is counted from its last advert, as before. */
  private State reconfigured(LocalRouter before) {
    turn.priorityChange(before.priority(state.tracked()), self.priority(state.tracked()));
    var interval =
        self.instance().version() == VrrpVersion.V2
            ? self.instance().advertisementInterval()
            : state.masterInterval();
    var heardAt =
        state.masterDownAt().minus(before.masterDown(state.tracked(), state.masterInterval()));
    return new Backup(
        heardAt.plus(self.masterDown(state.tracked(), interval)),
        interval,
        self.instance().preemptDelay().isZero() ? Optional.empty() : state.preemptAt(),
        state.wanting(),
        state.excused(),
        state.preempting(),
        state.tracked());
  }

  private State trackersChanged(Tracked tracked) {
    if (tracked.isFaulty()) {
      return turn.fault(tracked);
    }
    turn.priorityChange(state.tracked(), tracked);
    var before = self.skew(state.tracked(), state.masterInterval());
    var after = self.skew(tracked, state.masterInterval());
    return state.tracked(tracked).masterDownAt(state.masterDownAt().minus(before).plus(after));
  }
}
