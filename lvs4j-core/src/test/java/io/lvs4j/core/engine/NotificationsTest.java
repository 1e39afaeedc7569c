package io.lvs4j.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.DirectorEvent;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.KeepalivedListener;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.VirtualServer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who is told what at the start, at each change and at the end: servers A (weight 1), B (weight 3)
 * and C (weight 2, without a check), as keepalived would tell it.
 */
class NotificationsTest {
  private static final Endpoint A = RealServer.of("10.0.0.1", 80).endpoint();
  private static final Endpoint B = RealServer.of("10.0.0.2", 80).endpoint();

  private final VirtualLoop loop = new VirtualLoop();
  private final MemoryPlane plane = new MemoryPlane();
  private final ScriptedHealth health = new ScriptedHealth();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final Engine engine = new Engine(loop, plane, health, List.of(this::heard));

  @AfterEach
  void close() {
    engine.close();
  }

  private void heard(DirectorEvent event) {
    if (!(event instanceof DirectorEvent.ConfigurationChange)) {
      told.add(text(event));
    }
  }

  private static String text(DirectorEvent event) {
    return switch (event) {
      case DirectorEvent.RealServerUp up -> "up " + name(up.realServer());
      case DirectorEvent.RealServerDown down -> "down " + name(down.realServer());
      case DirectorEvent.QuorumUp _ -> "quorum up";
      case DirectorEvent.QuorumDown _ -> "quorum down";
      case DirectorEvent.SorryServerActivated _ -> "sorry on";
      case DirectorEvent.SorryServerDeactivated _ -> "sorry off";
      default -> event.toString();
    };
  }

  private static String name(Endpoint endpoint) {
    return String.valueOf((char) ('A' - 1 + endpoint.address().getAddress()[3]));
  }

  private static VirtualServer.Builder web() {
    return VirtualServer.tcp("192.0.2.1", 80)
        .realServer(RealServer.of("10.0.0.1", 80).healthCheck(HealthCheck.tcp()))
        .realServer(RealServer.of("10.0.0.2", 80).weight(3).healthCheck(HealthCheck.tcp()))
        .realServer(RealServer.of("10.0.0.3", 80).weight(2));
  }

  private void expect(String... expected) {
    await().untilAsserted(() -> assertThat(told).containsExactly(expected));
  }

  private static Arguments start(
      String name, UnaryOperator<VirtualServer.Builder> settings, List<String> expected) {
    return Arguments.of(name, settings, expected);
  }

  static Stream<Arguments> starts() {
    return Stream.of(
        start("with quorum", web -> web.quorum(6), List.of()),
        start("without", web -> web.quorum(6).hysteresis(1), List.of("quorum down")),
        start(
            "without, but with a sorry server",
            web -> web.quorum(6).hysteresis(1).sorryServer("10.0.0.9", 80),
            List.of("quorum down", "sorry on")),
        start(
            "told of all",
            web -> web.notifyAtStart(),
            List.of("up A", "up B", "up C", "quorum up")),
        start(
            "told of all, without quorum",
            web -> web.quorum(6).hysteresis(1).notifyAtStart(),
            List.of("up A", "up B", "up C", "quorum down")),
        start("alpha, with enough weight unchecked", web -> web.alpha().quorum(2), List.of()),
        start("alpha", web -> web.alpha().quorum(3), List.of("quorum down")),
        start(
            "alpha, told of all, with a sorry server",
            web -> web.alpha().quorum(3).notifyAtStart().sorryServer("10.0.0.9", 80),
            List.of("up C", "quorum down", "sorry on")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("starts")
  void theStart(String name, UnaryOperator<VirtualServer.Builder> settings, List<String> expected) {
    engine.add(List.of(settings.apply(web()).build())).join();
    engine.add(List.of(VirtualServer.tcp("192.0.2.9", 80).alpha().build())).join();
    expect(Stream.concat(expected.stream(), Stream.of("quorum down")).toArray(String[]::new));
  }

  static Stream<Arguments> startsOfKeepalived() {
    return Stream.of(
        start("with quorum", web -> web.quorum(6), List.of("quorum up")),
        start(
            "with quorum and a sorry server",
            web -> web.sorryServer("10.0.0.9", 80),
            List.of("quorum up")),
        start("without", web -> web.quorum(6).hysteresis(1), List.of()),
        start(
            "without, but with a sorry server",
            web -> web.quorum(6).hysteresis(1).sorryServer("10.0.0.9", 80),
            List.of("quorum down", "sorry on")),
        start(
            "told of all",
            web -> web.notifyAtStart(),
            List.of("up A", "up B", "up C", "quorum up")),
        start(
            "told of all, without quorum",
            web -> web.quorum(6).hysteresis(1).notifyAtStart(),
            List.of("up A", "up B", "up C")),
        start("alpha, with enough weight unchecked", web -> web.alpha(), List.of("quorum up")),
        start("alpha", web -> web.alpha().quorum(3), List.of()),
        start(
            "alpha, with a sorry server",
            web -> web.alpha().quorum(3).sorryServer("10.0.0.9", 80),
            List.of("quorum down", "sorry on")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("startsOfKeepalived")
  void theStartAsScriptsOfKeepalivedHearIt(
      String name, UnaryOperator<VirtualServer.Builder> settings, List<String> expected) {
    var heard = new CopyOnWriteArrayList<String>();
    engine.add(List.of(settings.apply(web()).listener(script(heard)).build())).join();
    engine
        .add(
            List.of(
                VirtualServer.tcp("192.0.2.9", 80)
                    .listener(event -> {
                      if (!(event instanceof DirectorEvent.ConfigurationChange)) {
                        heard.add("end");
                      }
                    })
                    .build()))
        .join();
    await()
        .untilAsserted(() ->
            assertThat(heard)
                .isEqualTo(Stream.concat(expected.stream(), Stream.of("end")).toList()));
  }

  private static KeepalivedListener script(List<String> heard) {
    return event -> heard.add(text(event));
  }

  @Test
  void aServerThatBeginsDownIsToldOfToScriptsOnceWhenItsFirstCheckFails() {
    var heard = new CopyOnWriteArrayList<String>();
    engine.add(List.of(web().alpha().quorum(6).listener(script(heard)).build())).join();
    health.foundDown(A, "");
    health.foundDown(A, "");
    health.verdict(B, true, "");
    health.verdict(B, false, "");
    health.foundDown(B, "");
    health.verdict(A, true, "");
    expect("quorum down", "up B", "down B", "up A");
    assertThat(heard).containsExactly("down A", "up B", "down B", "up A");
  }

  @Test
  void aChangeOfNothingIsNoNews() {
    var heard = new CopyOnWriteArrayList<String>();
    var web = web().notifyAtStart().listener(script(heard)).build();
    engine.add(List.of(web)).join();
    engine.update(web).join();
    health.verdict(A, false, "");
    await()
        .untilAsserted(
            () -> assertThat(heard).containsExactly("up A", "up B", "up C", "quorum up", "down A"));
  }

  static Stream<Arguments> ends() {
    return Stream.of(
        start("silent without omega", web -> web, List.of()),
        start(
            "omega: quorum goes with the last",
            web -> web.omega(),
            List.of("down A", "down B", "down C", "quorum down")),
        start(
            "omega: quorum goes as soon as the rest is too light",
            web -> web.omega().quorum(4),
            List.of("down A", "down B", "quorum down", "down C")),
        start(
            "omega: not before the hysteresis",
            web -> web.omega().quorum(4).hysteresis(2),
            List.of("down A", "down B", "down C", "quorum down")),
        start(
            "omega: nobody takes over at the end",
            web -> web.omega().sorryServer("10.0.0.9", 80),
            List.of("down A", "down B", "down C", "quorum down")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ends")
  void theEnd(String name, UnaryOperator<VirtualServer.Builder> settings, List<String> expected) {
    engine.add(List.of(settings.apply(web()).build())).join();
    engine.close();
    assertThat(told).as("delivered when close returns").isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ends")
  void theEndOfOneVirtualServer(
      String name, UnaryOperator<VirtualServer.Builder> settings, List<String> expected) {
    var web = settings.apply(web()).build();
    engine.add(List.of(web)).join();
    engine.remove(web.id()).join();
    expect(expected.toArray(String[]::new));
  }

  @Test
  void inOmegaModeTheEndTellsNothingOfServersThatWereDownNorOfAQuorumThatWasLost() {
    engine.add(List.of(web().omega().quorum(4).sorryServer("10.0.0.9", 80).build())).join();
    health.verdict(B, false, "");
    expect("down B", "quorum down", "sorry on");
    told.clear();
    engine.close();
    assertThat(told).containsExactly("down A", "down C");
  }

  @Test
  void whoHearsOfAServerThatIsUpFindsItInThePlane() throws Exception {
    var heard = new CountDownLatch(1);
    var seen = new CopyOnWriteArrayList<List<String>>();
    var web =
        web()
            .listener(event -> {
              if (!(event instanceof DirectorEvent.ConfigurationChange)) {
                seen.add(plane.weights(event.virtualServer()));
                heard.countDown();
              }
            })
            .alpha()
            .build();
    engine.add(List.of(web)).join();
    health.verdict(A, true, "");
    heard.await();
    assertThat(seen.getFirst()).contains(A + "=1");
  }

  @Test
  void whileTheSorryServerServesChangesAreToldButNotMade() {
    var web = web().quorum(6).sorryServer("10.0.0.9", 80).build();
    engine.add(List.of(web)).join();
    health.verdict(B, false, "");
    plane.operations.clear();
    health.verdict(A, false, "");
    health.verdict(A, true, "");
    assertThat(plane.operations).isEmpty();
    health.verdict(B, true, "");
    expect("down B", "quorum down", "sorry on", "down A", "up A", "up B", "sorry off", "quorum up");
    assertThat(plane.weights(web.id())).hasSize(3);
  }

  @Test
  void aServerThatIsAddedLaterIsToldOfLikeThoseOfTheStart() {
    var web = web().notifyAtStart().build();
    engine.add(List.of(web)).join();
    engine.addServer(web.id(), RealServer.of("10.0.0.4", 80)).join();
    expect("up A", "up B", "up C", "quorum up", "up D");
  }
}
