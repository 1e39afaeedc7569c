package io.lvs4j.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.DirectorEvent;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.PassiveHealth;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.RealServerSnapshot;
import io.lvs4j.api.ServerLoss;
import io.lvs4j.api.VirtualServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Passive health on virtual time: 5 failures, 30 s times the ejections, 100 s at most, 50 %. */
class EjectionTest {
  private static final Endpoint[] SERVERS =
      java.util.stream.IntStream.range(0, 4)
          .mapToObj(i -> RealServer.of("10.0.0." + i, 80).endpoint())
          .toArray(Endpoint[]::new);
  private static final PassiveHealth RULES =
      PassiveHealth.defaults().maxEjectionTime(Duration.ofSeconds(100));

  private final VirtualLoop loop = new VirtualLoop();
  private final MemoryPlane plane = new MemoryPlane();
  private final ScriptedHealth health = new ScriptedHealth();
  private final List<DirectorEvent> events = new CopyOnWriteArrayList<>();
  private final Engine engine = new Engine(loop, plane, health, List.of(this::heard));
  private VirtualServer web = servers(4).build();

  private void heard(DirectorEvent event) {
    if (!(event instanceof DirectorEvent.ConfigurationChange)) {
      events.add(event);
    }
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private static VirtualServer.Builder servers(int number) {
    var web =
        VirtualServer.tcp("192.0.2.1", 80).healthCheck(HealthCheck.tcp()).passiveHealth(RULES);
    for (int i = 0; i < number; i++) {
      web.realServer(RealServer.of(SERVERS[i]));
    }
    return web;
  }

  private void serve(VirtualServer.Builder definition) {
    web = definition.build();
    engine.add(List.of(web)).join();
  }

  private void fail(int server) {
    plane.failures.onFailures(web.id(), SERVERS[server], 5, "reset by server");
  }

  private List<Integer> ejected() {
    var servers = engine.snapshot().join().virtualServers().getFirst().realServers();
    var inPlane = plane.weights(web.id());
    for (var server : servers) {
      boolean in = inPlane.stream().anyMatch(each -> each.startsWith(server.endpoint() + "="));
      assertThat(in)
          .as("%s in the plane", server.endpoint())
          .isEqualTo(server.up() && !server.ejected());
    }
    return servers.stream()
        .filter(RealServerSnapshot::ejected)
        .map(server -> List.of(SERVERS).indexOf(server.endpoint()))
        .toList();
  }

  private void pass(int seconds) {
    loop.pass(Duration.ofSeconds(seconds));
  }

  private List<String> cut() {
    return plane.operations.stream().filter(each -> each.startsWith("cut ")).toList();
  }

  @Test
  void sessionsAreShutDownAtTheLossesThatWereNamed() {
    for (var how : ServerLoss.values()) {
      serve(servers(4).shutdownSessions(how));
      plane.operations.clear();
      fail(1);
      health.verdict(SERVERS[2], false, "gone");
      health.verdict(SERVERS[2], true, "here again");
      engine.removeServer(web.id(), SERVERS[3]).join();
      engine.update(web.toBuilder().realServers(web.realServers().subList(1, 4)).build()).join();
      assertThat(cut())
          .as("%s", how)
          .containsExactlyElementsOf(
              switch (how) {
                case EJECTED -> List.of("cut " + SERVERS[1]);
                case DOWN -> List.of("cut " + SERVERS[2]);
                case REMOVED -> List.of("cut " + SERVERS[3], "cut " + SERVERS[0]);
              });
      var snapshot = engine.snapshot().join().virtualServers().getFirst();
      assertThat(snapshot.shutdownSessions()).containsExactly(how);
      engine.remove(web.id()).join();
    }
  }

  @Test
  void sessionsOutliveEveryLossUnlessItIsAskedFor() {
    serve(servers(4));
    fail(1);
    health.verdict(SERVERS[2], false, "gone");
    engine.removeServer(web.id(), SERVERS[3]).join();
    assertThat(cut()).isEmpty();
    assertThat(engine.snapshot().join().virtualServers().getFirst().shutdownSessions()).isEmpty();
  }

  @Test
  void aServerIsTakenOutBeforeItsSessionsAreShutDown() {
    serve(servers(4).shutdownSessions(ServerLoss.DOWN, ServerLoss.EJECTED, ServerLoss.REMOVED));
    plane.operations.clear();
    fail(1);
    assertThat(plane.operations).containsExactly("remove " + SERVERS[1], "cut " + SERVERS[1]);
  }

  @Test
  void aServerThatFailsIsEjectedAndComesBackByItself() {
    serve(servers(4));
    fail(1);
    assertThat(ejected()).containsExactly(1);
    pass(29);
    assertThat(ejected()).containsExactly(1);
    pass(1);
    assertThat(ejected()).isEmpty();
    await()
        .untilAsserted(() ->
            assertThat(events)
                .containsExactly(
                    new DirectorEvent.RealServerEjected(
                        web.id(),
                        SERVERS[1],
                        Duration.ofSeconds(30),
                        "5 connections in a row failed, the last one: reset by server"),
                    new DirectorEvent.RealServerReturned(web.id(), SERVERS[1])));
  }

  @Test
  void eachEjectionIsLongerThanTheLastUpToABound() {
    serve(servers(4));
    for (int seconds : new int[] {30, 60, 90, 100, 100}) {
      fail(0);
      pass(seconds - 1);
      assertThat(ejected()).as("after %d s", seconds - 1).containsExactly(0);
      pass(1);
      assertThat(ejected()).as("after %d s", seconds).isEmpty();
    }
  }

  @Test
  void timeInServiceIsForgiveness() {
    serve(servers(4));
    for (int seconds : new int[] {30, 60, 90}) {
      fail(0);
      pass(seconds);
    }
    pass(61);
    fail(0);
    pass(59);
    assertThat(ejected()).as("two of three ejections forgotten, so 60 s").containsExactly(0);
    pass(1);
    assertThat(ejected()).isEmpty();
    pass(3600);
    fail(0);
    pass(30);
    assertThat(ejected()).isEmpty();
  }

  @Test
  void neverMoreThanTheShareOfThoseThatAreUp() {
    serve(servers(4));
    fail(0);
    fail(1);
    fail(2);
    fail(3);
    assertThat(ejected()).containsExactly(0, 1);
    pass(30);
    fail(3);
    assertThat(ejected()).containsExactly(3);
  }

  @Test
  void theOnlyServerStaysWhateverItDoes() {
    serve(servers(1));
    fail(0);
    assertThat(ejected()).isEmpty();
  }

  @Test
  void whenOthersGoDownTheOneWithTheShortestRestComesBack() {
    serve(servers(4));
    fail(0);
    pass(10);
    fail(1);
    health.verdict(SERVERS[2], false, "gone");
    assertThat(ejected()).as("three are up, so one may be away").containsExactly(1);
    health.verdict(SERVERS[3], false, "gone");
    assertThat(ejected()).as("two are up, so one may be away").containsExactly(1);
    health.verdict(SERVERS[0], false, "gone");
    assertThat(ejected()).as("the last one").isEmpty();
  }

  @Test
  void aServerThatGoesDownIsNoLongerEjectedAndComesBackAsSoonAsItIsUp() {
    serve(servers(4));
    fail(0);
    health.verdict(SERVERS[0], false, "gone");
    assertThat(ejected()).isEmpty();
    pass(1);
    health.verdict(SERVERS[0], true, "");
    assertThat(ejected()).isEmpty();
    assertThat(plane.weights(web.id())).hasSize(4);
    fail(0);
    pass(59);
    assertThat(ejected()).as("but it is not forgotten").containsExactly(0);
  }

  @Test
  void anEjectedServerCountsForNoQuorum() {
    serve(servers(4).quorum(4).sorryServer("10.0.0.9", 80));
    fail(0);
    assertThat(plane.weights(web.id())).containsExactly("10.0.0.9:80=1");
    pass(30);
    assertThat(plane.weights(web.id())).hasSize(4);
  }

  @Test
  void anInhibitedServerLeavesToo() {
    serve(
        VirtualServer.tcp("192.0.2.1", 80)
            .passiveHealth(RULES)
            .realServer(RealServer.of(SERVERS[0]).inhibitOnFailure())
            .realServer(RealServer.of(SERVERS[1])));
    fail(0);
    assertThat(plane.weights(web.id())).containsExactly(SERVERS[1] + "=1");
  }

  @Test
  void aServerThatComesBackGrowsToItsWeight() {
    serve(servers(2).slowStart(Duration.ofSeconds(10)));
    fail(0);
    pass(30);
    assertThat(plane.weights(web.id())).contains(SERVERS[0] + "=1");
    pass(5);
    assertThat(plane.weights(web.id())).contains(SERVERS[0] + "=50");
    pass(6);
    assertThat(plane.weights(web.id())).contains(SERVERS[0] + "=100");
  }

  @Test
  void withoutTheRulesNobodyIsEjectedAndWhenTheyGoAllComeBack() {
    serve(servers(2));
    fail(0);
    var plain =
        VirtualServer.tcp("192.0.2.1", 80)
            .healthCheck(HealthCheck.tcp())
            .realServers(web.realServers())
            .build();
    engine.update(plain).join();
    assertThat(ejected()).isEmpty();
    fail(1);
    assertThat(ejected()).isEmpty();
  }

  @Test
  void aPlaneThatDoesNotSeeFailuresIsRefused() {
    plane.blind = true;
    assertThatThrownBy(() -> engine.add(List.of(web)).join())
        .cause()
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessage(
            "virtual server 192.0.2.1:80/tcp: passive health: the memory plane does not see"
                + " connections fail (expected: the proxy plane)");
  }

  @Test
  void badRulesAreToldTogether() {
    var bad = new PassiveHealth(0, Duration.ofSeconds(10), Duration.ofSeconds(5), 101);
    assertThat(bad.problems())
        .extracting(Object::toString)
        .containsExactly(
            "passive health: consecutive failures: 0 (expected: 1-1000000)",
            "passive health: max ejection time: 5s (expected: 10s to 1d)",
            "passive health: max ejection percent: 101 (expected: 1-100)");
    assertThatThrownBy(servers(1).passiveHealth(bad)::build).hasMessageContaining("percent: 101");
  }
}
