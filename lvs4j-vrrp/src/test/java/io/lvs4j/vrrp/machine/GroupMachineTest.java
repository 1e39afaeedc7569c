package io.lvs4j.vrrp.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.SyncGroup;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpState;
import io.lvs4j.vrrp.machine.GroupMachine.GroupState;
import io.lvs4j.vrrp.machine.GroupMachine.MemberAction;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GroupMachineTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MASTER_DOWN = Duration.ofNanos(3_414_062_500L);
  private static final Action CLAIM = new Action.ClaimAddresses();
  private static final Action RELEASE = new Action.ReleaseAddresses();
  private static final InetAddress OTHER = InetAddress.ofLiteral("10.0.0.9");

  private final Map<String, LocalRouter> routers =
      Map.of("inner", router("inner", 51), "outer", router("outer", 52));
  private SyncGroup group =
      SyncGroup.builder("gateway").instance("inner").instance("outer").build();
  private GroupState state = GroupState.initial(List.of("inner", "outer"));
  private Moment now = new Moment(0);

  private static LocalRouter router(String name, int id) {
    var instance =
        VrrpInstance.builder(name)
            .networkInterface("eth0")
            .virtualRouterId(id)
            .priority(150)
            .virtualAddress("10.0.0." + id + "/24")
            .build();
    return new LocalRouter(instance, InetAddress.ofLiteral("10.0.0.1"), true);
  }

  private List<MemberAction> feed(String instance, Event event) {
    var step = GroupMachine.step(group, routers, state, instance, event, now);
    state = step.state();
    return step.actions();
  }

  private List<MemberAction> hear(String instance, int priority) {
    return feed(
        instance, new Event.AdvertReceived(new Heard(OTHER, new Priority(priority), SECOND)));
  }

  private void start() {
    feed("inner", new Event.Start());
    feed("outer", new Event.Start());
  }

  private void becomeMaster() {
    start();
    now = now.plus(MASTER_DOWN);
    feed("inner", new Event.SocketDrained());
    feed("outer", new Event.SocketDrained());
    assertThat(state.name()).isEqualTo(VrrpState.MASTER);
  }

  private static List<Action> of(List<MemberAction> actions, String instance) {
    return actions.stream()
        .filter(action -> action.instance().equals(instance))
        .map(MemberAction::action)
        .toList();
  }

  @Test
  void noneIsMasterUntilEveryMemberWantsToBe() {
    start();
    now = now.plus(MASTER_DOWN);

    assertThat(feed("inner", new Event.SocketDrained()))
        .containsExactly(new MemberAction("inner", new Action.WantMaster()));
    assertThat(state.name()).isEqualTo(VrrpState.BACKUP);

    var actions = feed("outer", new Event.SocketDrained());
    assertThat(of(actions, "inner")).contains(CLAIM);
    assertThat(of(actions, "outer")).contains(CLAIM);
    assertThat(of(actions, "gateway"))
        .containsExactly(
            new Action.Notify(
                new VrrpEvent.Master("gateway", new Priority(150), "all of [inner, outer]")));
    assertThat(state.name()).isEqualTo(VrrpState.MASTER);
  }

  @Test
  void aMemberThatHearsAMasterKeepsAllFromBeingOne() {
    start();
    now = now.plus(MASTER_DOWN.minusNanos(1));
    hear("outer", 200);
    now = now.plus(Duration.ofNanos(1));

    feed("inner", new Event.SocketDrained());
    assertThat(feed("outer", new Event.SocketDrained())).isEmpty();
    assertThat(state.name()).isEqualTo(VrrpState.BACKUP);
    assertThat(((State.Backup) state.states().get("inner")).wanting()).isTrue();

    hear("inner", 200);
    assertThat(((State.Backup) state.states().get("inner")).wanting()).isFalse();
  }

  @Test
  void whenOneGivesWayTheOthersHandOver() {
    becomeMaster();

    var actions = hear("inner", 200);
    assertThat(of(actions, "inner")).startsWith(new Action.SendAdvert(new Priority(150)), RELEASE);
    assertThat(of(actions, "outer")).startsWith(new Action.SendAdvert(Priority.STOPPING), RELEASE);
    assertThat(of(actions, "gateway"))
        .singleElement()
        .isEqualTo(
            new Action.Notify(
                new VrrpEvent.Backup("gateway", new Priority(150), "all of [inner, outer]")));
    assertThat(state.states().values()).allMatch(member -> member instanceof State.Backup);
  }

  @Test
  void aFaultOfOneIsAFaultOfAllAndEndsForAll() {
    becomeMaster();

    var actions = feed("inner", new Event.TrackersChanged(Tracked.fault("eth0 is down")));
    assertThat(of(actions, "inner")).contains(RELEASE);
    assertThat(of(actions, "outer")).contains(RELEASE);
    assertThat(state.states().values()).allMatch(member -> member instanceof State.Fault);
    assertThat(state.states().get("outer").tracked().faults())
        .containsExactly("sync group: inner is in fault");

    feed("inner", new Event.TrackersChanged(Tracked.GOOD));
    assertThat(state.states().values()).allMatch(member -> member instanceof State.Backup);
  }

  @Test
  void weightsCountOnlyWhereTheGroupSaysSo() {
    start();
    feed("inner", new Event.TrackersChanged(Tracked.offset(-50)));
    assertThat(state.states().get("inner").tracked().offset()).isZero();

    group =
        SyncGroup.builder("gateway").instance("inner").instance("outer").weightedTracking().build();
    feed("inner", new Event.TrackersChanged(Tracked.offset(-50)));
    assertThat(state.states().get("inner").tracked().offset()).isEqualTo(-50);
    assertThat(state.states().get("outer").tracked().offset()).isZero();
  }

  @Test
  void theOthersAnnounceThemselvesWithTheOneThatDefendsItself() {
    becomeMaster();
    now = now.plus(Duration.ofMillis(300));
    hear("inner", 100);

    assertThat(of(feed("outer", new Event.SocketDrained()), "outer"))
        .containsExactly(new Action.Announce(5));
  }
}
