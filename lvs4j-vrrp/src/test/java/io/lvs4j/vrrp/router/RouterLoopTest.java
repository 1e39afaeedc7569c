package io.lvs4j.vrrp.router;

import static io.lvs4j.vrrp.router.ScriptedHost.OURS;
import static io.lvs4j.vrrp.router.ScriptedHost.THEIRS;
import static io.lvs4j.vrrp.router.ScriptedHost.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.host.HostEvent;
import io.lvs4j.api.vrrp.AdvertError;
import io.lvs4j.api.vrrp.Announcements;
import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.SyncGroup;
import io.lvs4j.api.vrrp.Tracker;
import io.lvs4j.api.vrrp.VirtualRouterId;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpState;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.vrrp.Instances;
import io.lvs4j.vrrp.machine.Event;
import io.lvs4j.vrrp.machine.Moment;
import io.lvs4j.vrrp.machine.Reading;
import io.lvs4j.vrrp.machine.State;
import io.lvs4j.vrrp.wire.VrrpV3;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the driver does to its host, in what order and when. */
class RouterLoopTest {
  private static final InetAddress VIP = InetAddress.ofLiteral("10.77.0.100");

  /** Priority 150 in VRRPv3 at 1 s: 3 s and 106/256 s. */
  private static final Duration MASTER_DOWN = Duration.ofNanos(3_414_062_500L);

  private static final Announcements ONCE =
      Announcements.defaults().repeat(2).delay(Duration.ZERO).refresh(Duration.ZERO, 1);

  private static VrrpInstance.Builder instance() {
    return Instances.version3().announcements(ONCE);
  }

  private static byte[] advert(int id, int priority, InetAddress source) {
    return new VrrpV3(
            new VirtualRouterId(id),
            new Priority(priority),
            Duration.ofSeconds(1),
            List.of(VIP),
            VrrpV3.Coverage.PSEUDO_HEADER)
        .encode(source, ScriptedHost.GROUP);
  }

  private static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }

  private static Rig master() throws Exception {
    var rig = new Rig(instance().build()).begin().until(millis(3500));
    assertThat(rig.state()).isEqualTo(VrrpState.MASTER);
    return rig;
  }

  @Test
  void anAdvertThenTheAddressesThenTheAnnouncementsThenAnAdvertASecond() throws Exception {
    var rig = new Rig(instance().build()).begin().until(millis(5500));

    long down = MASTER_DOWN.toMillis();
    assertThat(rig.host.done)
        .containsExactly(
            "0 open 10.77.0.1",
            down + " advert 51 150 > 224.0.0.18",
            down + " claim 10.77.0.100",
            down + " announce 10.77.0.100",
            down + " announce 10.77.0.100",
            down + 1000 + " advert 51 150 > 224.0.0.18",
            down + 2000 + " advert 51 150 > 224.0.0.18");
    var shown = rig.snapshot();
    assertThat(shown.state()).isEqualTo(VrrpState.MASTER);
    assertThat(shown.heldAddresses()).hasSize(1);
    assertThat(shown.master()).contains(OURS);
    assertThat(shown.counters().advertsSent()).isEqualTo(3);
    assertThat(shown.counters().announcementsSent()).isEqualTo(2);
    assertThat(shown.counters().becameMaster()).isOne();
    assertThat(shown.transitions()).isEqualTo(2);
  }

  @Test
  void aSpacingKeepsAnnouncementsApart() throws Exception {
    var spaced = ONCE.repeat(3).spacing(millis(20));
    var rig = new Rig(instance().announcements(spaced).build()).begin().until(millis(4000));

    assertThat(rig.host.done)
        .contains(
            "3414 announce 10.77.0.100", "3434 announce 10.77.0.100", "3454 announce 10.77.0.100");
  }

  private static VrrpInstance.Builder second() {
    return VrrpInstance.builder("VI_2")
        .networkInterface("eth0")
        .virtualRouterId(52)
        .version(VrrpVersion.V3)
        .announcements(ONCE)
        .virtualAddress("10.77.0.200/24");
  }

  @Test
  void anAddressIsHandedOverToWhoeverAdvertisesAndTheOtherGivenUpInTheEnd() throws Exception {
    var rig = new Rig(instance().build(), second().build()).begin().until(millis(4000));
    rig.host.done.clear();
    rig.events.clear();

    rig.loop.end();
    assertThat(rig.loop.hasEnded()).isFalse();
    assertThat(rig.state()).isEqualTo(VrrpState.MASTER);
    rig.host.at(millis(4400), () -> rig.host.hear(advert(51, 100, THEIRS), THEIRS));
    while (!rig.loop.hasEnded()) {
      rig.loop.turn();
    }

    assertThat(rig.host.done)
        .containsExactly(
            "4000 advert 51 0 > 224.0.0.18",
            "4000 advert 52 0 > 224.0.0.18",
            "4400 release 10.77.0.100",
            "5096 release 10.77.0.200");
    assertThat(rig.events.stream().map(VrrpEvent::name)).containsExactly("VI_1", "VI_2");
    assertThat(rig.events)
        .allSatisfy(event -> assertThat(event).isInstanceOf(VrrpEvent.Stopped.class));
    assertThat(rig.state()).isEqualTo(VrrpState.STOPPED);
  }

  @Test
  void atTheEndAllLastAdvertsComeBeforeTheFirstAddressIsTakenOff() throws Exception {
    var rig =
        new Rig(instance().releaseAtOnce().build(), second().releaseAtOnce().build())
            .begin()
            .until(millis(4000));
    rig.host.done.clear();

    rig.loop.end();

    assertThat(rig.host.deeds())
        .containsExactly(
            "advert 51 0 > 224.0.0.18",
            "advert 52 0 > 224.0.0.18",
            "release 10.77.0.100",
            "release 10.77.0.200");
    assertThat(rig.events.reversed().subList(0, 2))
        .allSatisfy(event -> assertThat(event).isInstanceOf(VrrpEvent.Stopped.class));
    assertThat(rig.state()).isEqualTo(VrrpState.STOPPED);
    assertThat(rig.snapshot().counters().priorityZeroSent()).isOne();
  }

  @Test
  void instancesOfOneLinkShareAChannel() throws Exception {
    var many = new VrrpInstance[255];
    for (int i = 0; i < 255; i++) {
      many[i] =
          VrrpInstance.builder("VI_" + i)
              .networkInterface("eth0")
              .virtualRouterId(i + 1)
              .version(VrrpVersion.V3)
              .virtualAddress("10.77.1." + i)
              .build();
    }
    var rig = new Rig(many).begin();
    rig.host.at(millis(100), () -> rig.host.hear(advert(7, 200, THEIRS), THEIRS));
    rig.until(millis(3700));

    assertThat(rig.host.channels).hasSize(1);
    assertThat(rig.members.stream().filter(each -> each.snapshot().state() == VrrpState.MASTER))
        .hasSize(254);
    assertThat(rig.members.get(6).snapshot().master()).contains(THEIRS);
  }

  @Test
  void aMissingInterfaceIsAFaultUntilItComes() throws Exception {
    var rig = new Rig(instance().build());
    rig.host.interfaces.clear();
    rig.begin().until(millis(5000));
    assertThat(rig.state()).isEqualTo(VrrpState.FAULT);
    assertThat(rig.snapshot().reason()).isEqualTo("interface eth0: not on this host");

    rig.host.change("eth0", Optional.of(state("eth0", 2, true)));
    rig.until(millis(8000));
    assertThat(rig.state()).isEqualTo(VrrpState.BACKUP);
    rig.until(millis(9000));
    assertThat(rig.state()).isEqualTo(VrrpState.MASTER);
  }

  @Test
  void aMasterWithoutCarrierGivesUpAndComesBackAsBackup() throws Exception {
    var rig = master();
    rig.host.done.clear();
    rig.host.change("eth0", Optional.of(state("eth0", 2, false)));
    rig.until(millis(4000));

    assertThat(rig.host.deeds())
        .containsExactly(
            "advert 51 0 > 224.0.0.18", "advert 51 0 > 224.0.0.18", "release 10.77.0.100");
    assertThat(rig.snapshot().reason()).isEqualTo("interface eth0: no carrier");

    rig.host.change("eth0", Optional.of(state("eth0", 2, true)));
    rig.until(millis(4100));
    assertThat(rig.state()).isEqualTo(VrrpState.BACKUP);
    assertThat(rig.snapshot().counters().releasedMaster()).isOne();
  }

  @Test
  void anInterfaceThatWasMadeAnewGetsANewChannel() throws Exception {
    var rig = master();
    rig.host.change("eth0", Optional.of(state("eth0", 9, true)));
    rig.until(millis(4000));
    rig.host.done.clear();
    rig.until(millis(5500));

    assertThat(rig.host.channels).hasSize(2);
    assertThat(rig.host.channels.getFirst().open).isFalse();
    assertThat(rig.host.deeds()).contains("advert 51 150 > 224.0.0.18");
  }

  @Test
  void aChannelThatIsRefusedIsAFaultAndTriedAgainEverySecond() throws Exception {
    var rig = new Rig(instance().build());
    rig.host.refusing = what -> what.startsWith("open") && rig.host.millis() < 2500;
    rig.begin().until(millis(2900));
    assertThat(rig.state()).isEqualTo(VrrpState.FAULT);
    assertThat(rig.snapshot().reason()).contains("EPERM");

    rig.until(millis(3100));
    assertThat(rig.state()).isEqualTo(VrrpState.BACKUP);
    assertThat(rig.host.done)
        .containsExactly(
            "0 refused open 10.77.0.1",
            "1000 refused open 10.77.0.1",
            "2000 refused open 10.77.0.1",
            "3000 open 10.77.0.1");
  }

  @Test
  void anAddressThatIsRefusedIsAFaultAndTriedAgainAfterGrowingPauses() throws Exception {
    var rig = new Rig(instance().build());
    rig.host.refusing = what -> what.startsWith("claim") && rig.host.millis() < 10_000;
    rig.begin().until(millis(3600));

    assertThat(rig.state()).isEqualTo(VrrpState.FAULT);
    assertThat(rig.snapshot().reason()).isEqualTo("claim 10.77.0.100: EPERM");
    assertThat(rig.host.deeds())
        .containsSubsequence("refused claim 10.77.0.100", "advert 51 0 > 224.0.0.18");

    rig.until(millis(20_000));
    assertThat(rig.state()).isEqualTo(VrrpState.MASTER);
    assertThat(rig.host.done.stream().filter(each -> each.contains("claim")))
        .containsExactly(
            "3414 refused claim 10.77.0.100",
            // 1 s until the fault is over and 3.4 s of listening, then 2 s and as much again
            "7828 refused claim 10.77.0.100",
            "13242 claim 10.77.0.100");
  }

  @Test
  void anAddressThatCantBeTakenOffIsTriedAgain() throws Exception {
    var rig = master();
    rig.host.refusing = what -> what.startsWith("release") && rig.host.millis() < 5000;
    rig.host.hear(advert(51, 200, THEIRS), THEIRS);
    rig.until(millis(6500));

    assertThat(rig.state()).isEqualTo(VrrpState.BACKUP);
    assertThat(rig.host.held).isEmpty();
    assertThat(rig.host.deeds().stream().filter(each -> each.contains("release")))
        .containsExactly(
            "refused release 10.77.0.100", "refused release 10.77.0.100", "release 10.77.0.100");
  }

  @Test
  void anAddressThatSomebodyRemovesIsPutBackAndToldOf() throws Exception {
    var rig = master();
    var claim = rig.host.held.iterator().next();
    rig.host.done.clear();
    rig.host.happen(new HostEvent.AddressRemoved(claim));
    rig.until(millis(3600));

    assertThat(rig.host.deeds())
        .containsExactly("claim 10.77.0.100", "announce 10.77.0.100", "announce 10.77.0.100");
    assertThat(rig.events.getLast()).isInstanceOf(VrrpEvent.AddressRestored.class);
    assertThat(rig.snapshot().counters().addressesRestored()).isOne();
    assertThat(rig.state()).isEqualTo(VrrpState.MASTER);
  }

  @Test
  void whatWasMissedWhileTheProcessStoodStillIsHeardBeforeADeadlineIsBelieved() throws Exception {
    var rig = new Rig(instance().build()).begin();
    for (int i = 0; i < 10; i++) {
      rig.host.at(Duration.ofSeconds(i), () -> rig.host.hear(advert(51, 200, THEIRS), THEIRS));
    }
    rig.until(millis(1500));
    rig.host.stall(Duration.ofSeconds(8));
    rig.until(millis(10_000));

    assertThat(rig.state()).isEqualTo(VrrpState.BACKUP);
    assertThat(rig.host.deeds()).noneMatch(each -> each.startsWith("advert"));
    assertThat(rig.snapshot().counters().advertsReceived()).isEqualTo(10);
  }

  @Test
  void aStallBetweenHearingAndReadingTheClockIsNoReasonToTakeOver() throws Exception {
    var rig = new Rig(instance().build()).begin();
    for (int i = 0; i < 10; i++) {
      rig.host.at(Duration.ofSeconds(i), () -> rig.host.hear(advert(51, 200, THEIRS), THEIRS));
    }
    rig.until(millis(1500));
    // The last advert was heard at 1 s; at 4.9 s the master counts as down unless more is read.
    rig.host.stallOnReturn = millis(3400);
    rig.host.wakeUp();
    rig.until(millis(9000));

    assertThat(rig.host.deeds()).noneMatch(each -> each.startsWith("advert"));
    assertThat(rig.events).noneMatch(event -> event instanceof VrrpEvent.Stalled);
    assertThat(rig.state()).isEqualTo(VrrpState.BACKUP);
  }

  @Test
  void anEndlessFloodDoesNotKeepAdvertsBack() throws Exception {
    var rig = master();
    rig.host.done.clear();
    int[] reads = {0};
    rig.host.more =
        () -> {
          if (++reads[0] % 8 == 0) {
            rig.host.stall(millis(1));
          }
          return Optional.of(rig.host.message(advert(99, 200, THEIRS), THEIRS));
        };
    rig.until(millis(6500));

    assertThat(rig.host.deeds().stream().filter(each -> each.startsWith("advert"))).hasSize(3);
    assertThat(rig.state()).isEqualTo(VrrpState.MASTER);
  }

  @Test
  void aSuspendedHostSaysSoAndAnnouncesItselfAnew() throws Exception {
    var rig = master();
    rig.host.done.clear();
    rig.host.suspend(Duration.ofSeconds(30));
    rig.until(millis(4500));

    assertThat(rig.events).anyMatch(event -> event instanceof VrrpEvent.Stalled);
    assertThat(rig.host.deeds())
        .containsSubsequence("advert 51 150 > 224.0.0.18", "announce 10.77.0.100");
  }

  @ParameterizedTest
  @CsvSource({
    "TTL, 254, 31 33 c8 01 00 64 00 00 0a 4d 00 64",
    "CHECKSUM, 255, 31 33 c8 01 00 64 00 00 0a 4d 00 64",
    "TYPE, 255, 32 33 c8 01 00 64 00 00 0a 4d 00 64",
    "VERSION, 255, 41 33 c8 01 00 64 00 00 0a 4d 00 64",
    "PACKET_LENGTH, 255, 31 33 c8 02 00 64 00 00 0a 4d 00 64",
    "ADVERTISEMENT_INTERVAL, 255, 31 33 c8 01 00 00 00 00 0a 4d 00 64"
  })
  void badAdvertsAreCountedAndChangeNothing(AdvertError error, int hopLimit, String hex)
      throws Exception {
    var rig = master();
    byte[] message = HexFormat.ofDelimiter(" ").parseHex(hex);
    if (error == AdvertError.TTL) {
      message = advert(51, 200, THEIRS);
    }
    var channel = rig.host.channels.getFirst();
    rig.host.happen(
        new HostEvent.MessageReceived(channel, THEIRS, ScriptedHost.GROUP, hopLimit, message));
    rig.until(millis(3600));

    assertThat(rig.snapshot().counters().errors()).containsExactly(Map.entry(error, 1L));
    assertThat(rig.state()).isEqualTo(VrrpState.MASTER);
  }

  @Test
  void anAdvertThatTheHostDoesNotSendIsCountedAndTheNextOneTried() throws Exception {
    var rig = master();
    rig.host.refusing = what -> what.startsWith("advert") && rig.host.millis() < 5000;
    rig.until(millis(6000));

    assertThat(rig.snapshot().counters().sendFailures()).isOne();
    assertThat(rig.snapshot().counters().advertsSent()).isEqualTo(2);
  }

  @Test
  void aTrackerWithoutAWordHoldsTheInstanceBack() throws Exception {
    var tracker = Tracker.check("backend", () -> true);
    var rig = new Rig(instance().track(tracker).build()).begin().until(millis(5000));
    assertThat(rig.state()).isEqualTo(VrrpState.INIT);
    assertThat(rig.snapshot().reason()).isEqualTo("no answer yet from tracker backend");

    rig.loop.post(() -> rig.loop.read(tracker, new Reading.Good()));
    rig.until(millis(9000));
    assertThat(rig.state()).isEqualTo(VrrpState.MASTER);

    rig.loop.post(() -> rig.loop.read(tracker, new Reading.Bad("503")));
    rig.until(millis(9100));
    assertThat(rig.state()).isEqualTo(VrrpState.FAULT);
    assertThat(rig.snapshot().reason()).isEqualTo("tracker backend: 503");
    assertThat(rig.host.held).isEmpty();
  }

  @Test
  void aSyncGroupIsMasterTogetherAndFaultyTogether() throws Exception {
    var inner =
        VrrpInstance.builder("inner")
            .networkInterface("eth1")
            .virtualRouterId(52)
            .version(VrrpVersion.V3)
            .priority(150)
            .announcements(ONCE)
            .virtualAddress("10.78.0.100/24")
            .build();
    var group = SyncGroup.builder("VG_1").instance("VI_1").instance("inner").build();
    var rig = new Rig(List.of(group), instance().build(), inner);
    rig.host.plug("eth1", 3);
    rig.begin().until(millis(4000));
    assertThat(rig.members)
        .allSatisfy(each -> assertThat(each.snapshot().state()).isEqualTo(VrrpState.MASTER));
    assertThat(rig.events.getLast())
        .isInstanceOfSatisfying(
            VrrpEvent.Master.class, event -> assertThat(event.name()).isEqualTo("VG_1"));

    rig.host.change("eth1", Optional.of(state("eth1", 3, false)));
    rig.until(millis(4500));
    assertThat(rig.members)
        .allSatisfy(each -> assertThat(each.snapshot().state()).isEqualTo(VrrpState.FAULT));
    assertThat(rig.host.held).isEmpty();
    assertThat(rig.snapshot().syncGroup()).contains("VG_1");
  }

  @Test
  void aHostThatCantBeHeardForASecondIsAFault() throws Exception {
    var rig = master();
    rig.host.refusing = what -> what.equals("await") && rig.host.millis() < 6000;
    rig.until(millis(6050));
    assertThat(rig.state()).isEqualTo(VrrpState.BACKUP);
    assertThat(rig.events)
        .anySatisfy(event ->
            assertThat(event)
                .isInstanceOfSatisfying(
                    VrrpEvent.Fault.class,
                    fault -> assertThat(fault.reason()).isEqualTo("host network: await: ENOBUFS")));
  }

  @Test
  void aRouterThatFailsLeavesNoAddressBehindAndSaysSo() throws Exception {
    var rig = master();
    rig.host.done.clear();

    rig.loop.fail(new IllegalStateException("a bug"));

    assertThat(rig.host.deeds()).containsExactly("advert 51 0 > 224.0.0.18", "release 10.77.0.100");
    assertThat(rig.state()).isEqualTo(VrrpState.FAULT);
    assertThat(rig.events.getLast()).isInstanceOf(VrrpEvent.Fault.class);
  }

  /** Each call of the host, with each kind of error. */
  @ParameterizedTest
  @MethodSource("failures")
  void anErrorInACallOfTheHostConcernsOneInstanceAndIsOver(String call, Error error)
      throws Exception {
    var rig = new Rig(instance().build(), second().build()).begin();
    rig.host.error = error;
    // Before it is master, while it is, and when it ceases to be.
    rig.host.failing = what -> what.startsWith(call) && rig.host.millis() % 10_000 > 3_000;
    rig.host.at(millis(5500), () -> rig.host.hear(advert(51, 200, THEIRS), THEIRS));
    rig.until(millis(9500));
    assertThat(rig.host.done).as("it has failed").anyMatch(deed -> deed.contains("failed " + call));
    assertThat(rig.members.getFirst().snapshot().counters().internalErrors()).isPositive();
    rig.host.failing = _ -> false;
    rig.until(Duration.ofSeconds(90));

    assertThat(rig.members).extracting(Member::shownState).containsOnly(VrrpState.MASTER);
    assertThat(rig.host.held).hasSize(2);
    assertThat(rig.members.getLast().snapshot().transitions())
        .as("the other one was only started and became master")
        .isEqualTo(2);
  }

  private static Stream<Arguments> failures() {
    return Stream.of(
            "advert 51", "claim 10.77.0.100", "release 10.77.0.100", "announce 10.77.0.100")
        .flatMap(call ->
            Stream.of(
                    new OutOfMemoryError("scripted"),
                    new StackOverflowError(),
                    new NoClassDefFoundError("io/lvs4j/Missing"),
                    new ExceptionInInitializerError("scripted"))
                .map(error -> Arguments.of(call, error)));
  }

  @Test
  void anErrorInOpeningAChannelIsAFaultUntilItIsOver() throws Exception {
    var rig = new Rig(instance().build());
    rig.host.failing = what -> what.startsWith("open");
    rig.begin().until(millis(2500));
    assertThat(rig.state()).isEqualTo(VrrpState.FAULT);
    assertThat(rig.snapshot().reason()).contains("internal error", "OutOfMemoryError");

    rig.host.failing = _ -> false;
    rig.until(Duration.ofSeconds(8));
    assertThat(rig.state()).isEqualTo(VrrpState.MASTER);
  }

  @Test
  void errorsInHearingTheHostAreEnduredForASecondAndThenAFaultUntilTheyAreOver() throws Exception {
    var rig = master();
    rig.host.failing = what -> what.equals("await") && rig.host.millis() < 6000;
    rig.until(millis(4000));
    assertThat(rig.state()).isEqualTo(VrrpState.MASTER);
    rig.until(millis(5900));
    assertThat(rig.state()).isEqualTo(VrrpState.FAULT);
    assertThat(rig.snapshot().reason()).contains("internal error", "OutOfMemoryError");

    rig.until(millis(11_000));
    assertThat(rig.state()).isEqualTo(VrrpState.MASTER);
  }

  @Test
  void aMessageThatCantEvenBeDecodedIsDroppedAndTheNextOneHeard() throws Exception {
    var rig = new Rig(instance().build()).begin();
    rig.host.at(
        millis(1000),
        () -> {
          rig.host.happen(
              new HostEvent.MessageReceived(
                  rig.host.channels.getFirst(), THEIRS, ScriptedHost.GROUP, 255, nothing()));
          rig.host.hear(advert(51, 200, THEIRS), THEIRS);
        });
    rig.until(millis(3600));

    assertThat(rig.state()).isEqualTo(VrrpState.BACKUP);
    assertThat(rig.snapshot().counters().advertsReceived()).isOne();
  }

  /** What a host network with a bug may hand over. */
  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T nothing() {
    return null;
  }

  /** An election in which every step fails, until it is told not to. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void aStepThatFailsPutsItsInstanceInFaultAndTheRestGoesOn(int failures) throws Exception {
    int[] left = {0};
    var settings =
        new RouterSettings(
            List.of(instance().build(), second().build()), List.of(), List.of(), List.of());
    var members = settings.members();
    var host = new ScriptedHost();
    var events = new ArrayList<VrrpEvent>();
    var real = settings.elections(members);
    var failing =
        new Election() {
          @Override
          public List<Member> members() {
            return real.getFirst().members();
          }

          @Override
          public State state(Member member) {
            return real.getFirst().state(member);
          }

          @Override
          public List<Task> step(Member member, Event event, Moment now) {
            if (left[0]-- > 0) {
              throw new StackOverflowError();
            }
            return real.getFirst().step(member, event, now);
          }
        };
    var loop =
        new RouterLoop(
            settings,
            host,
            host,
            new RouterLog(_ -> {}, host),
            (event, _) -> events.add(event),
            List.of(failing, real.getLast()));
    loop.begin();
    runUntil(loop, host, millis(5000));
    assertThat(members).extracting(Member::shownState).containsOnly(VrrpState.MASTER);
    host.done.clear();
    left[0] = failures;

    runUntil(loop, host, millis(6200));

    assertThat(members.getFirst().shownState()).isEqualTo(VrrpState.FAULT);
    assertThat(host.deeds()).contains("advert 51 0 > 224.0.0.18", "release 10.77.0.100");
    assertThat(events.getLast()).isInstanceOf(VrrpEvent.Fault.class);
    assertThat(members.getLast().shownState()).isEqualTo(VrrpState.MASTER);

    runUntil(loop, host, Duration.ofSeconds(90));
    assertThat(members).extracting(Member::shownState).containsOnly(VrrpState.MASTER);
    assertThat(members.getFirst().snapshot().counters().internalErrors()).isPositive();
  }

  private static void runUntil(RouterLoop loop, ScriptedHost host, Duration time) {
    boolean[] over = {false};
    host.at(
        time,
        () -> {
          over[0] = true;
          host.wakeUp();
        });
    while (!over[0]) {
      loop.turn();
    }
  }

  private static VrrpInstance.Builder unicast(String name, int priority, String address) {
    return VrrpInstance.builder(name)
        .networkInterface("eth0")
        .virtualRouterId(51)
        .version(VrrpVersion.V3)
        .priority(priority)
        .announcements(ONCE)
        .virtualAddress(address);
  }

  private static HostEvent advertFrom(ScriptedHost.Channel channel, InetAddress peer) {
    byte[] message =
        new VrrpV3(
                new VirtualRouterId(51),
                new Priority(200),
                Duration.ofSeconds(1),
                List.of(VIP),
                VrrpV3.Coverage.PSEUDO_HEADER)
            .encode(peer, OURS);
    return new HostEvent.MessageReceived(channel, peer, OURS, 255, message);
  }

  /** One number three times on a link: two with peers of their own, one of which has its TTL. */
  @ParameterizedTest
  @CsvSource({"255", "64"})
  void theSenderTellsInstancesOfOneNumberApart(int ttlOfTheSecond) throws Exception {
    var four = InetAddress.ofLiteral("10.77.0.4");
    var rig =
        new Rig(
                unicast("VI_2", 150, "10.77.0.100/24").unicastPeer("10.77.0.2").build(),
                unicast("VI_4", 150, "10.77.0.101/24")
                    .unicastPeer("10.77.0.4")
                    .unicastTtl(ttlOfTheSecond)
                    .build(),
                unicast("VI_M", 150, "10.77.0.102/24").build())
            .begin()
            .until(millis(3500));
    assertThat(rig.members).extracting(Member::shownState).containsOnly(VrrpState.MASTER);

    // As a host does, each socket of the address hears it.
    for (var channel : rig.host.channels) {
      if (channel.settings.group().isEmpty()) {
        rig.host.happen(advertFrom(channel, four));
        rig.host.happen(advertFrom(channel, InetAddress.ofLiteral("10.77.0.99")));
      }
    }
    rig.until(millis(3600));

    assertThat(rig.members)
        .extracting(Member::shownState)
        .containsExactly(VrrpState.MASTER, VrrpState.BACKUP, VrrpState.MASTER);
  }
}
