package io.lvs4j.vrrp.machine;

import io.lvs4j.vrrp.machine.State.Backup;
import io.lvs4j.vrrp.machine.State.Fault;
import io.lvs4j.vrrp.machine.State.Initial;
import io.lvs4j.vrrp.machine.State.Leaving;
import io.lvs4j.vrrp.machine.State.Master;
import io.lvs4j.vrrp.machine.State.Stopped;
import io.lvs4j.vrrp.machine.State.Waiting;
import java.util.Optional;

/** The state machine of RFC 9568 section 6.4, with keepalived's FAULT and what its users miss. */
public final class Machine {
  private Machine() {}

  /** Returns the state of an instance that is about to start. */
  public static State initial(Tracked tracked) {
    return new Initial(tracked);
  }

  /**
   * Returns what an event leads to. An event that makes no sense in a state changes nothing.
   *
   * @param self who we are
   * @param state the present state
   * @param event what happened
   * @param now the present moment
   */
  public static Step step(LocalRouter self, State state, Event event, Moment now) {
    var turn = new Turn(self, now);
    var next =
        switch (state) {
          case Initial initial -> initial(turn, initial, event);
          case Waiting waiting -> waiting(turn, waiting, event);
          case Fault fault -> fault(turn, fault, event);
          case Backup backup -> BackupTurn.of(turn, backup, event);
          case Master master -> MasterTurn.of(turn, master, event);
          case Leaving leaving -> leaving(turn, leaving, event);
          case Stopped stopped -> stopped;
        };
    return new Step(next, turn.actions());
  }

  private static State initial(Turn turn, Initial state, Event event) {
    return switch (event) {
      case Event.Start _ -> {
        var delay = turn.instance().startUpDelay();
        var until = delay.isZero() ? Optional.<Moment>empty() : Optional.of(turn.now().plus(delay));
        // What a process left behind that was killed while it was master.
        turn.add(new Action.ReleaseAddresses());
        yield begin(turn, new Waiting(until, state.tracked()));
      }
      case Event.TrackersChanged(Tracked tracked) -> new Initial(tracked);
      case Event.Shutdown _ -> turn.stop(state.tracked());
      case Event.AdvertReceived _,
          Event.DeadlineReached _,
          Event.SocketDrained _,
          Event.Reconfigured _,
          Event.VirtualAddressLost _,
          Event.StallDetected _,
          Event.GroupMaster _,
          Event.GroupBackup _,
          Event.GroupAnnounce _ ->
          state;
    };
  }

  private static State waiting(Turn turn, Waiting state, Event event) {
    return switch (event) {
      case Event.TrackersChanged(Tracked tracked) ->
          begin(turn, new Waiting(state.until(), tracked));
      case Event.DeadlineReached _, Event.SocketDrained _ -> begin(turn, state);
      case Event.Shutdown _ -> turn.stop(state.tracked());
      case Event.Start _,
          Event.AdvertReceived _,
          Event.Reconfigured _,
          Event.VirtualAddressLost _,
          Event.StallDetected _,
          Event.GroupMaster _,
          Event.GroupBackup _,
          Event.GroupAnnounce _ ->
          state;
    };
  }

  private static State begin(Turn turn, Waiting state) {
    if (state.until().filter(until -> !until.hasCome(turn.now())).isPresent()) {
      return state;
    }
    return state.tracked().pending()
        ? new Waiting(Optional.empty(), state.tracked())
        : turn.enter(state.tracked(), "started");
  }

  /**
   * Without its addresses a site is out of reach from the last advert until a backup has taken
   * over, which takes its skew time. So they are kept meanwhile; whoever sends an advert has them
   * now.
   */
  private static State leaving(Turn turn, Leaving state, Event event) {
    return switch (event) {
      case Event.AdvertReceived(Heard advert) -> {
        boolean another =
            !advert.priority().isStopping() && !advert.sender().equals(turn.self().source());
        yield another ? turn.leave(state.tracked()) : state;
      }
      case Event.DeadlineReached _ ->
          state.until().hasCome(turn.now()) ? turn.leave(state.tracked()) : state;
      case Event.TrackersChanged(Tracked tracked) ->
          tracked.isFaulty() ? turn.leave(tracked) : new Leaving(state.until(), tracked);
      case Event.Shutdown _ -> turn.leave(state.tracked());
      case Event.Start _,
          Event.SocketDrained _,
          Event.Reconfigured _,
          Event.VirtualAddressLost _,
          Event.StallDetected _,
          Event.GroupMaster _,
          Event.GroupBackup _,
          Event.GroupAnnounce _ ->
          state;
    };
  }

  private static State fault(Turn turn, Fault state, Event event) {
    return switch (event) {
      case Event.TrackersChanged(Tracked tracked) -> {
        if (tracked.isFaulty()) {
          turn.priorityChange(state.tracked(), tracked);
          yield new Fault(tracked);
        }
        if (!turn.instance().unicastPeers().isEmpty()) {
          turn.add(new Action.AnnounceSource());
        }
        yield turn.enter(tracked, "no fault any more");
      }
      case Event.Shutdown _ -> turn.stop(state.tracked());
      case Event.Start _,
          Event.AdvertReceived _,
          Event.DeadlineReached _,
          Event.SocketDrained _,
          Event.Reconfigured _,
          Event.VirtualAddressLost _,
          Event.StallDetected _,
          Event.GroupMaster _,
          Event.GroupBackup _,
          Event.GroupAnnounce _ ->
          state;
    };
  }
}
