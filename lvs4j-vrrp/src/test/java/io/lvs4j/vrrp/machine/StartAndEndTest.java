package io.lvs4j.vrrp.machine;

import static io.lvs4j.vrrp.machine.Bench.BURST;
import static io.lvs4j.vrrp.machine.Bench.CLAIM;
import static io.lvs4j.vrrp.machine.Bench.MASTER_DOWN;
import static io.lvs4j.vrrp.machine.Bench.RELEASE;
import static io.lvs4j.vrrp.machine.Bench.SECOND;
import static io.lvs4j.vrrp.machine.Bench.advert;
import static io.lvs4j.vrrp.machine.Bench.bench;
import static io.lvs4j.vrrp.machine.Bench.toBackup;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpState;
import io.lvs4j.vrrp.Instances;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * How an instance begins, how it comes out of FAULT, and how it ends; all of its actions, silence
 * too.
 */
class StartAndEndTest {
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

  @Test
  void whatIsStoppedStaysStopped() {
    var bench = bench().master();
    bench.feed(new Event.Shutdown());
    bench.hear(100);
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
