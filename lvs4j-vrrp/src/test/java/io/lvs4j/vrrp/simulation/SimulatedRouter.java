package io.lvs4j.vrrp.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.vrrp.machine.Action;
import io.lvs4j.vrrp.machine.Event;
import io.lvs4j.vrrp.machine.Heard;
import io.lvs4j.vrrp.machine.LocalRouter;
import io.lvs4j.vrrp.machine.Machine;
import io.lvs4j.vrrp.machine.Moment;
import io.lvs4j.vrrp.machine.State;
import io.lvs4j.vrrp.machine.Tracked;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * A host that runs the state machine as a driver would, and judges each of its actions by
 * arithmetic of its own.
 */
final class SimulatedRouter {
  private static final int MOST_TURNS_AT_ONCE = 50;

  private final VrrpInstance instance;
  private final LocalRouter self;
  private final Timeline time;
  private final Link link;
  private final Deque<Arrived> socket = new ArrayDeque<>();
  private State state = Machine.initial(Tracked.GOOD);
  private Tracked tracked = Tracked.GOOD;
  private boolean paused;
  private boolean alive;
  private boolean leaving;
  private boolean startingAgain;
  private boolean buffering = true;
  private boolean holding;
  private boolean preempting;
  private int claims;
  private int wakeUp;
  private Duration lateness = Duration.ZERO;

  // The judge's own idea of when a backup may claim the addresses, and could notice that.
  private Duration masterInterval;
  private Moment notBefore;
  private Moment noticedAt;
  private Moment lastAdvertAt;
  private boolean stalled;
  private Moment leavesBy;

  SimulatedRouter(VrrpInstance instance, InetAddress source, Timeline time, Link link) {
    this.instance = instance;
    this.self = LocalRouter.of(instance, source);
    this.time = time;
    this.link = link;
    this.masterInterval = instance.advertisementInterval();
    this.notBefore = time.now();
    this.noticedAt = time.now();
    this.lastAdvertAt = time.now();
    this.leavesBy = time.now();
  }

  /** An advert in the socket. */
  private record Arrived(Heard advert, Moment at) {
    Heard heard(Moment now) {
      return new Heard(advert.sender(), advert.priority(), advert.interval(), at.until(now));
    }
  }

  boolean isHolding() {
    return holding;
  }

  boolean isWell() {
    return alive && !leaving && !tracked.isFaulty();
  }

  boolean isAlive() {
    return alive;
  }

  boolean isSteppingDownSilently() {
    return !instance.isAdvertisingBeforeSteppingDown();
  }

  boolean isPreempting() {
    return instance.isPreempting();
  }

  int claims() {
    return claims;
  }

  Priority priority() {
    return instance.priority().adjusted(tracked.offset());
  }

  void start() {
    startingAgain = leaving;
    if (!alive) {
      alive = true;
      socket.clear();
      state = Machine.initial(tracked);
      feed(new Event.Start());
      serve();
    }
  }

  /** The process is gone without a word, and its addresses with it. */
  void kill() {
    alive = false;
    leaving = false;
    holding = false;
    paused = false;
    wakeUp++;
  }

  void shutDown() {
    if (alive && !leaving && !paused) {
      leaving = true;
      startingAgain = false;
      leavesBy = time.now().plus(longestSkew()).plus(Duration.ofMillis(100));
      feed(new Event.Shutdown());
      assertThat(holding && !instance.isHandingOver()).as("addresses after shutdown").isFalse();
      serve();
    }
  }

  /** The process ends once the machine has, and it is started again if somebody wanted it to. */
  private void endIfStopped() {
    if (leaving && state instanceof State.Stopped) {
      assertThat(holding).as("addresses at the end").isFalse();
      boolean again = startingAgain;
      kill();
      if (again) {
        start();
      }
    }
  }

  /**
   * The process stands still.
   *
   * @param buffering whether the kernel goes on, and the socket fills, or the whole host stands
   */
  void pause(boolean buffering) {
    if (alive && !paused) {
      paused = true;
      this.buffering = buffering;
    }
  }

  void resume() {
    if (paused) {
      paused = false;
      noticedAt = time.now();
      serve();
    }
  }

  /** From now on every deadline is noticed late by this much. */
  void starve(Duration lateness) {
    this.lateness = lateness;
    scheduleWakeUp();
  }

  void track(Tracked next) {
    if (paused) {
      return;
    }
    var before = priority();
    tracked = next;
    if (alive) {
      if (state instanceof State.Backup && !next.isFaulty()) {
        notBefore = notBefore.minus(skew(before)).plus(skew(priority()));
        noticedAt = time.now();
      }
      feed(new Event.TrackersChanged(next));
      serve();
    }
  }

  void receive(Heard advert) {
    if (!alive || (paused && !buffering)) {
      return;
    }
    socket.add(new Arrived(advert, time.now()));
    if (!paused) {
      serve();
    }
  }

  /** Does what a driver does when a timer or the socket wakes it: the timer first, if it is due. */
  private void serve() {
    for (int turn = 0; alive && !paused; turn++) {
      if (turn > MOST_TURNS_AT_ONCE) {
        fail("%s never comes to rest in %s", self.source(), state);
      }
      if (isDue()) {
        feed(new Event.DeadlineReached());
      } else if (socket.isEmpty()) {
        break;
      }
      while (!socket.isEmpty()) {
        feed(new Event.AdvertReceived(socket.remove().heard(time.now())));
      }
      feed(new Event.SocketDrained());
    }
    scheduleWakeUp();
    endIfStopped();
  }

  private void scheduleWakeUp() {
    int scheduled = ++wakeUp;
    if (!alive || paused) {
      return;
    }
    state
        .deadline()
        .ifPresent(deadline ->
            time.at(
                deadline.plus(lateness),
                () -> {
                  if (scheduled == wakeUp) {
                    if (!lateness.isZero()) {
                      noticedAt = time.now();
                    }
                    serve();
                  }
                }));
  }

  private boolean isDue() {
    return state.deadline().filter(deadline -> deadline.hasCome(time.now())).isPresent();
  }

  private void feed(Event event) {
    var before = state;
    stalled =
        before instanceof State.Master master
            && (master.listening() || lastAdvertAt.until(time.now()).compareTo(patience()) > 0);
    if (before instanceof State.Backup && event instanceof Event.AdvertReceived(Heard advert)) {
      judgeTimer(advert);
    } else if (!(before instanceof State.Backup)) {
      preempting = false;
    }
    var step = Machine.step(self, before, event, time.now());
    state = step.state();
    if (state instanceof State.Backup && !(before instanceof State.Backup)) {
      masterInterval =
          event instanceof Event.AdvertReceived(Heard advert) ? followed(advert) : own();
      notBefore = time.now().plus(down());
    }
    for (var action : step.actions()) {
      perform(action, event);
    }
    if (leaving
        && event instanceof Event.AdvertReceived(Heard advert)
        && !advert.priority().isStopping()) {
      assertThat(holding).as("%s holds what %s has", self.source(), advert).isFalse();
    }
    if (step.actions().contains(new Action.ClaimAddresses())) {
      assertThat(step.actions().stream().map(Object::getClass))
          .as("what goes with a claim, with a master to preempt: %s", preempting)
          .containsSequence(
              preempting ? Action.ClaimAddresses.class : Action.SendAdvert.class,
              preempting ? Action.SendAdvert.class : Action.ClaimAddresses.class,
              Action.Announce.class);
    }
  }

  private void perform(Action action, Event cause) {
    switch (action) {
      case Action.SendAdvert(Priority priority) -> {
        assertThat(priority).isIn(priority(), Priority.STOPPING);
        if (!priority.isStopping()) {
          lastAdvertAt = time.now();
        }
        link.advertise(this, new Heard(self.source(), priority, own()));
      }
      case Action.ClaimAddresses _ -> claim();
      case Action.ReleaseAddresses _ -> release(cause);
      case Action.Announce _ -> {
        assertThat(holding).as("%s announces what it holds", self.source()).isTrue();
        link.announce(this);
      }
      case Action.Notify(VrrpEvent.Stalled(_, Duration length, _)) -> judgeStall(length);
      case Action.Notify _, Action.DrainSocket _ -> {
        // Nothing that the others could see.
      }
      case Action.RestoreAddress _, Action.AnnounceSource _, Action.WantMaster _ ->
          fail("%s was not asked for", action);
    }
  }

  private void claim() {
    assertThat(holding).as("%s claims what it holds", self.source()).isFalse();
    boolean ownerAtOnce = instance.priority().isOwner() && instance.isStartingAsMaster();
    if (!ownerAtOnce || notBefore.compareTo(noticedAt) > 0) {
      assertThat(socket.stream().map(Arrived::advert).noneMatch(this::isObeyed))
          .as("%s claims with an advert unread", self.source())
          .isTrue();
    }
    if (!ownerAtOnce) {
      assertThat(time.now())
          .as("%s of priority %s claims", self.source(), priority())
          .isEqualTo(notBefore.later(noticedAt));
    }
    holding = true;
    claims++;
  }

  private void release(Event cause) {
    if (!holding) {
      return;
    }
    holding = false;
    switch (cause) {
      case Event.AdvertReceived(Heard advert) ->
          assertThat(leaving || beats(advert) || (!instance.isPreempting() && stalled))
              .as("%s of priority %s gives way to %s", self.source(), priority(), advert)
              .isTrue();
      case Event.Shutdown _ ->
          assertThat(!instance.isHandingOver() || stalled).as("released at once").isTrue();
      case Event.DeadlineReached _ -> {
        assertThat(leaving).as("%s is leaving", self.source()).isTrue();
        assertThat(time.now()).isEqualTo(leavesBy.later(noticedAt));
      }
      case Event.TrackersChanged(Tracked now) -> assertThat(now.isFaulty()).isTrue();
      default -> fail("%s releases the addresses because of %s", self.source(), cause);
    }
  }

  private boolean beats(Heard advert) {
    int priority = advert.priority().value() - priority().value();
    return priority > 0
        || (priority == 0
            && Arrays.compareUnsigned(advert.sender().getAddress(), self.source().getAddress())
                > 0);
  }

  private boolean isObeyed(Heard advert) {
    return !advert.priority().isStopping()
        && (!instance.isPreempting() || advert.priority().value() >= priority().value());
  }

  private void judgeTimer(Heard advert) {
    if (advert.priority().isStopping()) {
      notBefore = arrived(advert).plus(skew(priority()));
    } else if (isObeyed(advert)) {
      preempting = false;
      masterInterval = followed(advert);
      notBefore = arrived(advert).plus(down());
    } else {
      preempting = true;
    }
  }

  /** What is older than an interval counts from now. */
  private Moment arrived(Heard advert) {
    var interval = advert.priority().isStopping() ? masterInterval : followed(advert);
    return advert.age().compareTo(interval) > 0 ? time.now() : time.now().minus(advert.age());
  }

  private void judgeStall(Duration length) {
    if (state instanceof State.Backup) {
      assertThat(length).isGreaterThan(masterInterval);
      notBefore = time.now().plus(masterInterval).plus(skew(priority()));
    } else {
      assertThat(length).isGreaterThan(patience());
    }
  }

  private Duration own() {
    return instance.advertisementInterval();
  }

  private Duration followed(Heard advert) {
    return instance.version() == VrrpVersion.V3 ? advert.interval() : own();
  }

  private Duration down() {
    return Duration.ofNanos(3 * masterInterval.toNanos()).plus(skew(priority()));
  }

  private Duration skew(Priority priority) {
    long unit = instance.version() == VrrpVersion.V2 ? 1_000_000_000L : masterInterval.toNanos();
    return Duration.ofNanos((256 - priority.value()) * unit / 256);
  }

  private Duration longestSkew() {
    long unit = instance.version() == VrrpVersion.V2 ? 1_000_000_000L : own().toNanos();
    return Duration.ofNanos(255 * unit / 256);
  }

  private Duration patience() {
    long unit = instance.version() == VrrpVersion.V2 ? 1_000_000_000L : own().toNanos();
    return Duration.ofNanos(3 * own().toNanos() + unit / 256);
  }

  @Override
  public String toString() {
    return self.source().getHostAddress() + " priority " + priority() + " " + state;
  }
}
