package io.lvs4j.vrrp.machine;

import static io.lvs4j.vrrp.machine.Bench.OURS;
import static io.lvs4j.vrrp.machine.Bench.RELEASE;
import static io.lvs4j.vrrp.machine.Bench.SECOND;
import static io.lvs4j.vrrp.machine.Bench.STOPPING;
import static io.lvs4j.vrrp.machine.Bench.bench;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.VirtualAddress;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpState;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.vrrp.Instances;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a master does after its last advert: it keeps the addresses until somebody has them. */
class HandOverTest {
  private static final Action STOPPED =
      new Action.Notify(new VrrpEvent.Stopped("VI_1", new Priority(150)));

  private static Bench leaving() {
    var bench = bench().master();
    assertThat(bench.feed(new Event.Shutdown())).containsExactly(STOPPING);
    assertThat(bench.state).isInstanceOf(State.Leaving.class);
    assertThat(bench.state.name()).isEqualTo(VrrpState.MASTER);
    return bench;
  }

  private static void assertStopped(Bench bench) {
    assertThat(bench.state).isInstanceOf(State.Stopped.class);
    assertThat(bench.state.deadline()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 150, 254, 255})
  void whoeverAdvertisesHasThem(int priority) {
    var bench = leaving().pass(Duration.ofMillis(600));

    assertThat(bench.hear(priority)).containsExactly(RELEASE, STOPPED);
    assertStopped(bench);
  }

  @Test
  void anotherFarewellOrAnEchoOfOursIsNoSuccessor() {
    var bench = leaving();

    assertThat(bench.hear(0)).isEmpty();
    assertThat(bench.hear(150, OURS.getHostAddress(), SECOND)).isEmpty();
    assertThat(bench.state).isInstanceOf(State.Leaving.class);
  }

  static Stream<VrrpInstance.Builder> weakest() {
    return Stream.of(
        Instances.version3(),
        Instances.version3().advertisementInterval(Duration.ofMillis(10)),
        Instances.version3().version(VrrpVersion.V2),
        Instances.version3().version(VrrpVersion.V2).advertisementInterval(Duration.ofSeconds(3)));
  }

  /** The deadline counts at once: what might still be unread changes nothing of the end. */
  @ParameterizedTest
  @MethodSource("weakest")
  void theWeakestBackupHasTimeToComeAndNobodyElseIsWaitedFor(VrrpInstance.Builder builder) {
    var instance = builder.build();
    var weakest =
        Timers.skew(instance.version(), new Priority(1), instance.advertisementInterval());
    var bench = new Bench(instance).backup();
    bench.pass(bench.untilDeadline()).tick();
    bench.feed(new Event.Shutdown());

    assertThat(bench.untilDeadline()).isEqualTo(weakest.plus(Duration.ofMillis(100)));
    bench.pass(bench.untilDeadline().minusNanos(1));
    assertThat(bench.feed(new Event.DeadlineReached())).isEmpty();
    bench.pass(Duration.ofNanos(1));
    assertThat(bench.feed(new Event.DeadlineReached())).containsExactly(RELEASE, STOPPED);
    assertStopped(bench);
  }

  @Test
  void aFaultOrASecondShutdownEndsTheWait() {
    var faulty = leaving();
    assertThat(faulty.feed(new Event.TrackersChanged(Tracked.fault("eth0 is down"))))
        .containsExactly(RELEASE, STOPPED);
    assertStopped(faulty);

    var hurried = leaving();
    assertThat(hurried.feed(new Event.Shutdown())).containsExactly(RELEASE, STOPPED);
    assertStopped(hurried);
  }

  @Test
  void nothingIsSentAndNothingPutBackMeanwhile() {
    var bench = leaving();
    var before = bench.state;

    assertThat(bench.feed(new Event.VirtualAddressLost(VirtualAddress.of("10.77.0.100/24"))))
        .isEmpty();
    assertThat(bench.feed(new Event.SocketDrained())).isEmpty();
    assertThat(bench.feed(new Event.StallDetected(SECOND))).isEmpty();
    assertThat(bench.feed(new Event.GroupAnnounce())).isEmpty();
    assertThat(bench.state).isEqualTo(before);
  }

  @Test
  void withoutHandOverOrWithoutAddressesTheEndComesAtOnce() {
    for (var builder :
        new VrrpInstance.Builder[] {
          Instances.version3().releaseAtOnce(),
          VrrpInstance.builder("VI_1")
              .networkInterface("eth0")
              .virtualRouterId(51)
              .version(VrrpVersion.V3)
              .priority(150)
              .noVirtualAddress()
        }) {
      var bench = new Bench(builder).master();
      assertThat(bench.feed(new Event.Shutdown())).containsExactly(STOPPING, RELEASE, STOPPED);
      assertStopped(bench);
    }
  }

  @Test
  void whoStoodStillAndListensHandsNothingOver() {
    var bench = new Bench(Instances.version3().noPreempt().startAsBackup()).master();
    bench.pass(Duration.ofSeconds(5)).tick();

    assertThat(bench.feed(new Event.Shutdown())).containsExactly(STOPPING, RELEASE, STOPPED);
  }
}
