package io.lvs4j.vrrp.machine;

import static io.lvs4j.vrrp.machine.Bench.BURST;
import static io.lvs4j.vrrp.machine.Bench.CLAIM;
import static io.lvs4j.vrrp.machine.Bench.DRAIN;
import static io.lvs4j.vrrp.machine.Bench.MASTER_DOWN;
import static io.lvs4j.vrrp.machine.Bench.SECOND;
import static io.lvs4j.vrrp.machine.Bench.SKEW;
import static io.lvs4j.vrrp.machine.Bench.advert;
import static io.lvs4j.vrrp.machine.Bench.bench;
import static io.lvs4j.vrrp.machine.Bench.toMaster;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpState;
import io.lvs4j.vrrp.Instances;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Every transition of a backup with its deadline and with all of its actions, silence too. */
class BackupTest {
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

    assertThat(bench.hear(149)).isEmpty();
    assertThat(bench.untilDeadline()).isEqualTo(MASTER_DOWN.minus(SECOND));
  }

  @Test
  void whoPreemptsClaimsBeforeItLetsTheMasterKnow() {
    var bench = bench().backup().pass(SECOND);
    bench.hear(149);

    assertThat(bench.pass(MASTER_DOWN.minus(SECOND)).tick())
        .containsExactly(CLAIM, advert(150), BURST, toMaster("preempts 10.77.0.9 (priority 149)"));
  }

  @Test
  void aMasterThatWasObeyedSinceIsNotPreemptedAnyMore() {
    var bench = bench().backup().pass(SECOND);
    bench.hear(149);
    bench.pass(SECOND).hear(200);

    assertThat(bench.pass(MASTER_DOWN).tick()).startsWith(advert(150), CLAIM);
  }

  @Test
  void thePatienceCountsFromTheArrivalOfAnAdvert() {
    var bench = bench().backup().pass(SECOND);

    bench.hearLate(200, Duration.ofMillis(3));
    assertThat(bench.untilDeadline()).isEqualTo(MASTER_DOWN.minusMillis(3));
    bench.hearLate(0, Duration.ofMillis(5));
    assertThat(bench.untilDeadline()).isEqualTo(SKEW.minusMillis(5));
  }

  @Test
  void anAdvertThatIsOlderThanAnIntervalCountsFromNow() {
    var bench = bench().backup().pass(SECOND);

    bench.hearLate(200, SECOND);
    assertThat(bench.untilDeadline()).isEqualTo(MASTER_DOWN.minus(SECOND));
    bench.hearLate(200, SECOND.plusNanos(1));
    assertThat(bench.untilDeadline()).isEqualTo(MASTER_DOWN);
    bench.hearLate(0, SECOND.plusNanos(1));
    assertThat(bench.untilDeadline()).isEqualTo(SKEW);
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
  void itStopsWithoutAnAdvert() {
    assertThat(bench().backup().feed(new Event.Shutdown()))
        .containsExactly(new Action.Notify(new VrrpEvent.Stopped("VI_1", new Priority(150))));
  }
}
