package io.lvs4j.vrrp.machine;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.VirtualAddress;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.vrrp.machine.State.Burst;
import io.lvs4j.vrrp.machine.State.Leaving;
import io.lvs4j.vrrp.machine.State.Master;
import io.lvs4j.vrrp.machine.State.Others;
import java.time.Duration;
import java.util.Optional;

/** What a master does (RFC 9568 section 6.4.3). */
final class MasterTurn {
  private static final Duration ANSWER_PAUSE = Duration.ofMillis(100);
  private static final int ANSWERS_IN_A_ROW = 10;

  private final Turn turn;
  private final LocalRouter self;
  private final VrrpInstance instance;
  private final Moment now;
  private final Master state;

  private MasterTurn(Turn turn, Master state) {
    this.turn = turn;
    this.self = turn.self();
    this.instance = turn.instance();
    this.now = turn.now();
    this.state = state;
  }

  static State of(Turn turn, Master state, Event event) {
    var master = new MasterTurn(turn, state);
    return switch (event) {
      case Event.AdvertReceived(Heard advert) -> master.heard(advert);
      case Event.DeadlineReached _ -> master.deadlineReached();
      case Event.SocketDrained _ -> master.socketDrained();
      case Event.TrackersChanged(Tracked tracked) -> master.trackersChanged(tracked);
      case Event.Reconfigured(LocalRouter before) -> master.reconfigured(before);
      case Event.VirtualAddressLost(VirtualAddress address) -> master.restore(address);
      case Event.StallDetected(Duration length) -> master.stallDetected(length);
      case Event.GroupBackup(String reason) -> master.groupBackup(reason);
      case Event.GroupAnnounce _ -> state.burst(Optional.of(defence(turn)));
      case Event.Shutdown _ -> master.shutdown();
      case Event.Start _, Event.GroupMaster _ -> state;
    };
  }

  private static Burst defence(Turn turn) {
    var announcements = turn.instance().announcements();
    return new Burst(
        turn.now(), announcements.lowerPriorityRepeat(), announcements.lowerPriorityDelay());
  }

  private State heard(Heard advert) {
    if (advert.priority().isStopping()) {
      return state.listening() ? state : answer(state, answerAt());
    }
    var ours = self.priority(state.tracked());
    turn.reportOwnAddress(advert);
    if (advert.sender().equals(self.source()) && advert.priority().equals(ours)) {
      return state; // nothing tells which of the two it should be
    }
    if (advert.priority().isOwner() && ours.isOwner()) {
      turn.notify(new VrrpEvent.SecondOwnerHeard(instance.name(), advert.sender()));
    }
    if (self.isBeatenBy(advert, state.tracked())) {
      if (instance.isAdvertisingBeforeSteppingDown()) {
        // The winner has to hear of us, or it would not know that it must announce itself again.
        turn.add(new Action.SendAdvert(ours));
      }
      return giveWay(advert);
    }
    if (isGuarded() && (state.listening() || hasStalled())) {
      return giveWay(advert);
    }
    return defend(advert);
  }

  private State giveWay(Heard advert) {
    turn.add(new Action.ReleaseAddresses());
    var interval =
        instance.version() == VrrpVersion.V2 ? instance.advertisementInterval() : advert.interval();
    return turn.backup(
        state.tracked(),
        interval,
        "advert of priority " + advert.priority() + " from " + Endpoint.literal(advert.sender()));
  }

  /**
   * Answers a master that has to give way. The answer goes out when the socket has been read empty,
   * so that what came in while the process stood still is answered once and not a hundred times.
   */
  private State defend(Heard advert) {
    var at = answerAt();
    if (state.burst().filter(burst -> !burst.at().until(at).isNegative()).isPresent()) {
      return state; // by then it is answered anyway
    }
    turn.notify(
        new VrrpEvent.LowerPriorityHeard(
            instance.name(),
            advert.sender(),
            advert.priority(),
            state.others().isGivingWay(advert, now)));
    var announcements = instance.announcements();
    var next =
        state
            .burst(
                Optional.of(
                    new Burst(
                        at,
                        announcements.lowerPriorityRepeat(),
                        announcements.lowerPriorityDelay())))
            .others(answered(at));
    return instance.isAnsweringLowerPriority() ? next.advertAt(next.advertAt().earlier(at)) : next;
  }

  /**
   * Returns when the next answer out of turn may go out: at once for some in a row, as when two
   * halves of a link come together, and then one a pause. A flood is not answered by one of ours.
   */
  private Moment answerAt() {
    return state.others().answersPaidUntil().minus(inARow()).later(now);
  }

  /** Returns what is remembered after an answer. */
  private Others answered(Moment at) {
    var others = state.others();
    return others.answersPaidUntil(others.answersPaidUntil().later(at).plus(pauseBetweenAnswers()));
  }

  private Master answer(Master due, Moment at) {
    return due.advertAt().until(at).isNegative() ? due.advertAt(at).others(answered(at)) : due;
  }

  private Duration inARow() {
    return pauseBetweenAnswers().multipliedBy(ANSWERS_IN_A_ROW - 1);
  }

  private Duration pauseBetweenAnswers() {
    var interval = instance.advertisementInterval();
    return interval.compareTo(ANSWER_PAUSE) < 0 ? interval : ANSWER_PAUSE;
  }

  private State deadlineReached() {
    if (state.deadline().filter(moment -> moment.hasCome(now)).isPresent()) {
      turn.add(new Action.DrainSocket());
    }
    return state;
  }

  private State socketDrained() {
    if (state.listening()) {
      return state.advertAt().hasCome(now) ? resume() : state;
    }
    if (hasStalled()) {
      turn.notify(
          new VrrpEvent.Stalled(instance.name(), state.lastAdvertAt().until(now), isGuarded()));
      return isGuarded()
          ? state.listening(true).burst(Optional.empty()).advertAt(nextInterval())
          : resume();
    }
    return sendWhatIsDue(state);
  }

  /** Another master may have announced itself meanwhile, so the next advert is not enough. */
  private State resume() {
    var announcements = instance.announcements();
    var burst = new Burst(now, announcements.repeat(), announcements.delay());
    return sendWhatIsDue(state.listening(false).advertAt(now).burst(Optional.of(burst)));
  }

  private Master sendWhatIsDue(Master due) {
    var next = due;
    if (next.advertAt().hasCome(now)) {
      turn.add(new Action.SendAdvert(self.priority(next.tracked())));
      var inStep = next.advertAt().plus(instance.advertisementInterval());
      next = next.lastAdvertAt(now).advertAt(inStep.hasCome(now) ? nextInterval() : inStep);
    }
    var burst = next.burst().orElse(null);
    if (burst != null && burst.at().hasCome(now)) {
      announce(burst.repeat());
      next = next.burst(turn.again(burst.repeat(), burst.again()));
    }
    var announcements = instance.announcements();
    if (next.refreshAt().filter(moment -> moment.hasCome(now)).isPresent()) {
      announce(announcements.refreshRepeat());
      next = next.refreshAt(now.plus(announcements.refresh()));
    }
    return next;
  }

  private void announce(int repeat) {
    if (repeat > 0) {
      turn.add(new Action.Announce(repeat));
    }
  }

  private Moment nextInterval() {
    return now.plus(instance.advertisementInterval());
  }

  /** Says whether we were silent for so long that a backup may have become master. */
  private boolean hasStalled() {
    return state.lastAdvertAt().until(now).compareTo(self.patienceOfOthers()) > 0;
  }

  /** A router that is not to preempt must not take back what another one took over meanwhile. */
  private boolean isGuarded() {
    return instance.isStallGuarded() && !instance.isPreempting();
  }

  private State stallDetected(Duration length) {
    turn.add(new Action.DrainSocket());
    return state.lastAdvertAt(state.lastAdvertAt().minus(length));
  }

  private State trackersChanged(Tracked tracked) {
    if (tracked.isFaulty()) {
      // Two, as keepalived sends: whatever is at fault may cost one of them.
      turn.add(new Action.SendAdvert(Priority.STOPPING));
      turn.add(new Action.SendAdvert(Priority.STOPPING));
      turn.add(new Action.ReleaseAddresses());
      return turn.fault(tracked);
    }
    turn.priorityChange(state.tracked(), tracked);
    return state.tracked(tracked);
  }

  /** The next advert is to come when the others expect it from now on, if that is sooner. */
  private State reconfigured(LocalRouter before) {
    turn.priorityChange(before.priority(state.tracked()), self.priority(state.tracked()));
    var refresh = instance.announcements().refresh();
    return new Master(
        state.advertAt().earlier(nextInterval()),
        state.lastAdvertAt(),
        state.burst(),
        refresh.isZero()
            ? Optional.empty()
            : Optional.of(state.refreshAt().orElse(now.plus(refresh)).earlier(now.plus(refresh))),
        state.listening(),
        state.others(),
        state.tracked());
  }

  private State restore(VirtualAddress address) {
    turn.add(new Action.RestoreAddress(address));
    turn.add(new Action.Announce(instance.announcements().repeat()));
    turn.notify(new VrrpEvent.AddressRestored(instance.name(), address));
    return state;
  }

  /** Priority 0 lets the backup take over at once that has the group's other addresses. */
  private State groupBackup(String reason) {
    turn.add(new Action.SendAdvert(Priority.STOPPING));
    turn.add(new Action.ReleaseAddresses());
    return turn.backup(state.tracked(), instance.advertisementInterval(), reason);
  }

  /** Who stood still, and doesn't know yet whether it is still the master, does not hand over. */
  private State shutdown() {
    turn.add(new Action.SendAdvert(Priority.STOPPING));
    boolean handingOver =
        instance.isHandingOver() && !instance.allAddresses().isEmpty() && !state.listening();
    return handingOver
        ? new Leaving(now.plus(self.patienceWithSuccessors()), state.tracked())
        : turn.leave(state.tracked());
  }
}
