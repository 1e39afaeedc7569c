package io.lvs4j.vrrp.machine;

import static io.lvs4j.vrrp.machine.Bench.BURST;
import static io.lvs4j.vrrp.machine.Bench.CLAIM;
import static io.lvs4j.vrrp.machine.Bench.DRAIN;
import static io.lvs4j.vrrp.machine.Bench.MASTER_DOWN;
import static io.lvs4j.vrrp.machine.Bench.RELEASE;
import static io.lvs4j.vrrp.machine.Bench.SECOND;
import static io.lvs4j.vrrp.machine.Bench.SKEW;
import static io.lvs4j.vrrp.machine.Bench.advert;
import static io.lvs4j.vrrp.machine.Bench.bench;
import static io.lvs4j.vrrp.machine.Bench.toBackup;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.vrrp.Instances;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a router does that stood still: nothing that it believes from before. */
class StallTest {
  @Test
  void aBackupThatIsLateByMoreThanAnIntervalListensOnceMore() {
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
  void aSuspendedBackupListensOnceMore() {
    var bench = bench().backup().pass(MASTER_DOWN.minusNanos(1));
    var length = Duration.ofHours(1);

    assertThat(bench.feed(new Event.StallDetected(length)))
        .containsExactly(new Action.Notify(new VrrpEvent.Stalled("VI_1", length)));
    assertThat(bench.untilDeadline()).isEqualTo(SECOND.plus(SKEW));
  }

  @Test
  void aShortStallIsNoMatter() {
    // The strongest backup of all waits 3 adverts and 1/256 s.
    var bench = bench().master().pass(Duration.ofNanos(3_003_906_250L));

    assertThat(bench.tick()).containsExactly(advert(150));
  }

  @Test
  void afterALongStallAMasterAnnouncesItself() {
    var length = Duration.ofNanos(3_003_906_251L);
    var bench = bench().master().pass(length);

    assertThat(bench.tick())
        .containsExactly(
            new Action.Notify(new VrrpEvent.Stalled("VI_1", length, false)), advert(150), BURST);
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
            new Action.Notify(new VrrpEvent.Stalled("VI_1", Duration.ofMillis(5300), false)),
            advert(150),
            BURST);
  }
}
