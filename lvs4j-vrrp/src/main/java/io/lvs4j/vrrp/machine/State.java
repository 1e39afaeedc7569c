package io.lvs4j.vrrp.machine;

import io.lvs4j.api.vrrp.VrrpState;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** What an instance is doing, with all deadlines that it has. */
public sealed interface State {
  /** Returns what the trackers said last. */
  Tracked tracked();

  /** Returns when {@link Event.DeadlineReached} is due; empty when nothing is waited for. */
  Optional<Moment> deadline();

  /** Returns the word for the state. */
  VrrpState name();

  /** Not started. */
  record Initial(Tracked tracked) implements State {
    @Override
    public Optional<Moment> deadline() {
      return Optional.empty();
    }

    @Override
    public VrrpState name() {
      return VrrpState.INIT;
    }
  }

  /**
   * Started, but not taking part yet.
   *
   * @param until when the start-up delay ends; empty when only a tracker's first word is missing
   * @param tracked what the trackers said last
   */
  record Waiting(Optional<Moment> until, Tracked tracked) implements State {
    @Override
    public Optional<Moment> deadline() {
      return until;
    }

    @Override
    public VrrpState name() {
      return VrrpState.INIT;
    }
  }

  /** Unable to be master. */
  record Fault(Tracked tracked) implements State {
    @Override
    public Optional<Moment> deadline() {
      return Optional.empty();
    }

    @Override
    public VrrpState name() {
      return VrrpState.FAULT;
    }
  }

  /**
   * Listening to a master.
   *
   * @param masterDownAt when the master counts as down unless it is heard
   * @param masterInterval the time between two of its adverts
   * @param preemptAt until when a master of lower priority is left alone, once one was heard
   * @param wanting whether only the sync group keeps us from being master
   * @param excused whether a deadline that was noticed too late has been put off already
   * @param preempting the master that was heard and is to give way to us
   * @param tracked what the trackers said last
   */
  record Backup(
      Moment masterDownAt,
      Duration masterInterval,
      Optional<Moment> preemptAt,
      boolean wanting,
      boolean excused,
      Optional<Heard> preempting,
      Tracked tracked)
      implements State {
    @Override
    public Optional<Moment> deadline() {
      return Optional.of(masterDownAt);
    }

    @Override
    public VrrpState name() {
      return VrrpState.BACKUP;
    }

    Backup masterDownAt(Moment moment) {
      return new Backup(moment, masterInterval, preemptAt, wanting, excused, preempting, tracked);
    }

    Backup wanting(boolean wanting) {
      return new Backup(
          masterDownAt, masterInterval, preemptAt, wanting, excused, preempting, tracked);
    }

    Backup listeningOnceMoreUntil(Moment moment) {
      return new Backup(moment, masterInterval, preemptAt, wanting, true, preempting, tracked);
    }

    Backup preempting(Optional<Heard> preempting) {
      return new Backup(
          masterDownAt, masterInterval, preemptAt, wanting, excused, preempting, tracked);
    }

    Backup tracked(Tracked tracked) {
      return new Backup(
          masterDownAt, masterInterval, preemptAt, wanting, excused, preempting, tracked);
    }
  }

  /**
   * Holding the virtual addresses.
   *
   * @param advertAt when the next advert is due
   * @param lastAdvertAt when the last one was sent
   * @param burst the announcements that are due out of turn
   * @param refreshAt when the periodic announcement is due
   * @param listening whether we stood still and hear out the others before the next advert
   * @param others what counts of other masters
   * @param tracked what the trackers said last
   */
  record Master(
      Moment advertAt,
      Moment lastAdvertAt,
      Optional<Burst> burst,
      Optional<Moment> refreshAt,
      boolean listening,
      Others others,
      Tracked tracked)
      implements State {
    @Override
    public Optional<Moment> deadline() {
      if (listening) {
        return Optional.of(advertAt);
      }
      return Stream.of(Optional.of(advertAt), burst.map(Burst::at), refreshAt)
          .flatMap(Optional::stream)
          .reduce(Moment::earlier);
    }

    @Override
    public VrrpState name() {
      return VrrpState.MASTER;
    }

    Master advertAt(Moment moment) {
      return new Master(moment, lastAdvertAt, burst, refreshAt, listening, others, tracked);
    }

    Master lastAdvertAt(Moment moment) {
      return new Master(advertAt, moment, burst, refreshAt, listening, others, tracked);
    }

    Master burst(Optional<Burst> burst) {
      return new Master(advertAt, lastAdvertAt, burst, refreshAt, listening, others, tracked);
    }

    Master refreshAt(Moment moment) {
      return new Master(
          advertAt, lastAdvertAt, burst, Optional.of(moment), listening, others, tracked);
    }

    Master listening(boolean listening) {
      return new Master(advertAt, lastAdvertAt, burst, refreshAt, listening, others, tracked);
    }

    Master tracked(Tracked tracked) {
      return new Master(advertAt, lastAdvertAt, burst, refreshAt, listening, others, tracked);
    }

    Master others(Others others) {
      return new Master(advertAt, lastAdvertAt, burst, refreshAt, listening, others, tracked);
    }
  }

  /**
   * Ending: the last advert has been sent, but the virtual addresses stay until somebody else has
   * them.
   *
   * @param until when they are given up although nobody was heard
   * @param tracked what the trackers said last
   */
  record Leaving(Moment until, Tracked tracked) implements State {
    @Override
    public Optional<Moment> deadline() {
      return Optional.of(until);
    }

    @Override
    public VrrpState name() {
      return VrrpState.MASTER;
    }
  }

  /** Ended. */
  record Stopped(Tracked tracked) implements State {
    @Override
    public Optional<Moment> deadline() {
      return Optional.empty();
    }

    @Override
    public VrrpState name() {
      return VrrpState.STOPPED;
    }
  }

  /**
   * What a master remembers of others that say they are master too.
   *
   * @param answersPaidUntil grows by a pause with each answer out of turn: one that is too far
   *     ahead of now has to wait
   * @param preempted who was master until we preempted it
   * @param givesWayBy until when it may not have heard of us yet
   */
  record Others(Moment answersPaidUntil, Optional<InetAddress> preempted, Moment givesWayBy) {
    Others answersPaidUntil(Moment moment) {
      return new Others(moment, preempted, givesWayBy);
    }

    /** Says whether an advert is one of the last of a master that is giving way to us. */
    boolean isGivingWay(Heard advert, Moment now) {
      return preempted.filter(advert.sender()::equals).isPresent() && !givesWayBy.hasCome(now);
    }
  }

  /**
   * Announcements that are due.
   *
   * @param at when
   * @param repeat how often each address
   * @param again after what time as many follow; zero means none
   */
  record Burst(Moment at, int repeat, Duration again) {}
}
