package io.lvs4j.vrrp.machine;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.vrrp.machine.State.Backup;
import io.lvs4j.vrrp.machine.State.Burst;
import io.lvs4j.vrrp.machine.State.Fault;
import io.lvs4j.vrrp.machine.State.Master;
import io.lvs4j.vrrp.machine.State.Others;
import io.lvs4j.vrrp.machine.State.Stopped;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One step as it is made: who, when, what is to be done, and the transitions that there are. */
final class Turn {
  private static final int GIVING_WAY_ADVERTS = 2;

  private final LocalRouter self;
  private final Moment now;
  private final List<Action> actions = new ArrayList<>();

  Turn(LocalRouter self, Moment now) {
    this.self = self;
    this.now = now;
  }

  LocalRouter self() {
    return self;
  }

  VrrpInstance instance() {
    return self.instance();
  }

  Moment now() {
    return now;
  }

  List<Action> actions() {
    return actions;
  }

  void add(Action action) {
    actions.add(action);
  }

  void notify(VrrpEvent event) {
    add(new Action.Notify(event));
  }

  /** Takes part from now on. An owner need not listen first. */
  State enter(Tracked tracked, String reason) {
    if (tracked.isFaulty()) {
      return fault(tracked);
    }
    boolean atOnce = instance().priority().isOwner() && instance().isStartingAsMaster();
    if (atOnce && !self.synchronised()) {
      return master(tracked, "address owner");
    }
    var backup = backup(tracked, instance().advertisementInterval(), reason);
    if (!atOnce) {
      return backup;
    }
    add(new Action.WantMaster());
    return backup.wanting(true);
  }

  /** The advert comes first: of several backups that wait, the others are to hear it soon. */
  Master master(Tracked tracked, String reason) {
    add(new Action.SendAdvert(self.priority(tracked)));
    add(new Action.ClaimAddresses());
    return mastered(tracked, reason, Optional.empty());
  }

  /**
   * With another master that has the addresses until it hears of us, the advert comes last: they
   * are nowhere only from then until the announcement that follows at once.
   */
  Master masterInsteadOf(Heard another, Tracked tracked) {
    add(new Action.ClaimAddresses());
    add(new Action.SendAdvert(self.priority(tracked)));
    var reason =
        "preempts " + Endpoint.literal(another.sender()) + " (priority " + another.priority() + ")";
    return mastered(tracked, reason, Optional.of(another.sender()));
  }

  private Master mastered(Tracked tracked, String reason, Optional<InetAddress> preempted) {
    var announcements = instance().announcements();
    add(new Action.Announce(announcements.repeat()));
    notify(new VrrpEvent.Master(instance().name(), self.priority(tracked), reason));
    return new Master(
        now.plus(instance().advertisementInterval()),
        now,
        again(announcements.repeat(), announcements.delay()),
        announcements.refresh().isZero()
            ? Optional.empty()
            : Optional.of(now.plus(announcements.refresh())),
        false,
        // Should our first advert be lost, the next one is heard.
        new Others(
            now,
            preempted,
            now.plus(instance().advertisementInterval().multipliedBy(GIVING_WAY_ADVERTS))),
        tracked);
  }

  /** Returns the second burst after a first one. */
  Optional<Burst> again(int repeat, Duration delay) {
    return delay.isZero()
        ? Optional.empty()
        : Optional.of(new Burst(now.plus(delay), repeat, Duration.ZERO));
  }

  Backup backup(Tracked tracked, Duration masterInterval, String reason) {
    notify(new VrrpEvent.Backup(instance().name(), self.priority(tracked), reason));
    return new Backup(
        now.plus(self.masterDown(tracked, masterInterval)),
        masterInterval,
        Optional.empty(),
        false,
        false,
        Optional.empty(),
        tracked);
  }

  Fault fault(Tracked tracked) {
    notify(
        new VrrpEvent.Fault(
            instance().name(), self.priority(tracked), String.join(", ", tracked.faults())));
    return new Fault(tracked);
  }

  /** Gives the addresses up and ends. */
  Stopped leave(Tracked tracked) {
    add(new Action.ReleaseAddresses());
    return stop(tracked);
  }

  Stopped stop(Tracked tracked) {
    notify(new VrrpEvent.Stopped(instance().name(), self.priority(tracked)));
    return new Stopped(tracked);
  }

  /** Tells of an advert that comes from our own address, and not from us. */
  void reportOwnAddress(Heard advert) {
    if (advert.sender().equals(self.source())) {
      notify(new VrrpEvent.OwnAddressHeard(instance().name(), advert.sender()));
    }
  }

  /** Tells of a change of the effective priority. */
  void priorityChange(Tracked before, Tracked after) {
    priorityChange(self.priority(before), self.priority(after));
  }

  /** The same, of one that has another reason. */
  void priorityChange(Priority from, Priority to) {
    if (!from.equals(to)) {
      notify(new VrrpEvent.PriorityChanged(instance().name(), from, to));
    }
  }
}
