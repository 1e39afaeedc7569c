package io.lvs4j.vrrp.router;

import io.lvs4j.api.host.HostEvent;
import io.lvs4j.api.host.HostNetwork;
import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.vrrp.SyncGroup;
import io.lvs4j.api.vrrp.Tracker;
import io.lvs4j.api.vrrp.TrackerSource;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpState;
import io.lvs4j.vrrp.machine.Action;
import io.lvs4j.vrrp.machine.Event;
import io.lvs4j.vrrp.machine.Moment;
import io.lvs4j.vrrp.machine.Reading;
import io.lvs4j.vrrp.machine.State;
import io.lvs4j.vrrp.machine.Tracked;
import io.lvs4j.vrrp.router.Election.Task;
import io.lvs4j.vrrp.router.Tally.Count;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Drives the elections of a router over the network of its host, one {@link #turn} after the other.
 * All but {@link #post} belongs to one thread.
 *
 * <p>A deadline is believed when the channels have been read empty after the clock was read that
 * says it has passed: what a stopped process missed is heard first.
 */
final class RouterLoop {
  /**
   * How often more is read before a deadline is believed although there is no end of messages. A
   * socket buffer holds less than this many times what one await returns, so what had arrived
   * before the deadline has been read by then.
   */
  private static final int MOST_READS = 64;

  private static final Duration IDLE = Duration.ofHours(1);
  private static final Duration LIGHT_SLEEP = Duration.ofMillis(2);
  private static final Duration NAP = Duration.ofNanos(300_000);

  private final HostNetwork network;
  private final RouterClock clock;
  private final RouterLog log;
  private RouterSettings settings;
  private final Notifications notifications;
  private final Map<Member, Election> elections = new LinkedHashMap<>();
  private final Links links;
  private final Inbound inbound;
  private final Deeds deeds;
  private final Suspension suspension;
  private final HostFailures failures;
  private final Queue<Runnable> posted = new ConcurrentLinkedQueue<>();
  private final Deque<Pending> pending = new ArrayDeque<>();
  private boolean feeding;

  private record Pending(Member member, Event event) {}

  RouterLoop(
      RouterSettings settings,
      HostNetwork network,
      RouterClock clock,
      RouterLog log,
      Notifications notifications,
      List<Election> all) {
    this.settings = settings;
    this.network = network;
    this.clock = clock;
    this.log = log;
    this.notifications = notifications;
    all.forEach(election -> election.members().forEach(each -> elections.put(each, election)));
    this.links = new Links(network, log);
    this.inbound = new Inbound(links, log);
    this.deeds = new Deeds(settings, network, clock, log, notifications, this::refresh);
    this.suspension = new Suspension(clock);
    this.failures = new HostFailures(log);
  }

  /** Runs a task on the thread of the loop, before the loop waits again. From any thread. */
  void post(Runnable task) {
    posted.add(task);
    try {
      network.wakeUp();
    } catch (RuntimeException | Error failed) {
      log.failed("wake-up", failed); // it is done with the next turn
    }
  }

  /** Begins: watches the interfaces, opens channels and starts all instances. */
  void begin() throws HostNetworkException {
    for (var member : elections.keySet()) {
      for (var name : RouterSettings.interfaces(member)) {
        links.watch(name);
      }
    }
    elections.keySet().forEach(deeds::prepare);
    var now = clock.now(); // after the preparations, which take their time
    connect(now);
    elections.keySet().forEach(member -> feed(member, new Event.Start(), now));
  }

  /**
   * Goes on with another configuration, and returns the instances that there are now. Those that
   * are concerned by no difference don't notice.
   *
   * @throws HostNetworkException when an interface can't be watched; nothing has changed then
   */
  List<Member> reconfigure(RouterSettings next) throws HostNetworkException {
    for (var instance : next.instances()) {
      for (var name : RouterSettings.interfaces(next.member(instance))) {
        links.watch(name);
      }
    }
    var change = Reconfiguration.between(elections.keySet(), settings, next);
    var ahead = claimAhead(change, next);
    change.leaving().forEach(this::leave);
    deeds.tell();
    var states = new LinkedHashMap<Member, State>();
    elections.forEach((member, election) -> states.put(member, election.state(member)));
    states.keySet().retainAll(change.members());
    settings = next;
    deeds.use(next);
    for (var member : change.changed().keySet()) {
      member.reconfigure(
          next.instance(member.name()),
          next.groupOf(member.name()).map(SyncGroup::name),
          next.groupTrackers(member.name()));
    }
    elections.clear();
    next.elections(change.members(), states)
        .forEach(election -> election.members().forEach(member -> elections.put(member, election)));
    goOn(change, ahead, clock.now());
    return change.members();
  }

  /** Lets masters that go on claim what they are to have, before others release it. */
  private Map<Member, Deeds.Moved> claimAhead(Reconfiguration change, RouterSettings next) {
    var moved = new LinkedHashMap<Member, Deeds.Moved>();
    for (var member : change.changed().keySet()) {
      if (electionOf(member).state(member) instanceof State.Master) {
        moved.put(member, deeds.claimAhead(member, next.instance(member.name())));
      }
    }
    return moved;
  }

  private void goOn(Reconfiguration change, Map<Member, Deeds.Moved> ahead, Moment now) {
    change.coming().forEach(deeds::prepare);
    change.changed().keySet().forEach(deeds::prepare);
    change
        .changed()
        .forEach((member, before) -> {
          var moved = ahead.get(member);
          if (moved != null) {
            deeds.move(member, before.addresses(), moved, now);
          }
        });
    connect(now);
    change
        .changed()
        .forEach((member, before) -> {
          feed(member, new Event.Reconfigured(before.self()), now);
          feed(member, new Event.TrackersChanged(member.told), now);
        });
    change.coming().forEach(member -> feed(member, new Event.Start(), now));
    Set.copyOf(elections.values()).forEach(election -> agree(election, now));
  }

  /** Ends an instance, whatever its sync group thinks of it: it is no member any more. */
  private void leave(Member member) {
    var now = clock.now();
    var alone = new SingleElection(member, electionOf(member).state(member));
    while (!(alone.state(member) instanceof State.Stopped)) {
      // The second time it does not wait for a successor, of which this loop would not hear.
      var tasks = alone.step(member, new Event.Shutdown(), now);
      deeds.perform(member, tasks.stream().map(RouterLoop::ofRemoved).toList(), now);
    }
    show(alone);
    links.disconnect(member);
    deeds.forget(member);
  }

  private static Task ofRemoved(Task task) {
    return task.action() instanceof Action.Notify(VrrpEvent.Stopped(var name, var priority, _))
        ? new Task(task.member(), new Action.Notify(new VrrpEvent.Stopped(name, priority, true)))
        : task;
  }

  /** Members of a group that are not master together let go, to become it together. */
  private void agree(Election election, Moment now) {
    var masters =
        election.members().stream()
            .filter(member -> election.state(member) instanceof State.Master)
            .toList();
    if (masters.size() < election.members().size()) {
      masters.forEach(member -> feed(member, new Event.GroupBackup("sync group has changed"), now));
    }
    show(election);
  }

  /** Waits until something happens or a deadline has passed, and does what follows from it. */
  void turn() {
    runPosted();
    var before = clock.now();
    // After a failure a look is enough: whether they are over is not to depend on what comes next.
    var events = await(failures.isFailing() ? before : wakeAt(before));
    var now = clock.now();
    events.ifPresent(heard -> handle(heard, now));
    tryUnless("stall", () -> noticeSuspension(now));
    serveDeadlines();
    tryUnless("retries", this::serveRetries);
    tryUnless("announcements", () -> deeds.announce(clock.now()));
  }

  /** Does something that concerns no instance; should it fail, the loop goes on with the next. */
  private void tryUnless(String what, Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error failed) {
      log.failed(what, failed);
    }
  }

  private void noticeSuspension(Moment now) {
    suspension
        .length(now)
        .ifPresent(length ->
            elections.keySet().stream()
                .filter(each -> each.instance.advertisementInterval().compareTo(length) < 0)
                .forEach(each -> feed(each, new Event.StallDetected(length), now)));
  }

  private void runPosted() {
    for (var task = posted.poll(); task != null; task = posted.poll()) {
      tryUnless("task", task);
    }
  }

  private Moment deadline(Moment now) {
    var earliest = Member.earlier(deeds.nextAt(now), links.retryAt());
    for (var member : elections.keySet()) {
      earliest = Member.earlier(earliest, member.deadline);
    }
    return earliest.orElseGet(() -> now.plus(IDLE));
  }

  /**
   * Returns until when to wait at most. Before a takeover that is not the deadline, but one nap
   * after the other: out of one long sleep the first advert came 0.2 to 0.3 ms later, and until
   * then nobody has the addresses. As long as adverts come in time no such deadline comes near.
   */
  private Moment wakeAt(Moment now) {
    var deadline = deadline(now);
    if (!isTakeover(deadline)) {
      return deadline;
    }
    var light = deadline.minus(LIGHT_SLEEP);
    return light.hasCome(now) ? now.plus(NAP).earlier(deadline) : light;
  }

  private boolean isTakeover(Moment deadline) {
    return elections.keySet().stream()
        .anyMatch(member ->
            member.shownState() == VrrpState.BACKUP
                && member.deadline.filter(deadline::equals).isPresent());
  }

  /** Returns what has happened; empty when the host network failed to say. */
  private Optional<List<HostEvent>> await(Moment until) {
    try {
      var events = network.await(until.nanos());
      if (failures.over()) {
        setFaultOfAll(Optional.empty());
      }
      return Optional.of(events);
    } catch (HostNetworkException failed) {
      if (failures.lasting(failed, clock.now())) {
        setFaultOfAll(Optional.of("host network: " + failed.getMessage()));
      }
      return Optional.empty();
    } catch (RuntimeException | Error failed) {
      elections.keySet().forEach(member -> member.tally.add(Count.INTERNAL_ERRORS));
      if (failures.lasting(failed, clock.now())) {
        setFaultOfAll(Optional.of("host network: internal error: " + RouterLog.words(failed)));
      }
      return Optional.empty();
    }
  }

  private void setFaultOfAll(Optional<String> fault) {
    var now = clock.now();
    elections
        .keySet()
        .forEach(member -> {
          member.hostFault = fault;
          refresh(member, now);
        });
  }

  private void handle(List<HostEvent> events, Moment now) {
    boolean linksChanged = false;
    for (var event : events) {
      linksChanged |= event instanceof HostEvent.InterfaceChanged;
      tryUnless("event", () -> handle(event, now));
    }
    if (linksChanged) {
      tryUnless(
          "interfaces",
          () -> {
            deeds.tryAgain(now);
            connect(now);
          });
    }
  }

  private void handle(HostEvent event, Moment now) {
    switch (event) {
      case HostEvent.MessageReceived message -> heard(message, now);
      case HostEvent.InterfaceChanged changed -> links.changed(changed);
      case HostEvent.AddressRemoved(var claim) ->
          deeds
              .owners(claim)
              .forEach(owner ->
                  feed(owner.member(), new Event.VirtualAddressLost(owner.address()), now));
      case HostEvent.AddressInUse(var claim, var station) ->
          deeds.owners(claim).stream()
              .filter(owner -> !isLeaving(owner.member()))
              .forEach(owner -> {
                owner.member().tally.add(Count.ADDRESS_CONFLICTS);
                log.warn(
                    "conflict " + claim,
                    owner.member().name() + ": " + claim + " is also used by " + station);
              });
    }
  }

  private void heard(HostEvent.MessageReceived message, Moment now) {
    links
        .channel(message.channel())
        .flatMap(channel -> inbound.read(channel, message, now, clock.timeOfDay()))
        .ifPresent(believed -> {
          var advert = believed.advert();
          believed.member().heard(advert.sender(), advert.priority());
          feed(believed.member(), new Event.AdvertReceived(advert), now);
        });
  }

  /** Brings channels and what is tracked in line with the interfaces. */
  private void connect(Moment now) {
    links.beginRound();
    for (var member : elections.keySet()) {
      links.connect(member, now);
      for (var tracker : List.copyOf(member.readings.keySet())) {
        if (tracker.source() instanceof TrackerSource.NetworkInterface(String name)) {
          member.readings.put(tracker, links.reading(name));
        }
      }
      refresh(member, now);
    }
  }

  /** Takes what a tracker said. */
  void read(Tracker tracker, Reading reading) {
    var now = clock.now();
    for (var member : elections.keySet()) {
      if (member.readings.containsKey(tracker)) {
        member.readings.put(tracker, reading);
        refresh(member, now);
      }
    }
  }

  /** Takes what was found out about something that several trackers may look at. */
  void report(TrackerSource source, Reading reading) {
    elections.keySet().stream()
        .flatMap(member -> member.readings.keySet().stream())
        .filter(tracker -> tracker.source().equals(source))
        .distinct()
        .toList()
        .forEach(tracker -> read(tracker, reading));
  }

  /** Takes why an instance must not be master for now; empty when it may be. */
  void serviceFault(String instance, Optional<String> reason) {
    for (var member : elections.keySet()) {
      if (member.name().equals(instance)) {
        member.serviceFault = reason;
        refresh(member, clock.now());
      }
    }
  }

  /** Tells the machine what is tracked, if it has changed. */
  private void refresh(Member member, Moment now) {
    var tracked = member.tracked();
    if (!tracked.equals(member.told)) {
      member.told = tracked;
      feed(member, new Event.TrackersChanged(tracked), now);
    }
  }

  private void serveDeadlines() {
    var now = clock.now();
    var due = new ArrayList<Member>();
    for (var member : elections.keySet()) {
      if (member.deadline.filter(at -> at.hasCome(now)).isPresent()) {
        due.add(member);
      }
    }
    if (due.isEmpty()) {
      return;
    }
    due.forEach(member -> feed(member, new Event.DeadlineReached(), now));
    if (drain(now)) {
      due.forEach(member -> feed(member, new Event.SocketDrained(), now));
    }
  }

  /** Hands in what had arrived before now. */
  private boolean drain(Moment now) {
    for (int i = 0; i < MOST_READS; i++) {
      var events = await(now);
      if (events.isEmpty()) {
        return false;
      }
      if (events.get().isEmpty()) {
        return true;
      }
      handle(events.get(), now);
    }
    return true;
  }

  private void serveRetries() {
    var now = clock.now();
    if (links.retryAt().filter(at -> at.hasCome(now)).isPresent()) {
      connect(now);
    }
    deeds.retry(now);
  }

  private void feed(Member member, Event event, Moment now) {
    pending.add(new Pending(member, event));
    if (feeding) {
      return;
    }
    feeding = true;
    try {
      for (var next = pending.poll(); next != null; next = pending.poll()) {
        try {
          serve(next, now);
          next.member.failedInRow = 0;
        } catch (RuntimeException | Error failed) {
          failed(next.member, failed, now);
        }
      }
    } finally {
      feeding = false;
    }
  }

  private void serve(Pending next, Moment now) {
    var election = electionOf(next.member);
    deeds.perform(next.member, election.step(next.member, next.event, now), now);
    deeds.announce(now); // before anybody is told: until then the link asks the old master
    show(election);
    deeds.tell();
  }

  /**
   * Takes an instance out of the election that could not do what an event asks for: what it has is
   * released, and it tries again later, as after a claim that was refused. The others go on.
   */
  private void failed(Member member, Throwable failure, Moment now) {
    member.tally.add(Count.INTERNAL_ERRORS);
    log.failed(member.name(), failure);
    var reason = "internal error: " + RouterLog.words(failure);
    member.failedInRow++;
    if (member.failedInRow == 1) {
      deeds.giveUp(member, reason, now);
    } else {
      // Not even the step to FAULT can be made: it is put there.
      putInFault(member, reason, now);
    }
  }

  private void putInFault(Member member, String reason, Moment now) {
    var election = electionOf(member);
    var states = new LinkedHashMap<Member, State>();
    elections.forEach((each, its) -> states.put(each, its.state(each)));
    for (var each : election.members()) {
      if (each.shownState() == VrrpState.MASTER) {
        attempt(() -> deeds.sayGoodbye(each));
      }
      attempt(() -> deeds.release(each, now));
      deeds.giveUpSilently(each, reason, now);
      each.told = each.tracked();
      states.put(each, new State.Fault(each.told));
    }
    var members = List.copyOf(elections.keySet());
    elections.clear();
    settings
        .elections(members, states)
        .forEach(next -> next.members().forEach(each -> elections.put(each, next)));
    for (var each : election.members()) {
      boolean known = each.shownState() == VrrpState.FAULT;
      each.show(
          Objects.requireNonNull(states.get(each)), deeds.addressesOf(each), clock.timeOfDay());
      if (!known) {
        notifications.publish(
            new VrrpEvent.Fault(each.name(), each.self.priority(each.told), reason),
            settings.listenersOf(each));
      }
    }
  }

  private Election electionOf(Member member) {
    return Objects.requireNonNull(elections.get(member));
  }

  private void show(Election election) {
    for (var member : election.members()) {
      var state = election.state(member);
      member.show(state, deeds.addressesOf(member), clock.timeOfDay());
    }
  }

  /**
   * Ends all instances: their last adverts first, then the addresses, then the listeners. Those
   * that wait for a successor go on taking turns; {@link #hasEnded} says when they are done.
   */
  void end() {
    var now = clock.now();
    var tasks = new LinkedHashMap<Election, List<Task>>();
    elections.forEach((member, election) ->
        tasks
            .computeIfAbsent(election, _ -> new ArrayList<>())
            .addAll(election.step(member, new Event.Shutdown(), now)));
    for (var last : List.of(true, false)) {
      tasks.forEach((election, all) ->
          deeds.perform(
              election.members().getFirst(),
              all.stream()
                  .filter(task -> task.action() instanceof Action.SendAdvert == last)
                  .toList(),
              now));
    }
    tasks.keySet().forEach(this::show);
    deeds.tell();
  }

  /** Says whether all instances have ended. */
  boolean hasEnded() {
    return elections.keySet().stream().noneMatch(this::isLeaving);
  }

  private boolean isLeaving(Member member) {
    return electionOf(member).state(member) instanceof State.Leaving;
  }

  /** Makes the best of a loop that can't go on: no addresses, and everybody is told. */
  void fail(Throwable cause) {
    var now = clock.now();
    for (var member : elections.keySet()) {
      if (member.shownState() == VrrpState.MASTER) {
        attempt(() -> deeds.sayGoodbye(member));
      }
    }
    elections.keySet().forEach(member -> attempt(() -> deeds.release(member, now)));
    var fault = Tracked.fault("router failed: " + RouterLog.words(cause));
    for (var member : elections.keySet()) {
      attempt(() -> {
        member.show(new State.Fault(fault), deeds.addressesOf(member), clock.timeOfDay());
        notifications.publish(
            new VrrpEvent.Fault(
                member.name(), member.self.priority(fault), fault.faults().getFirst()),
            settings.listenersOf(member));
      });
    }
  }

  /** Whatever is broken may break this too, and what comes after it is to be done all the same. */
  private void attempt(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error failure) {
      log.log(Level.ERROR, "at the end of a failed VRRP router", failure);
    }
  }
}
