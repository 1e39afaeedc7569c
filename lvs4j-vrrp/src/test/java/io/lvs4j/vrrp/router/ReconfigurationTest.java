package io.lvs4j.vrrp.router;

import static io.lvs4j.vrrp.router.ScriptedHost.THEIRS;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.host.VirtualAddressClaim;
import io.lvs4j.api.vrrp.Announcements;
import io.lvs4j.api.vrrp.Authentication;
import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.SyncGroup;
import io.lvs4j.api.vrrp.Tracker;
import io.lvs4j.api.vrrp.VirtualAddress;
import io.lvs4j.api.vrrp.VirtualRouterId;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpState;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.vrrp.Instances;
import io.lvs4j.vrrp.Seed;
import io.lvs4j.vrrp.machine.Reading;
import io.lvs4j.vrrp.wire.VrrpV3;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
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
    return advert(51, priority);
  }

  private static byte[] advert(int id, int priority) {
    return new VrrpV3(
            new VirtualRouterId(id),
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
        .containsExactly("claim 10.77.0.101", "release 10.77.0.100", "announce 10.77.0.101");
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

  @Test
  void anAddressThatMovesToAnotherMasterIsNeverAwayInEitherDirection() throws Exception {
    for (boolean forward : List.of(true, false)) {
      var many = other(51, "10.77.0.1/24").virtualAddress("10.77.0.4/24");
      var few = other(52, "10.77.0.2/24");
      var moving = VirtualAddress.of("10.77.0.3/24");
      var rig =
          forward
              ? master(many.build(), other(52, "10.77.0.2/24").virtualAddress(moving).build())
              : master(other(51, "10.77.0.1/24").virtualAddress(moving).build(), few.build());

      if (forward) {
        rig.reconfigure(many.virtualAddress(moving).build(), few.build());
      } else {
        rig.reconfigure(other(51, "10.77.0.1/24").build(), few.virtualAddress(moving).build());
      }

      assertThat(rig.host.deeds()).doesNotContain("release 10.77.0.3");
      assertThat(rig.host.held).extracting(VirtualAddressClaim::address).contains(address(3));
      assertThat(rig.members.get(forward ? 0 : 1).snapshot().heldAddresses()).contains(moving);
    }
  }

  @Test
  void mastersThatSwapTheirAddressesKeepThemAll() throws Exception {
    var rig = master(other(51, "10.77.0.1/24").build(), other(52, "10.77.0.2/24").build());

    rig.reconfigure(other(51, "10.77.0.2/24").build(), other(52, "10.77.0.1/24").build());

    assertThat(rig.host.deeds()).noneMatch(deed -> deed.startsWith("release"));
    assertThat(rig.host.held)
        .extracting(VirtualAddressClaim::address)
        .containsExactlyInAnyOrder(address(1), address(2));
  }

  @Test
  void anAddressOfAnInstanceThatIsMissingStaysWithTheMasterThatHasItNow() throws Exception {
    var rig = master(other(51, "10.77.0.1/24").build(), other(52, "10.77.0.2/24").build());

    rig.reconfigure(other(51, "10.77.0.1/24").virtualAddress("10.77.0.2/24").build());

    assertThat(rig.host.deeds()).doesNotContain("release 10.77.0.2");
    assertThat(rig.host.held).hasSize(2);
  }

  @Test
  void anAddressInTwoInstancesStaysUntilNeitherIsMaster() throws Exception {
    var rig = master(other(51, "10.77.0.1/24").build(), other(52, "10.77.0.1/24").build());
    assertThat(rig.host.held).hasSize(1);

    rig.host.hear(advert(51, 200), THEIRS);
    rig.until(millis(3600));

    assertThat(rig.members)
        .extracting(Member::shownState)
        .containsExactly(VrrpState.BACKUP, VrrpState.MASTER);
    assertThat(rig.host.held).as("the other one has it still").hasSize(1);

    rig.host.hear(advert(52, 200), THEIRS);
    rig.until(millis(3700));
    assertThat(rig.host.held).isEmpty();
  }

  /** Any two configurations: moves in every direction, swaps, rings, other prefixes and devices. */
  @RepeatedTest(300)
  void afterAReloadTheHostHasTheAddressesOfTheMastersAndNoOthers() throws Exception {
    var seed = Seed.get();
    var random = seed.random();
    var rig = new Rig(configuration(random)).begin();
    rig.host.plug("eth4", 4);
    rig.host.change("eth4", Optional.of(ScriptedHost.state("eth4", 4, true)));
    for (int second = 0; second < 40; second++) {
      // The higher half of the numbers has another master.
      for (int id = FIRST_ID + INSTANCES / 2; id < FIRST_ID + INSTANCES; id++) {
        byte[] theirs = advert(id, 250);
        rig.host.at(Duration.ofSeconds(second), () -> rig.host.hear(theirs, THEIRS));
      }
    }
    rig.until(Duration.ofSeconds(5));
    assertThat(rig.host.held).as("before, %s", seed).isEqualTo(ofMasters(rig));

    for (int reload = 1; reload <= 3; reload++) {
      var before = Set.copyOf(rig.host.held);
      rig.host.done.clear();
      rig.reconfigure(configuration(random));
      assertThat(rig.host.held).as("reload %d, %s", reload, seed).isEqualTo(ofMasters(rig));
      var stayed = new LinkedHashSet<>(before);
      stayed.retainAll(rig.host.held);
      assertThat(rig.host.deeds().stream().filter(deed -> deed.startsWith("release")).count())
          .as("reload %d took off what was to stay, %s", reload, seed)
          .isEqualTo(before.size() - stayed.size());
      rig.until(Duration.ofSeconds(5 + 5 * reload));
      assertThat(rig.host.held).as("after %d, %s", reload, seed).isEqualTo(ofMasters(rig));
    }
  }

  private static final int FIRST_ID = 60;
  private static final int INSTANCES = 6;

  private static VrrpInstance[] configuration(RandomGenerator random) {
    var instances = new ArrayList<VrrpInstance>();
    for (int id = FIRST_ID; id < FIRST_ID + INSTANCES; id++) {
      if (random.nextInt(5) == 0 && id > FIRST_ID) {
        continue;
      }
      var builder = other(id, "10.77.1." + id + "/24");
      var seen = new HashSet<VirtualAddress.Identity>();
      for (int i = random.nextInt(4); i > 0; i--) {
        var address =
            VirtualAddress.of("10.77.0." + random.nextInt(8) + (random.nextBoolean() ? "/24" : ""));
        if (random.nextInt(4) == 0) {
          address = address.on("eth4");
        }
        if (!seen.add(address.identity(Optional.of("eth0")))) {
          continue;
        }
        builder =
            random.nextBoolean()
                ? builder.virtualAddress(address)
                : builder.excludedAddress(address);
      }
      instances.add(builder.build());
    }
    return instances.toArray(VrrpInstance[]::new);
  }

  private static Set<VirtualAddressClaim> ofMasters(Rig rig) {
    return rig.members.stream()
        .filter(member -> member.shownState() == VrrpState.MASTER)
        .flatMap(member ->
            member.instance.allAddresses().stream()
                .map(each ->
                    new VirtualAddressClaim(
                        Addresses.networkInterface(member, each),
                        each.address(),
                        each.prefixLength(),
                        each.label(),
                        each.scope(),
                        true)))
        .collect(Collectors.toSet());
  }

  private static InetAddress address(int host) {
    return InetAddress.ofLiteral("10.77.0." + host);
  }
}
