package io.lvs4j.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.AfterDrain;
import io.lvs4j.api.DirectorEvent;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.Health;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.Problem;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.RealServerSnapshot;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.SchedulerName;
import io.lvs4j.api.StartException;
import io.lvs4j.api.Traffic;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EngineTest {
  private static final Endpoint A = RealServer.of("10.0.0.1", 80).endpoint();
  private static final Endpoint B = RealServer.of("10.0.0.2", 80).endpoint();
  private static final Endpoint SORRY = RealServer.of("10.0.0.9", 80).endpoint();

  private final VirtualLoop loop = new VirtualLoop();
  private final MemoryPlane plane = new MemoryPlane();
  private final ScriptedHealth health = new ScriptedHealth();
  private final List<DirectorEvent> events = new CopyOnWriteArrayList<>();
  private final Engine engine = new Engine(loop, plane, health, List.of(this::heard));

  private void heard(DirectorEvent event) {
    if (!(event instanceof DirectorEvent.ConfigurationChange)) {
      events.add(event);
    }
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private static VirtualServer.Builder web() {
    return VirtualServer.tcp("192.0.2.1", 80)
        .scheduler(named("wlc"))
        .healthCheck(HealthCheck.tcp())
        .realServer("10.0.0.1", 80)
        .realServer(RealServer.of("10.0.0.2", 80).weight(3));
  }

  private VirtualServerSnapshot snapshot(VirtualServer definition) {
    return engine.snapshot().join().virtualServers().stream()
        .filter(each -> each.id().equals(definition.id()))
        .findFirst()
        .orElseThrow();
  }

  private static Instant now() {
    return Instant.now();
  }

  private static Scheduler named(String name) {
    return new Scheduler() {
      @Override
      public int schedule(io.lvs4j.api.ServerPool servers, io.lvs4j.api.Flow flow) {
        return 0;
      }

      @Override
      public String name() {
        return name;
      }
    };
  }

  private VirtualServer serve(VirtualServer.Builder builder) {
    var definition = builder.build();
    engine.add(List.of(definition)).join();
    plane.operations.clear();
    return definition;
  }

  private List<String> weights(VirtualServer definition) {
    return plane.weights(definition.id());
  }

  private void expectEvents(DirectorEvent... expected) {
    await().untilAsserted(() -> assertThat(events).containsExactly(expected));
  }

  @Test
  void aServerIsUncheckedUntilItsChecksHaveAnAnswerAndWithoutChecksForGood() {
    var web = serve(web().sorryServer("10.0.0.9", 80));
    health.verdict(B, false, "refused");
    var snapshot = snapshot(web);
    assertThat(snapshot.realServers())
        .extracting(RealServerSnapshot::health)
        .containsExactly(Health.UNCHECKED, Health.DOWN);
    assertThat(snapshot.sorryServer()).map(RealServerSnapshot::health).contains(Health.UNCHECKED);
    health.verdict(B, true, "fine");
    health.verdict(A, true, "fine");
    assertThat(snapshot(web).realServers())
        .allSatisfy(server -> {
          assertThat(server.health()).isEqualTo(Health.UP);
          assertThat(server.since()).isBetween(snapshot.realServers().getLast().since(), now());
        });
  }

  @Test
  void whatServesAlreadyIsServedUntilACheckSaysOtherwise() {
    var definition =
        VirtualServer.tcp("192.0.2.1", 80)
            .scheduler(named("wlc"))
            .healthCheck(HealthCheck.tcp().alpha())
            .realServer("10.0.0.1", 80)
            .realServer("10.0.0.2", 80)
            .sorryServer("10.0.0.9", 80)
            .build();
    plane.found.put(definition.id(), Set.of(A));
    engine.add(List.of(definition)).join();
    assertThat(weights(definition)).containsExactly("10.0.0.1:80=1");
    assertThat(health.checks(A)).noneMatch(HealthCheck::isAlpha);
    assertThat(health.checks(B)).allMatch(HealthCheck::isAlpha);

    health.verdict(A, false, "refused");
    assertThat(weights(definition)).containsExactly("10.0.0.9:80=1");
  }

  @Test
  void aSorryServerThatServesAloneIsServedUntilACheckSaysOtherwise() {
    var definition = web().sorryServer("10.0.0.9", 80).build();
    plane.found.put(definition.id(), Set.of(SORRY));
    engine.add(List.of(definition)).join();
    assertThat(weights(definition)).containsExactly("10.0.0.9:80=1");
    assertThat(health.checks(A)).allMatch(HealthCheck::isAlpha);

    health.verdict(B, true, "fine");
    assertThat(weights(definition)).containsExactly("10.0.0.2:80=3");
  }

  @Test
  void nothingIsTouchedWhereTheHostLacksSomething() {
    plane.obstacles.add(new Problem("scheduler", "twos, which this kernel lacks", "another one"));
    var definition = web().build();
    assertThatThrownBy(() -> engine.add(List.of(definition)).join())
        .hasCauseInstanceOf(StartException.class);
    assertThat(plane.operations).isEmpty();
    plane.obstacles.clear();
    engine.add(List.of(definition)).join();
  }

  @Test
  void aStartThatFailsTakesBackWhatItHasAdded() {
    var one = web().build();
    var other = VirtualServer.tcp("192.0.2.2", 80).scheduler(named("wlc")).build();
    plane.unbindable.add(other.id());
    assertThatThrownBy(() -> engine.add(List.of(one, other)).join())
        .hasCauseInstanceOf(StartException.class);
    assertThat(plane.operations)
        .endsWith("take back " + one.id())
        .noneMatch(each -> each.startsWith("remove"));
    plane.unbindable.clear();

    engine.add(List.of(one, other)).join();
    engine.takeBack().join();
    assertThat(plane.operations).endsWith("take back " + one.id(), "take back " + other.id());
    assertThat(plane.tables).isEmpty();
  }

  @Test
  void aServerThatFailsLeavesThePoolAndComesBack() {
    var web = serve(web());

    health.verdict(A, false, "TCP_CHECK: refused");
    assertThat(weights(web)).containsExactly("10.0.0.2:80=3");
    health.verdict(A, true, "");
    assertThat(weights(web)).containsExactly("10.0.0.2:80=3", "10.0.0.1:80=1");

    expectEvents(
        new DirectorEvent.RealServerDown(web.id(), A, "TCP_CHECK: refused"),
        new DirectorEvent.RealServerUp(web.id(), A));
  }

  @Test
  void checksMayChangeTheWeightOfAServerAndTheQuorumGoesByIt() {
    var web = serve(web().quorum(4).sorryServer("10.0.0.9", 80));

    health.weight(B, OptionalInt.of(7));
    assertThat(weights(web)).containsExactly("10.0.0.1:80=1", "10.0.0.2:80=7");
    assertThat(plane.operations).containsExactly("update 10.0.0.2:80");
    var snapshot = engine.snapshot().join().virtualServers().getFirst().realServers().get(1);
    assertThat(snapshot.weight()).isEqualTo(3);
    assertThat(snapshot.effectiveWeight()).isEqualTo(7);

    health.weight(B, OptionalInt.of(0));
    assertThat(weights(web)).containsExactly("10.0.0.9:80=1");
    health.weight(B, OptionalInt.empty());
    assertThat(weights(web)).containsExactlyInAnyOrder("10.0.0.1:80=1", "10.0.0.2:80=3");

    expectEvents(
        new DirectorEvent.QuorumDown(web.id()),
        new DirectorEvent.SorryServerActivated(web.id(), SORRY),
        new DirectorEvent.SorryServerDeactivated(web.id(), SORRY),
        new DirectorEvent.QuorumUp(web.id()));
  }

  @Test
  void aServerInhibitedOnFailureStaysWithWeightZero() {
    var web =
        serve(
            VirtualServer.tcp("192.0.2.1", 80)
                .scheduler(named("wlc"))
                .healthCheck(HealthCheck.tcp())
                .realServer(RealServer.of("10.0.0.1", 80).inhibitOnFailure()));

    health.verdict(A, false, "");

    assertThat(weights(web)).containsExactly("10.0.0.1:80=0");
    assertThat(plane.operations).containsExactly("update 10.0.0.1:80");
  }

  @Test
  void theSorryServerTakesOverWhenQuorumIsLostAndIsAddedBeforeTheOthersLeave() {
    var web = serve(web().quorum(3).hysteresis(1).sorryServer("10.0.0.9", 80));

    health.verdict(B, false, "gone");

    assertThat(weights(web)).containsExactly("10.0.0.9:80=1");
    assertThat(plane.operations)
        .containsExactly("add 10.0.0.9:80", "remove 10.0.0.1:80", "remove 10.0.0.2:80");
    health.verdict(B, true, "");
    assertThat(weights(web)).containsExactlyInAnyOrder("10.0.0.1:80=1", "10.0.0.2:80=3");
    expectEvents(
        new DirectorEvent.RealServerDown(web.id(), B, "gone"),
        new DirectorEvent.QuorumDown(web.id()),
        new DirectorEvent.SorryServerActivated(web.id(), SORRY),
        new DirectorEvent.RealServerUp(web.id(), B),
        new DirectorEvent.SorryServerDeactivated(web.id(), SORRY),
        new DirectorEvent.QuorumUp(web.id()));
  }

  @Test
  void withoutASorryServerTheRestStaysInThePoolWhenQuorumIsLost() {
    var web = serve(web().quorum(3));

    health.verdict(B, false, "gone");

    assertThat(weights(web)).containsExactly("10.0.0.1:80=1");
    assertThat(engine.snapshot().join().virtualServers().getFirst().quorumUp()).isFalse();
  }

  @Test
  void alphaServersStartDownAndTheSorryServerServesUntilTheyAreSeenUp() {
    var web =
        serve(
            VirtualServer.tcp("192.0.2.1", 80)
                .scheduler(named("wlc"))
                .healthCheck(HealthCheck.tcp().alpha())
                .realServer("10.0.0.1", 80)
                .sorryServer("10.0.0.9", 80));

    assertThat(weights(web)).containsExactly("10.0.0.9:80=1");
    health.verdict(A, true, "");
    assertThat(weights(web)).containsExactly("10.0.0.1:80=1");
    expectEvents(
        new DirectorEvent.QuorumDown(web.id()),
        new DirectorEvent.SorryServerActivated(web.id(), SORRY),
        new DirectorEvent.RealServerUp(web.id(), A),
        new DirectorEvent.SorryServerDeactivated(web.id(), SORRY),
        new DirectorEvent.QuorumUp(web.id()));
  }

  @Test
  void aDrainingServerLeavesWhenItsLastConnectionEnds() {
    var web = serve(web());
    plane.open.put(A, 2);

    var drained = engine.drain(web.id(), A, Duration.ofMinutes(1));
    assertThat(weights(web)).containsExactly("10.0.0.1:80=0", "10.0.0.2:80=3");
    loop.pass(Duration.ofSeconds(10));
    assertThat(drained).isNotDone();
    plane.open.remove(A);
    loop.pass(Duration.ofSeconds(1));

    assertThat(drained.join()).isZero();
    assertThat(weights(web)).containsExactly("10.0.0.2:80=3");
    assertThat(plane.operations).doesNotContain("cut 10.0.0.1:80");
    assertThat(health.open()).isEqualTo(1);
    expectEvents(new DirectorEvent.RealServerDrained(web.id(), A, 0));
  }

  @Test
  void aDrainCutsWhatIsLeftAtItsDeadline() {
    var web = serve(web());
    plane.open.put(A, 2);

    var drained = engine.drain(web.id(), A, Duration.ofMinutes(1));
    loop.pass(Duration.ofSeconds(61));

    assertThat(drained.join()).isEqualTo(2);
    assertThat(plane.operations)
        .containsExactly("update 10.0.0.1:80", "cut 10.0.0.1:80", "remove 10.0.0.1:80");
    expectEvents(new DirectorEvent.RealServerDrained(web.id(), A, 2));
  }

  @Test
  void aChangeIsDoneWhenThePlaneHasDoneItsPart() {
    var web = serve(web());
    plane.slow = true;

    var changed = engine.changeServer(web.id(), A, server -> server.weight(7));
    assertThat(changed).isNotDone();
    plane.finish();
    assertThat(changed).isCompleted();
  }

  @Test
  void aDrainTrustsNoCountFromBeforeTheServerWasQuiesced() {
    var web = serve(web());
    plane.slow = true;

    var drained = engine.drain(web.id(), A, Duration.ofMinutes(1));
    loop.pass(Duration.ofSeconds(10));
    assertThat(weights(web)).as("nothing is open, as far as is known").contains(A + "=0");

    plane.slow = false;
    plane.open.put(A, 1);
    plane.finish();
    loop.pass(Duration.ofSeconds(10));
    assertThat(weights(web)).contains(A + "=0");

    plane.open.clear();
    loop.pass(Duration.ofSeconds(1));
    assertThat(drained).isCompletedWithValue(0);
    assertThat(weights(web)).doesNotContain(A + "=0");
  }

  @Test
  void aServerThatThePlaneCanNotDoIsRefusedWhenItComesLater() {
    var web = serve(web());
    var portless = RealServer.of("10.0.0.9", 0);
    assertThatThrownBy(() -> engine.addServer(web.id(), portless).join())
        .cause()
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("real server 10.0.0.9:0: port: 0");
    var through = RealServer.of("10.0.0.9", 80).forwarding(ForwardingMethod.TUNNEL);
    assertThatThrownBy(() -> engine.addServer(web.id(), through).join())
        .cause()
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("TUNNEL");
  }

  @Test
  void aDrainThatIsCalledOffGivesTheServerItsWeightBack() {
    var web = serve(web());
    plane.open.put(A, 1);
    var drained = engine.drain(web.id(), A, Duration.ofMinutes(1));

    engine.resume(web.id(), A).join();
    loop.pass(Duration.ofMinutes(2));

    assertThat(drained).isCancelled();
    assertThat(weights(web)).containsExactly("10.0.0.1:80=1", "10.0.0.2:80=3");
  }

  @Test
  void aServerThatComesBackGrowsToItsWeight() {
    var web = serve(web().slowStart(Duration.ofSeconds(10)));
    assertThat(weights(web)).containsExactly("10.0.0.1:80=100", "10.0.0.2:80=300");

    health.verdict(B, false, "");
    health.verdict(B, true, "");
    assertThat(weights(web)).containsExactly("10.0.0.1:80=100", "10.0.0.2:80=1");
    loop.pass(Duration.ofSeconds(5));
    assertThat(weights(web)).containsExactly("10.0.0.1:80=100", "10.0.0.2:80=150");
    loop.pass(Duration.ofSeconds(6));
    assertThat(weights(web)).containsExactly("10.0.0.1:80=100", "10.0.0.2:80=300");
    plane.operations.clear();
    loop.pass(Duration.ofMinutes(1));
    assertThat(plane.operations).isEmpty();
    assertThat(engine.snapshot().join().virtualServers().getFirst().realServers())
        .extracting("effectiveWeight")
        .containsExactly(1, 3);
  }

  @Test
  void slowStartIsRefusedWithASchedulerThatDoesNotGoByProportion() {
    var web = web().scheduler(named("rr")).slowStart(Duration.ofSeconds(10)).build();

    assertThatThrownBy(() -> engine.add(List.of(web)).join())
        .cause()
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageStartingWith("virtual server 192.0.2.1:80/tcp: slow start: with scheduler rr")
        .hasMessageContaining("wlc");
    assertThat(plane.tables).isEmpty();
  }

  @Test
  void anUpdateTellsThePlaneOnlyWhatChanged() {
    var web = serve(web());

    engine
        .update(
            web.toBuilder()
                .realServers(
                    List.of(RealServer.of("10.0.0.2", 80).weight(3), RealServer.of("10.0.0.3", 80)))
                .build())
        .join();

    assertThat(plane.operations)
        .containsExactly("update 192.0.2.1:80/tcp", "add 10.0.0.3:80", "remove 10.0.0.1:80");
    assertThat(health.open()).isEqualTo(2);
  }

  @Test
  void anUpdateKeepsWhatIsKnownOfAServerThatIsDown() {
    var web = serve(web());
    health.verdict(A, false, "gone");

    engine.update(web.toBuilder().healthCheck(HealthCheck.http("/")).build()).join();

    assertThat(weights(web)).containsExactly("10.0.0.2:80=3");
    health.verdict(A, true, "");
    assertThat(weights(web)).containsExactly("10.0.0.2:80=3", "10.0.0.1:80=1");
  }

  @Test
  void aServerWhoseChecksAreTakenAwayIsUp() {
    var web = serve(web());
    health.verdict(A, false, "gone");

    engine
        .update(
            VirtualServer.tcp("192.0.2.1", 80)
                .scheduler(named("wlc"))
                .realServer("10.0.0.1", 80)
                .build())
        .join();

    assertThat(weights(web)).containsExactly("10.0.0.1:80=1");
    assertThat(health.open()).isZero();
  }

  @Test
  void weightAndThresholdsChangeLiveAndBadOnesAreRefused() {
    var web = serve(web());

    engine.changeServer(web.id(), A, server -> server.weight(7).thresholds(10, 5)).join();
    assertThat(weights(web)).containsExactly("10.0.0.1:80=7", "10.0.0.2:80=3");
    assertThatThrownBy(() -> engine.changeServer(web.id(), A, server -> server.weight(-1)).join())
        .cause()
        .hasMessage(
            "virtual server 192.0.2.1:80/tcp: real server 10.0.0.1:80: weight: -1 (expected:"
                + " 0-2147483647)");
    assertThat(weights(web)).containsExactly("10.0.0.1:80=7", "10.0.0.2:80=3");
  }

  @Test
  void oneVirtualServerThatCannotBindLeavesNoneOfThemRunning() {
    var one = web().build();
    var two = VirtualServer.tcp("192.0.2.2", 80).scheduler(named("wlc")).build();
    var three = VirtualServer.tcp("192.0.2.3", 80).scheduler(named("wlc")).build();
    plane.unbindable.add(two.id());
    plane.unbindable.add(three.id());

    assertThatThrownBy(() -> engine.add(List.of(one, two, three)).join())
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            StartException.class,
            refused ->
                assertThat(refused.problems())
                    .extracting("subject")
                    .containsExactly("bind 192.0.2.2:80/tcp", "bind 192.0.2.3:80/tcp"));
    assertThat(plane.tables).isEmpty();
    assertThat(health.open()).isZero();
    plane.unbindable.clear();
    engine.add(List.of(one, two, three)).join();
    assertThat(plane.tables).hasSize(3);
  }

  @Test
  void overlapsAndWhatThePlaneCannotDoAreToldTogether() {
    var one = VirtualServer.tcp("192.0.2.1", 80).build();
    var wildcard = VirtualServer.tcp("0.0.0.0", 80).build();
    var tunnel =
        VirtualServer.tcp("192.0.2.7", 81).forwarding(io.lvs4j.api.ForwardingMethod.TUNNEL).build();

    assertThat(Admission.problems(List.of(one, wildcard, tunnel), plane))
        .extracting(Object::toString)
        .containsExactly(
            "virtual server 0.0.0.0:80/tcp: overlaps with virtual server 192.0.2.1:80/tcp"
                + " (expected: one virtual server for an address, port and protocol)",
            "virtual server 192.0.2.7:81/tcp: TUNNEL (expected: NAT)");
  }

  @Test
  void ratesFollowTheKernelsEstimator() {
    var web = serve(web());
    plane.traffic.put(A, new Traffic(80, 0, 0, 8_000, 0));

    loop.pass(Duration.ofSeconds(2));
    var rates = engine.snapshot().join().virtualServers().getFirst().rates();
    assertThat(rates.connections()).isEqualTo(10);
    assertThat(rates.inBytes()).isEqualTo(1_000);
    loop.pass(Duration.ofSeconds(2));
    assertThat(engine.snapshot().join().virtualServers().getFirst().rates().connections())
        .isEqualTo(7.5);
    assertThat(web.id()).isNotNull();
  }

  @Test
  void anUnknownServerIsToldWithTheOnesThatAreThere() {
    var web = serve(web());

    assertThatThrownBy(() -> engine.removeServer(web.id(), SORRY).join())
        .cause()
        .hasMessage(
            "real server 10.0.0.9:80 of 192.0.2.1:80/tcp: not here (expected: one of"
                + " [10.0.0.1:80, 10.0.0.2:80])");
  }

  @Test
  void aListenerThatFailsDoesNotKeepTheNextFromHearing() {
    var heard = new CopyOnWriteArrayList<DirectorEvent>();
    serve(
        web()
            .listener(event -> {
              throw new IllegalStateException("a listener's own fault");
            })
            .listener(event -> {
              if (!(event instanceof DirectorEvent.ConfigurationChange)) {
                heard.add(event);
              }
            }));

    health.verdict(A, false, "gone");

    await().untilAsserted(() -> assertThat(heard).hasSize(1));
  }

  private Traffic trafficOf(int server) {
    return engine.snapshot().join().virtualServers().getFirst().realServers().get(server).traffic();
  }

  @Test
  void countersGoOnWhileAServerIsConfiguredWhateverThePlaneForgets() {
    var web = serve(web().quorum(3).sorryServer("10.0.0.9", 80));
    plane.traffic.put(A, new Traffic(60, 0, 0, 600, 6000));
    plane.traffic.put(SORRY, new Traffic(5, 0, 0, 50, 500));
    assertThat(trafficOf(0).connections()).isEqualTo(60);

    health.verdict(A, false, "gone");
    assertThat(trafficOf(0)).isEqualTo(new Traffic(60, 0, 0, 600, 6000));
    plane.traffic.remove(A);
    health.verdict(A, true, "");
    assertThat(trafficOf(0)).isEqualTo(new Traffic(60, 0, 0, 600, 6000));
    plane.traffic.put(A, new Traffic(90, 0, 0, 900, 9000));
    assertThat(trafficOf(0)).isEqualTo(new Traffic(150, 0, 0, 1500, 15_000));

    // A plane that remembers it isn't counted twice.
    health.verdict(A, false, "gone");
    assertThat(trafficOf(0).connections()).isEqualTo(150);
    health.verdict(A, true, "");
    assertThat(trafficOf(0).connections()).isEqualTo(150);

    // While the sorry server has the connections, and by a reload.
    health.verdict(B, false, "gone");
    var sorry = engine.snapshot().join().virtualServers().getFirst().sorryServer().orElseThrow();
    assertThat(sorry.traffic().connections()).isEqualTo(5);
    assertThat(trafficOf(0).connections()).isEqualTo(150);
    health.verdict(B, true, "");
    plane.traffic.remove(SORRY);
    engine.update(web.toBuilder().quorum(1).build()).join();
    var after = engine.snapshot().join().virtualServers().getFirst();
    assertThat(after.sorryServer().orElseThrow().traffic().connections()).isEqualTo(5);
    assertThat(trafficOf(0).connections()).isEqualTo(150);
    assertThat(after.traffic().connections()).isGreaterThanOrEqualTo(155);
  }

  @Test
  void aServerIsKeptForMaintenanceAndResumed() {
    var web = serve(web());
    plane.open.put(A, 1);
    var drained = engine.drain(web.id(), A, Duration.ofMinutes(1), AfterDrain.KEEP);
    loop.pass(Duration.ofSeconds(1));
    assertThat(drained).isNotDone();
    plane.open.remove(A);
    loop.pass(Duration.ofSeconds(1));
    assertThat(drained).isCompletedWithValue(0);
    assertThat(weights(web)).containsExactlyInAnyOrder("10.0.0.1:80=0", "10.0.0.2:80=3");
    var kept = engine.snapshot().join().virtualServers().getFirst().realServers().getFirst();
    assertThat(kept.draining()).isTrue();
    assertThat(kept.effectiveWeight()).isZero();

    // Checks go on, and change nothing of it.
    health.verdict(A, false, "worked on");
    health.verdict(A, true, "");
    assertThat(weights(web)).contains("10.0.0.1:80=0");

    engine.resume(web.id(), A).join();
    assertThat(weights(web)).containsExactlyInAnyOrder("10.0.0.1:80=1", "10.0.0.2:80=3");
    assertThat(engine.snapshot().join().virtualServers().getFirst().realServers().getFirst())
        .matches(each -> !each.draining() && each.effectiveWeight() == 1);

    // What is open at the deadline is cut then too, and a kept one may be removed after all.
    plane.open.put(A, 2);
    var cut = engine.drain(web.id(), A, Duration.ofSeconds(1), AfterDrain.KEEP);
    loop.pass(Duration.ofSeconds(2));
    assertThat(cut).isCompletedWithValue(2);
    var gone = engine.drain(web.id(), A, Duration.ofSeconds(1), AfterDrain.REMOVE);
    loop.pass(Duration.ofSeconds(2));
    assertThat(gone).isCompletedWithValue(0);
    assertThat(weights(web)).containsExactly("10.0.0.2:80=3");
  }

  @Test
  void everyChangeIsToldOnceAndWhatIsTheSameIsNot() {
    var changes = new CopyOnWriteArrayList<DirectorEvent>();
    var web =
        web()
            .listener(event -> {
              if (event instanceof DirectorEvent.ConfigurationChange) {
                changes.add(event);
              }
            })
            .build();
    var id = web.id();
    engine.add(List.of(web)).join();
    engine.changeServer(id, A, server -> server.weight(5)).join();
    engine.changeServer(id, A, server -> server.weight(5)).join();
    engine.update(id, builder -> builder.scheduler(named("rr"))).join();
    engine.update(id, builder -> builder.scheduler(web.scheduler().orElseThrow())).join();
    engine.update(id, builder -> builder).join();
    var c = RealServer.of("10.0.0.3", 80);
    engine.addServer(id, c.weight(2)).join();
    engine.removeServer(id, c.endpoint()).join();
    var _ = engine.drain(id, A, Duration.ofMinutes(1), AfterDrain.KEEP);
    engine.resume(id, A).join();
    engine.resume(id, A).join();
    engine
        .update(web.toBuilder().realServers(List.of(RealServer.of("10.0.0.2", 80))).build())
        .join();
    engine.remove(id).join();
    await()
        .untilAsserted(() ->
            assertThat(changes)
                .containsExactly(
                    new DirectorEvent.VirtualServerAdded(
                        id, "memory", new SchedulerName("wlc", List.of()), 2, List.of()),
                    new DirectorEvent.RealServerChanged(id, A, List.of("weight 1 -> 5")),
                    new DirectorEvent.VirtualServerChanged(id, List.of("scheduler wlc -> rr")),
                    new DirectorEvent.VirtualServerChanged(id, List.of("scheduler rr -> wlc")),
                    new DirectorEvent.RealServerAdded(id, c.endpoint(), 2),
                    new DirectorEvent.RealServerRemoved(id, c.endpoint()),
                    new DirectorEvent.DrainBegun(id, A, Duration.ofMinutes(1), AfterDrain.KEEP),
                    new DirectorEvent.RealServerResumed(id, A),
                    new DirectorEvent.RealServerChanged(id, B, List.of("weight 3 -> 1")),
                    new DirectorEvent.RealServerRemoved(id, A),
                    new DirectorEvent.VirtualServerRemoved(id)));
  }
}
