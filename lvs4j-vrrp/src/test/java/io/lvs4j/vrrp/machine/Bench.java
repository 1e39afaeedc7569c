package io.lvs4j.vrrp.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.vrrp.Instances;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A router of priority 150 on a clock of its own. */
final class Bench {
  static final Duration SECOND = Duration.ofSeconds(1);

  /** 3 adverts and (256 - 150) / 256 s. */
  static final Duration MASTER_DOWN = Duration.ofNanos(3_414_062_500L);

  static final Duration SKEW = Duration.ofNanos(414_062_500L);
  static final InetAddress OURS = InetAddress.ofLiteral("10.77.0.2");
  static final Action DRAIN = new Action.DrainSocket();
  static final Action RELEASE = new Action.ReleaseAddresses();
  static final Action CLAIM = new Action.ClaimAddresses();
  static final Action BURST = new Action.Announce(5);
  static final Action STOPPING = new Action.SendAdvert(Priority.STOPPING);

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

  /** Hears an advert of a master whose interval is a second, some time after it arrived. */
  List<Action> hearLate(int priority, Duration age) {
    var sender = InetAddress.ofLiteral("10.77.0.9");
    return feed(new Event.AdvertReceived(new Heard(sender, new Priority(priority), SECOND, age)));
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

  static Action advert(int priority) {
    return new Action.SendAdvert(new Priority(priority));
  }

  static Action toMaster(String reason) {
    return new Action.Notify(new VrrpEvent.Master("VI_1", new Priority(150), reason));
  }

  static Action toBackup(String reason) {
    return new Action.Notify(new VrrpEvent.Backup("VI_1", new Priority(150), reason));
  }

  static Bench bench() {
    return new Bench(Instances.version3());
  }
}
