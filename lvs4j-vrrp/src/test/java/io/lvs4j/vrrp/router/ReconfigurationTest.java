package io.lvs4j.vrrp.router;

import static io.lvs4j.vrrp.router.ScriptedHost.THEIRS;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.vrrp.Announcements;
import io.lvs4j.api.vrrp.Authentication;
import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.SyncGroup;
import io.lvs4j.api.vrrp.Tracker;
import io.lvs4j.api.vrrp.VirtualRouterId;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpState;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.vrrp.Instances;
import io.lvs4j.vrrp.machine.Reading;
import io.lvs4j.vrrp.wire.VrrpV3;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a running router does when it is given another configuration. */
class ReconfigurationTest {
  private static final Announcements ONCE =
      Announcements.defaults().repeat(1).delay(Duration.ZERO).refresh(Duration.ZERO, 1);
  private static final InetAddress VIP = InetAddress.ofLiteral("10.77.0.100");

  private static VrrpInstance.Builder instance() {
    return Instances.version3().announcements(ONCE);
  }

  private static VrrpInstance.Builder other(int id, String address) {
    return VrrpInstance.builder("VI_" + id)
        .networkInterface("eth0")
        .virtualRouterId(id)
        .version(VrrpVersion.V3)
        .priority(150)
        .announcements(ONCE)
        .virtualAddress(address);
  }

  private static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }

  private static byte[] advert(int priority) {
    return new VrrpV3(
            new VirtualRouterId(51),
            new Priority(priority),
            Duration.ofSeconds(1),
            List.of(VIP),
            VrrpV3.Coverage.PSEUDO_HEADER)
        .encode(THEIRS, ScriptedHost.GROUP);
  }

  private static Rig master(VrrpInstance... instances) throws Exception {
    var rig = new Rig(instances).begin().until(millis(3500));
    assertThat(rig.state()).isEqualTo(VrrpState.MASTER);
    rig.host.done.clear();
    rig.events.clear();
    return rig;
  }

  @Test
  void theSameConfigurationIsNotNoticed() throws Exception {
    var rig = master(instance().build());

    rig.reconfigure(instance().build());

    assertThat(rig.host.done).isEmpty();
    assertThat(rig.events).isEmpty();
  }

  @Test
  void aMasterGoesOnWithAnotherPriorityFromItsNextAdvert() throws Exception {
    var rig = master(instance().build());

    rig.reconfigure(instance().priority(120).build()).until(millis(4600));

    assertThat(rig.host.deeds()).containsExactly("advert 51 120 > 224.0.0.18");
    assertThat(rig.events).singleElement().isInstanceOf(VrrpEvent.PriorityChanged.class);
    assertThat(rig.snapshot().transitions()).isEqualTo(2);
    assertThat(rig.snapshot().priority()).isEqualTo(new Priority(120));
  }

  @Test
  void aMasterTakesUpTheAddressThatIsNewAndGivesUpTheOneThatIsMissing() throws Exception {
    var rig = master(instance().build());

    rig.reconfigure(other(51, "10.77.0.101/24").build());
    assertThat(rig.snapshot().name()).as("another name is another instance").isEqualTo("VI_51");

    rig = master(other(51, "10.77.0.100/24").virtualAddress("10.77.0.102/24").build());
    rig.reconfigure(other(51, "10.77.0.101/24").virtualAddress("10.77.0.102/24").build());
    rig.until(millis(3600));

    assertThat(rig.host.deeds())
        .containsExactly("release 10.77.0.100", "claim 10.77.0.101", "announce 10.77.0.101");
    assertThat(rig.events).isEmpty();
    assertThat(rig.snapshot().heldAddresses()).hasSize(2);
  }

  @Test
  void aBackupWithAnotherPriorityWaitsForAsLongAsThatSaysSinceTheLastAdvert() throws Exception {
    var rig = new Rig(instance().priority(100).build()).begin();
    rig.host.at(millis(1000), () -> rig.host.hear(advert(200), THEIRS));
    rig.until(millis(1500));

    // 1000 + 3 s + (256 - 200) / 256 s
    rig.reconfigure(instance().priority(200).build()).until(millis(4200));
    assertThat(rig.state()).isEqualTo(VrrpState.BACKUP);
    rig.until(millis(4230));

    assertThat(rig.state()).isEqualTo(VrrpState.MASTER);
  }

  @Test
  void anotherPasswordHoldsFromTheNextAdvertOnAndIsNoTransition() throws Exception {
    var plain =
        other(51, "10.77.0.100/24")
            .version(VrrpVersion.V2)
            .authentication(Authentication.password("1111"));
    var rig = new Rig(plain.build()).begin().until(millis(3700));
    assertThat(rig.state()).isEqualTo(VrrpState.MASTER);
    rig.events.clear();

    rig.reconfigure(plain.authentication(Authentication.password("2222")).build())
        .until(millis(6000));

    assertThat(rig.events).isEmpty();
    assertThat(rig.state()).isEqualTo(VrrpState.MASTER);
    assertThat(rig.members.getFirst().instance.authentication())
        .contains(Authentication.password("2222"));
  }

  @Test
  void anInstanceThatIsMissingEndsAndOneThatIsNewBeginsAndTheOthersDontNotice() throws Exception {
    var rig = master(instance().build(), other(52, "10.77.0.200/24").build());

    rig.reconfigure(instance().build(), other(53, "10.77.0.201/24").build());

    assertThat(rig.host.deeds()).containsExactly("advert 52 0 > 224.0.0.18", "release 10.77.0.200");
    assertThat(rig.events.stream().map(VrrpEvent::name)).containsExactly("VI_52", "VI_53");
    assertThat(rig.events.getFirst()).isInstanceOf(VrrpEvent.Stopped.class);
    rig.until(millis(7500));
    assertThat(rig.members).extracting(Member::shownState).containsOnly(VrrpState.MASTER);
    assertThat(rig.snapshot().transitions()).isEqualTo(2);
    assertThat(rig.host.channels).as("one channel was enough").hasSize(1);
  }

  @Test
  void anInstanceOnAnotherLinkBeginsAnew() throws Exception {
    var rig = master(other(51, "10.77.0.100/24").build());
    rig.host.plug("eth1", 3);

    rig.reconfigure(other(51, "10.77.0.100/24").networkInterface("eth1").build());

    assertThat(rig.host.deeds())
        .startsWith("advert 51 0 > 224.0.0.18", "release 10.77.0.100", "close", "open 10.77.0.1");
    assertThat(rig.state()).isEqualTo(VrrpState.BACKUP);
    rig.until(millis(7500));
    assertThat(rig.state()).isEqualTo(VrrpState.MASTER);
  }

  @Test
  void whatATrackerSaidHoldsWhileItsSettingsChange() throws Exception {
    var tracker = Tracker.script("check", "/bin/true").weight(20);
    var rig = master(instance().track(tracker).build());
    rig.loop.read(tracker, new Reading.Good());
    assertThat(rig.snapshot().effectivePriority()).isEqualTo(new Priority(170));
    rig.events.clear();

    rig.reconfigure(instance().track(tracker.every(Duration.ofSeconds(5))).build());

    assertThat(rig.snapshot().effectivePriority()).isEqualTo(new Priority(170));
    assertThat(rig.events).isEmpty();

    rig.reconfigure(instance().build());
    assertThat(rig.snapshot().effectivePriority()).isEqualTo(new Priority(150));
  }

  @Test
  void aNewTrackerThatFindsAFaultIsBelievedWhenItHasSpoken() throws Exception {
    var file = Tracker.file("down", Path.of("/nowhere")).weight(0);
    var rig = master(instance().build());

    rig.reconfigure(instance().track(file).build());
    assertThat(rig.state()).isEqualTo(VrrpState.MASTER);
    rig.loop.read(file, new Reading.Value(1));

    assertThat(rig.state()).isEqualTo(VrrpState.FAULT);
  }

  @Test
  void mastersThatBecomeASyncGroupWithABackupLetGo() throws Exception {
    var one = other(51, "10.77.0.100/24").build();
    var two = other(52, "10.77.0.200/24").priority(100).build();
    var rig = new Rig(one, two).begin();
    for (int second = 1; second < 5; second++) {
      rig.host.at(
          Duration.ofSeconds(second),
          () ->
              rig.host.hear(
                  new VrrpV3(
                          new VirtualRouterId(52),
                          new Priority(200),
                          Duration.ofSeconds(1),
                          List.of(InetAddress.ofLiteral("10.77.0.200")),
                          VrrpV3.Coverage.PSEUDO_HEADER)
                      .encode(THEIRS, ScriptedHost.GROUP),
                  THEIRS));
    }
    rig.until(millis(4500));
    assertThat(rig.members)
        .extracting(Member::shownState)
        .containsExactly(VrrpState.MASTER, VrrpState.BACKUP);

    rig.reconfigure(
        List.of(SyncGroup.builder("G").instance("VI_51").instance("VI_52").build()), one, two);

    assertThat(rig.members).extracting(Member::shownState).containsOnly(VrrpState.BACKUP);
    rig.until(Duration.ofSeconds(12));
    assertThat(rig.members).extracting(Member::shownState).containsOnly(VrrpState.MASTER);
  }
}
