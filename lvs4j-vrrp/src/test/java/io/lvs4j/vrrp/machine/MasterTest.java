package io.lvs4j.vrrp.machine;

import static io.lvs4j.vrrp.machine.Bench.BURST;
import static io.lvs4j.vrrp.machine.Bench.OURS;
import static io.lvs4j.vrrp.machine.Bench.RELEASE;
import static io.lvs4j.vrrp.machine.Bench.SECOND;
import static io.lvs4j.vrrp.machine.Bench.STOPPING;
import static io.lvs4j.vrrp.machine.Bench.advert;
import static io.lvs4j.vrrp.machine.Bench.bench;
import static io.lvs4j.vrrp.machine.Bench.toBackup;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.vrrp.Announcements;
import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.VirtualAddress;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.vrrp.Instances;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every transition of a master with its deadline and with all of its actions, silence too. */
class MasterTest {
  @Test
  void advertsKeepStepEvenWhenOneIsLate() {
    var bench = bench().master();

    assertThat(bench.pass(SECOND).pass(Duration.ofMillis(40)).tick()).containsExactly(advert(150));
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
  void anotherProcessOfThisHostIsReportedByBothAndTheWeakerGivesWay() {
    var own = new Action.Notify(new VrrpEvent.OwnAddressHeard("VI_1", OURS));

    assertThat(bench().master().hear(151, "10.77.0.2", SECOND)).startsWith(own).contains(RELEASE);
    assertThat(bench().master().hear(149, "10.77.0.2", SECOND))
        .startsWith(own)
        .doesNotContain(RELEASE);
    assertThat(bench().backup().hear(150, "10.77.0.2", SECOND)).containsExactly(own);
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

  /** 10,000 adverts a second, for ten seconds: of masters that stop, and of weaker ones. */
  @ParameterizedTest
  @ValueSource(ints = {0, 100})
  void aFloodOfAdvertsIsAnsweredTenTimesASecondAtMost(int priority) {
    var bench = bench().master().pass(Duration.ofMillis(300));
    var done = new ArrayList<Action>();

    for (int i = 0; i < 100_000; i++) {
      done.addAll(bench.hear(priority));
      done.addAll(bench.tick());
      bench.pass(Duration.ofNanos(100_000));
    }

    assertThat(done.stream().filter(advert(150)::equals).count()).isBetween(90L, 115L);
    assertThat(done.stream().filter(BURST::equals).count()).isLessThanOrEqualTo(115);
    assertThat(done.stream().filter(Action.Notify.class::isInstance).count())
        .isLessThanOrEqualTo(115);
  }

  @Test
  void tenStopsInARowAreAnsweredAtOnceAndTheNextALittleLater() {
    var bench = bench().master().pass(Duration.ofMillis(300));
    for (int i = 0; i < 10; i++) {
      bench.hear(0);
      assertThat(bench.tick()).containsExactly(advert(150));
    }

    bench.hear(0);

    assertThat(bench.tick()).isEmpty();
    assertThat(bench.untilDeadline()).isEqualTo(Duration.ofMillis(100));
    assertThat(bench.pass(Duration.ofMillis(100)).tick()).containsExactly(advert(150));
  }

  @Test
  void whoWasPreemptedMaySayForTwoIntervalsThatItIsMaster() {
    var bench = bench().backup();
    for (int second = 0; second < 3; second++) {
      bench.hear(100);
      bench.pass(SECOND);
    }
    assertThat(bench.pass(Bench.SKEW).tick())
        .contains(Bench.toMaster("preempts 10.77.0.9 (priority 100)"));

    assertThat(lowerPriorityHeard(bench.hear(100))).singleElement().returns(true, PREEMPTED);
    bench.pass(SECOND).tick();
    assertThat(lowerPriorityHeard(bench.hear(100, "10.77.0.8", SECOND)))
        .as("another one")
        .singleElement()
        .returns(false, PREEMPTED);
    bench.pass(SECOND).tick();
    assertThat(lowerPriorityHeard(bench.hear(100)))
        .as("it should have heard of us")
        .singleElement()
        .returns(false, PREEMPTED);
  }

  private static final Function<VrrpEvent.LowerPriorityHeard, Boolean> PREEMPTED =
      VrrpEvent.LowerPriorityHeard::preempted;

  private static List<VrrpEvent.LowerPriorityHeard> lowerPriorityHeard(List<Action> actions) {
    return actions.stream()
        .filter(Action.Notify.class::isInstance)
        .map(action -> ((Action.Notify) action).event())
        .map(VrrpEvent.LowerPriorityHeard.class::cast)
        .toList();
  }
}
