package io.lvs4j.vrrp.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.vrrp.Announcements;
import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.VirtualAddress;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpState;
import io.lvs4j.vrrp.Instances;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Every transition with its deadline and with all of its actions, silence too. */
class MachineTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** 3 adverts and (256 - 150) / 256 s. */
  private static final Duration MASTER_DOWN = Duration.ofNanos(3_414_062_500L);

  private static final Duration SKEW = Duration.ofNanos(414_062_500L);
  private static final InetAddress OURS = InetAddress.ofLiteral("10.77.0.2");
  private static final Action DRAIN = new Action.DrainSocket();
  private static final Action RELEASE = new Action.ReleaseAddresses();
  private static final Action CLAIM = new Action.ClaimAddresses();
  private static final Action BURST = new Action.Announce(5);
  private static final Action STOPPING = new Action.SendAdvert(Priority.STOPPING);

  /** A router on a clock of its own. */
  private static final class Bench {
    final LocalRouter self;
    Moment now = new Moment(0);
    State state = Machine.initial(Tracked.GOOD);

    Bench(VrrpInstance instance) {
      this.self = LocalRouter.of(instance, OURS);
    }

    Bench(VrrpInstance.Builder instance) {
      this(instance.build());
    }

    List<Action> feed(Event event) {
      var step = Machine.step(self, state, event, now);
      state = step.state();
      return step.actions();
    }

    Bench pass(Duration duration) {
      now = now.plus(duration);
      return this;
    }

    /** Does what a driver does when the clock says so. */
    List<Action> tick() {
      var all = new ArrayList<>(feed(new Event.DeadlineReached()));
      if (all.remove(DRAIN)) {
        all.addAll(feed(new Event.SocketDrained()));
      }
      return all;
    }

    List<Action> hear(int priority, String sender, Duration interval) {
      return feed(
          new Event.AdvertReceived(
              new Heard(InetAddress.ofLiteral(sender), new Priority(priority), interval)));
    }

    List<Action> hear(int priority) {
      return hear(priority, "10.77.0.9", SECOND);
    }

    Bench backup() {
      feed(new Event.Start());
      assertThat(state).isInstanceOf(State.Backup.class);
      return this;
    }

    Bench master() {
      backup().pass(MASTER_DOWN).tick();
      assertThat(state).isInstanceOf(State.Master.class);
      return this;
    }

    Duration untilDeadline() {
      return now.until(state.deadline().orElseThrow());
    }
  }

  private static Action advert(int priority) {
    return new Action.SendAdvert(new Priority(priority));
  }

  private static Action toMaster(String reason) {
    return new Action.Notify(new VrrpEvent.Master("VI_1", new Priority(150), reason));
  }

  private static Action toBackup(String reason) {
    return new Action.Notify(new VrrpEvent.Backup("VI_1", new Priority(150), reason));
  }

  private static Bench bench() {
    return new Bench(Instances.version3());
  }

  @Nested
  class Starting {
    @Test
    void asBackupAfterCleaningUp() {
      var bench = bench();

      assertThat(bench.feed(new Event.Start())).containsExactly(RELEASE, toBackup("started"));
      assertThat(bench.untilDeadline()).isEqualTo(MASTER_DOWN);
    }

    @Test
    void asMasterWhenOwner() {
      var bench = new Bench(Instances.version3().priority(255));

      assertThat(bench.feed(new Event.Start()))
          .containsExactly(
              RELEASE,
              advert(255),
              CLAIM,
              BURST,
              new Action.Notify(new VrrpEvent.Master("VI_1", Priority.OWNER, "address owner")));
      assertThat(bench.untilDeadline()).isEqualTo(SECOND);
    }

    @Test
    void asBackupWhenOwnerIsToListenFirst() {
      var bench = new Bench(Instances.version3().priority(255).startAsBackup());
      bench.backup();

      assertThat(bench.untilDeadline()).isEqualTo(Duration.ofNanos(3_003_906_250L));
    }

    @Test
    void inFaultWhenSomethingIsWrong() {
      var bench = bench();
      bench.state = Machine.initial(Tracked.fault("eth0 is down"));

      assertThat(bench.feed(new Event.Start()))
          .containsExactly(
              RELEASE,
              new Action.Notify(new VrrpEvent.Fault("VI_1", new Priority(150), "eth0 is down")));
      assertThat(bench.state.deadline()).isEmpty();
    }

    @Test
    void notBeforeTheStartUpDelay() {
      var bench = new Bench(Instances.version3().startUpDelay(Duration.ofSeconds(20)));

      assertThat(bench.feed(new Event.Start())).containsExactly(RELEASE);
      assertThat(bench.state.name()).isEqualTo(VrrpState.INIT);
      assertThat(bench.untilDeadline()).isEqualTo(Duration.ofSeconds(20));
      assertThat(bench.hear(200)).isEmpty();
      assertThat(bench.pass(Duration.ofSeconds(20)).tick()).containsExactly(toBackup("started"));
      assertThat(bench.untilDeadline()).isEqualTo(MASTER_DOWN);
    }

    @Test
    void notBeforeATrackersFirstWord() {
      var bench = bench();
      bench.state = Machine.initial(new Tracked(0, Tracked.GOOD.faults(), true));

      assertThat(bench.feed(new Event.Start())).containsExactly(RELEASE);
      assertThat(bench.state.deadline()).isEmpty();
      assertThat(bench.feed(new Event.TrackersChanged(Tracked.GOOD)))
          .containsExactly(toBackup("started"));
    }
  }

  @Nested
  class AsBackup {
    @Test
    void theDeadlineIsNotBelievedBeforeTheSocketIsEmpty() {
      var bench = bench().backup().pass(MASTER_DOWN);

      assertThat(bench.feed(new Event.DeadlineReached())).containsExactly(DRAIN);
      assertThat(bench.state.name()).isEqualTo(VrrpState.BACKUP);
      assertThat(bench.hear(200)).isEmpty();
      assertThat(bench.feed(new Event.SocketDrained())).isEmpty();
      assertThat(bench.untilDeadline()).isEqualTo(MASTER_DOWN);
    }

    @Test
    void aNanosecondEarlyIsTooEarly() {
      var bench = bench().backup().pass(MASTER_DOWN.minusNanos(1));

      assertThat(bench.feed(new Event.DeadlineReached())).isEmpty();
      assertThat(bench.feed(new Event.SocketDrained())).isEmpty();
      assertThat(bench.untilDeadline()).isEqualTo(Duration.ofNanos(1));
    }

    @Test
    void silenceMakesUsMaster() {
      var bench = bench().backup().pass(MASTER_DOWN);

      assertThat(bench.tick())
          .containsExactly(advert(150), CLAIM, BURST, toMaster("no advert from a master"));
      assertThat(bench.untilDeadline()).isEqualTo(SECOND);
    }

    @Test
    void aStrongerOrEqualMasterIsAcceptedAndFollowed() {
      for (int priority : new int[] {150, 151, 255}) {
        var bench = bench().backup().pass(SECOND);

        assertThat(bench.hear(priority)).isEmpty();
        assertThat(bench.untilDeadline()).isEqualTo(MASTER_DOWN);
      }
    }

    @Test
    void aWeakerMasterIsDiscardedAndTheTimerRunsOn() {
      var bench = bench().backup().pass(SECOND);
      var before = bench.state;

      assertThat(bench.hear(149)).isEmpty();
      assertThat(bench.state).isEqualTo(before);
    }

    @Test
    void aWeakerMasterIsAcceptedWithoutPreemption() {
      var bench = new Bench(Instances.version3().noPreempt()).backup().pass(SECOND);

      assertThat(bench.hear(1)).isEmpty();
      assertThat(bench.untilDeadline()).isEqualTo(MASTER_DOWN);
    }

    @Test
    void aWeakerMasterIsLeftAloneForThePreemptDelay() {
      var bench = new Bench(Instances.version3().preemptDelay(Duration.ofSeconds(4))).backup();
      for (int i = 0; i < 4; i++) {
        bench.hear(100);
        assertThat(bench.untilDeadline()).isEqualTo(MASTER_DOWN);
        bench.pass(SECOND);
      }
      bench.hear(100);
      assertThat(bench.untilDeadline()).isEqualTo(MASTER_DOWN.minus(SECOND));
      assertThat(bench.pass(MASTER_DOWN.minus(SECOND)).tick()).contains(CLAIM);
    }

    @Test
    void aStrongerAdvertEndsThePreemptDelay() {
      var bench = new Bench(Instances.version3().preemptDelay(Duration.ofSeconds(4))).backup();
      bench.hear(100);
      bench.pass(Duration.ofSeconds(3)).hear(200);
      bench.pass(SECOND).hear(100);

      assertThat(((State.Backup) bench.state).preemptAt())
          .isEqualTo(Optional.of(bench.now.plus(Duration.ofSeconds(4))));
      assertThat(bench.untilDeadline()).isEqualTo(MASTER_DOWN);
    }

    @Test
    void aMasterThatStopsIsFollowedAfterTheSkew() {
      var bench = bench().backup().pass(SECOND);

      assertThat(bench.hear(0)).isEmpty();
      assertThat(bench.untilDeadline()).isEqualTo(SKEW);
      assertThat(bench.pass(SKEW).tick()).contains(advert(150), CLAIM);
    }

    @Test
    void theIntervalOfTheMasterIsAdopted() {
      var bench = bench().backup();
      var half = Duration.ofMillis(500);

      assertThat(bench.hear(200, "10.77.0.9", half))
          .containsExactly(new Action.Notify(new VrrpEvent.IntervalAdopted("VI_1", half)));
      assertThat(bench.untilDeadline()).isEqualTo(Duration.ofNanos(1_707_031_250L));
      assertThat(bench.hear(200, "10.77.0.9", half)).isEmpty();
      bench.hear(0, "10.77.0.9", half);
      assertThat(bench.untilDeadline()).isEqualTo(Duration.ofNanos(207_031_250L));
    }

    @Test
    void inVersion2TheSkewIsOfASecondWhateverTheInterval() {
      var bench =
          new Bench(Instances.version2().advertisementInterval(Duration.ofSeconds(5))).backup();

      assertThat(bench.untilDeadline()).isEqualTo(Duration.ofSeconds(15).plus(SKEW));
      bench.hear(200, "10.77.0.9", Duration.ofSeconds(5));
      assertThat(bench.untilDeadline()).isEqualTo(Duration.ofSeconds(15).plus(SKEW));
    }

    @Test
    void theMultiplierIsAsConfigured() {
      var bench = new Bench(Instances.version3().downTimerAdverts(5)).backup();

      assertThat(bench.untilDeadline()).isEqualTo(Duration.ofSeconds(5).plus(SKEW));
    }

    @Test
    void aChangeOfPriorityMovesTheTimerAtOnce() {
      var bench = bench().backup().pass(SECOND);

      assertThat(bench.feed(new Event.TrackersChanged(Tracked.offset(-50))))
          .containsExactly(
              new Action.Notify(
                  new VrrpEvent.PriorityChanged("VI_1", new Priority(150), new Priority(100))));
      assertThat(bench.untilDeadline()).isEqualTo(Duration.ofNanos(2_609_375_000L));
    }

    @Test
    void aFaultEndsIt() {
      var bench = bench().backup();

      assertThat(bench.feed(new Event.TrackersChanged(Tracked.fault("eth0 is down"))))
          .containsExactly(
              new Action.Notify(new VrrpEvent.Fault("VI_1", new Priority(150), "eth0 is down")));
      assertThat(bench.state.deadline()).isEmpty();
    }

    @Test
    void whoeverIsLateByMoreThanAnIntervalListensOnceMore() {
      var late = SECOND.plusNanos(1);
      var bench = bench().backup().pass(MASTER_DOWN).pass(late);

      assertThat(bench.tick())
          .containsExactly(new Action.Notify(new VrrpEvent.Stalled("VI_1", late)));
      assertThat(bench.untilDeadline()).isEqualTo(SECOND.plus(SKEW));
      assertThat(bench.pass(SECOND.plus(SKEW)).pass(Duration.ofSeconds(9)).tick())
          .as("only once")
          .contains(CLAIM);
    }

    @Test
    void aSuspendedHostListensOnceMore() {
      var bench = bench().backup().pass(MASTER_DOWN.minusNanos(1));
      var length = Duration.ofHours(1);

      assertThat(bench.feed(new Event.StallDetected(length)))
          .containsExactly(new Action.Notify(new VrrpEvent.Stalled("VI_1", length)));
      assertThat(bench.untilDeadline()).isEqualTo(SECOND.plus(SKEW));
    }

    @Test
    void itStopsWithoutAnAdvert() {
      assertThat(bench().backup().feed(new Event.Shutdown()))
          .containsExactly(new Action.Notify(new VrrpEvent.Stopped("VI_1", new Priority(150))));
    }
  }

  @Nested
  class AsMaster {
    @Test
    void advertsKeepStepEvenWhenOneIsLate() {
      var bench = bench().master();

      assertThat(bench.pass(SECOND).pass(Duration.ofMillis(40)).tick())
          .containsExactly(advert(150));
      assertThat(bench.untilDeadline()).isEqualTo(Duration.ofMillis(960));
      assertThat(bench.pass(Duration.ofMillis(959)).tick()).isEmpty();
    }

    @Test
    void announcementsAreRepeatedOnceAndThenRefreshed() {
      var bench = bench().master();
      var announced = new ArrayList<String>();
      for (int second = 1; second <= 20; second++) {
        var actions = bench.pass(SECOND).tick();
        for (var action : actions) {
          if (action instanceof Action.Announce(int repeat)) {
            announced.add(second + "s x" + repeat);
          }
        }
      }

      assertThat(announced).containsExactly("5s x5", "10s x1", "20s x1");
    }

    @Test
    void withoutDelayAndRefreshThereIsOneBurstOnly() {
      var bench =
          new Bench(
                  Instances.version3()
                      .announcements(
                          Announcements.defaults()
                              .repeat(2)
                              .delay(Duration.ZERO)
                              .refresh(Duration.ZERO, 1)))
              .master();

      for (int second = 1; second <= 20; second++) {
        assertThat(bench.pass(SECOND).tick()).containsExactly(advert(150));
      }
    }

    @Test
    void aStrongerMasterGetsALastAdvertAndTheAddresses() {
      var bench = bench().master().pass(Duration.ofMillis(300));

      assertThat(bench.hear(151, "10.77.0.9", Duration.ofMillis(500)))
          .containsExactly(advert(150), RELEASE, toBackup("advert of priority 151 from 10.77.0.9"));
      assertThat(bench.untilDeadline()).isEqualTo(Duration.ofNanos(1_707_031_250L));
    }

    @Test
    void aStrongerMasterGetsNoAdvertWhereThatIsTurnedOff() {
      var bench = new Bench(Instances.version3().stepDownSilently()).master();

      assertThat(bench.hear(151))
          .containsExactly(RELEASE, toBackup("advert of priority 151 from 10.77.0.9"));
    }

    @Test
    void amongEqualsTheGreaterAddressWinsAsAnUnsignedNumber() {
      assertThat(bench().master().hear(150, "10.77.0.3", SECOND)).contains(RELEASE);
      assertThat(bench().master().hear(150, "200.0.0.1", SECOND)).contains(RELEASE);
      assertThat(bench().master().hear(150, "10.77.0.1", SECOND)).doesNotContain(RELEASE);
    }

    @Test
    void weakerMastersAreAnsweredOnceWhenTheSocketIsEmpty() {
      var bench = bench().master().pass(Duration.ofMillis(300));

      assertThat(bench.hear(100))
          .containsExactly(
              new Action.Notify(
                  new VrrpEvent.LowerPriorityHeard(
                      "VI_1", InetAddress.ofLiteral("10.77.0.9"), new Priority(100))));
      assertThat(bench.hear(100)).isEmpty();
      assertThat(bench.untilDeadline()).isZero();
      assertThat(bench.feed(new Event.SocketDrained())).containsExactly(advert(150), BURST);
      assertThat(bench.untilDeadline()).isEqualTo(SECOND);
      assertThat(((State.Master) bench.state).burst())
          .contains(new State.Burst(bench.now.plus(Duration.ofSeconds(5)), 5, Duration.ZERO));
    }

    @Test
    void weakerMastersAreAnsweredByAnnouncementsAloneWhereThatIsConfigured() {
      var bench =
          new Bench(
                  Instances.version3()
                      .leaveLowerPriorityUnanswered()
                      .announcements(Announcements.defaults().onLowerPriority(2, Duration.ZERO)))
              .master()
              .pass(Duration.ofMillis(300));
      bench.hear(100);

      assertThat(bench.feed(new Event.SocketDrained())).containsExactly(new Action.Announce(2));
      assertThat(bench.untilDeadline()).isEqualTo(Duration.ofMillis(700));
    }

    @Test
    void aMasterThatStopsIsAnsweredAtOnce() {
      var bench = bench().master().pass(Duration.ofMillis(300));

      assertThat(bench.hear(0)).isEmpty();
      assertThat(bench.feed(new Event.SocketDrained())).containsExactly(advert(150));
      assertThat(bench.untilDeadline()).isEqualTo(SECOND);
    }

    @Test
    void ourOwnAdvertIsReportedAndNothingElse() {
      var bench = bench().master();
      var before = bench.state;

      assertThat(bench.hear(150, "10.77.0.2", SECOND))
          .containsExactly(new Action.Notify(new VrrpEvent.OwnAddressHeard("VI_1", OURS)));
      assertThat(bench.state).isEqualTo(before);
    }

    @Test
    void oneOfTwoOwnersGivesWayAndBothSaySo() {
      var weaker = new Bench(Instances.version3().priority(255));
      weaker.feed(new Event.Start());
      var second =
          new Action.Notify(
              new VrrpEvent.SecondOwnerHeard("VI_1", InetAddress.ofLiteral("10.77.0.9")));

      assertThat(weaker.hear(255)).startsWith(second, advert(255), RELEASE);
      assertThat(weaker.untilDeadline()).isEqualTo(Duration.ofNanos(3_003_906_250L));
    }

    @Test
    void aFaultGivesTheAddressesAway() {
      var bench = bench().master();

      assertThat(bench.feed(new Event.TrackersChanged(Tracked.fault("db: refused"))))
          .containsExactly(
              STOPPING,
              STOPPING,
              RELEASE,
              new Action.Notify(new VrrpEvent.Fault("VI_1", new Priority(150), "db: refused")));
      assertThat(bench.hear(100)).isEmpty();
    }

    @Test
    void aChangedPriorityGoesIntoTheNextAdvert() {
      var bench = bench().master();
      bench.feed(new Event.TrackersChanged(Tracked.offset(-100)));

      assertThat(bench.pass(SECOND).tick()).containsExactly(advert(50));
    }

    @Test
    void anAddressThatSomebodyRemovedIsPutBackAtOnce() {
      var bench = bench().master().pass(Duration.ofMillis(300));
      var before = bench.state;
      var address = VirtualAddress.of("10.77.0.100/24");

      assertThat(bench.feed(new Event.VirtualAddressLost(address)))
          .containsExactly(
              new Action.RestoreAddress(address),
              BURST,
              new Action.Notify(new VrrpEvent.AddressRestored("VI_1", address)));
      assertThat(bench.state).isEqualTo(before);
    }

    @Test
    void aShutdownHandsOver() {
      var bench = bench().master();

      assertThat(bench.feed(new Event.Shutdown()))
          .containsExactly(
              STOPPING,
              RELEASE,
              new Action.Notify(new VrrpEvent.Stopped("VI_1", new Priority(150))));
      assertThat(bench.state.deadline()).isEmpty();
    }

    @Test
    void aShortStallIsNoMatter() {
      // The strongest backup of all waits 3 adverts and 2/256 s.
      var bench = bench().master().pass(Duration.ofNanos(3_007_812_500L));

      assertThat(bench.tick()).containsExactly(advert(150));
    }

    @Test
    void afterALongStallAMasterAnnouncesItself() {
      var length = Duration.ofNanos(3_007_812_501L);
      var bench = bench().master().pass(length);

      assertThat(bench.tick())
          .containsExactly(
              new Action.Notify(new VrrpEvent.Stalled("VI_1", length)), advert(150), BURST);
      assertThat(bench.untilDeadline()).isEqualTo(SECOND);
    }

    @Test
    void afterALongStallWithoutPreemptionAMasterHearsOutTheOthersFirst() {
      var bench = new Bench(Instances.version3().noPreempt()).master().pass(Duration.ofSeconds(4));

      assertThat(bench.tick())
          .containsExactly(new Action.Notify(new VrrpEvent.Stalled("VI_1", Duration.ofSeconds(4))));
      assertThat(bench.untilDeadline()).isEqualTo(SECOND);
      assertThat(bench.pass(Duration.ofMillis(500)).hear(100))
          .containsExactly(RELEASE, toBackup("advert of priority 100 from 10.77.0.9"));
    }

    @Test
    void afterALongStallWithoutPreemptionAndWithoutAnybodyElseAMasterGoesOn() {
      var bench = new Bench(Instances.version3().noPreempt()).master().pass(Duration.ofSeconds(4));
      bench.tick();

      assertThat(bench.pass(SECOND).tick()).containsExactly(advert(150), BURST);
      assertThat(bench.untilDeadline()).isEqualTo(SECOND);
    }

    @Test
    void advertsReadAfterAStallAlreadyCountWithoutPreemption() {
      var bench = new Bench(Instances.version3().noPreempt()).master().pass(Duration.ofSeconds(4));

      assertThat(bench.hear(100))
          .containsExactly(RELEASE, toBackup("advert of priority 100 from 10.77.0.9"));
    }

    @Test
    void theStallGuardCanBeTurnedOff() {
      var bench =
          new Bench(Instances.version3().noPreempt().withoutStallGuard())
              .master()
              .pass(Duration.ofSeconds(4));

      assertThat(bench.tick()).contains(advert(150), BURST);
    }

    @Test
    void aSuspendedMasterIsAStalledOne() {
      var bench = bench().master().pass(Duration.ofMillis(300));

      assertThat(bench.feed(new Event.StallDetected(Duration.ofSeconds(5)))).containsExactly(DRAIN);
      assertThat(bench.feed(new Event.SocketDrained()))
          .containsExactly(
              new Action.Notify(new VrrpEvent.Stalled("VI_1", Duration.ofMillis(5300))),
              advert(150),
              BURST);
    }
  }

  @Nested
  class InFault {
    @Test
    void everythingButTheEndOfTheFaultIsIgnored() {
      var bench = bench().backup();
      bench.feed(new Event.TrackersChanged(Tracked.fault("eth0 is down")));
      var before = bench.state;

      assertThat(bench.hear(0)).isEmpty();
      assertThat(bench.hear(255)).isEmpty();
      assertThat(bench.tick()).isEmpty();
      assertThat(bench.feed(new Event.SocketDrained())).isEmpty();
      assertThat(bench.feed(new Event.StallDetected(SECOND))).isEmpty();
      assertThat(bench.state).isEqualTo(before);
      assertThat(bench.feed(new Event.TrackersChanged(Tracked.GOOD)))
          .containsExactly(toBackup("no fault any more"));
      assertThat(bench.untilDeadline()).isEqualTo(MASTER_DOWN);
    }

    @Test
    void aUnicastRouterMakesItselfKnownAgain() {
      var bench = new Bench(Instances.version3().unicastPeer("10.77.0.9")).backup();
      bench.feed(new Event.TrackersChanged(Tracked.fault("eth0 is down")));

      assertThat(bench.feed(new Event.TrackersChanged(Tracked.GOOD)))
          .containsExactly(new Action.AnnounceSource(), toBackup("no fault any more"));
    }
  }

  @Test
  void whatIsStoppedStaysStopped() {
    var bench = bench().master();
    bench.feed(new Event.Shutdown());
    var stopped = bench.state;

    for (var event :
        List.of(
            new Event.Start(),
            new Event.SocketDrained(),
            new Event.DeadlineReached(),
            new Event.TrackersChanged(Tracked.GOOD),
            new Event.Shutdown())) {
      assertThat(bench.feed(event)).isEmpty();
      assertThat(bench.state).isEqualTo(stopped);
    }
  }
}
