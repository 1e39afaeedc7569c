package io.lvs4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.DirectorEvent;
import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.Persistence;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.RealServerSnapshot;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.StartException;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.scheduler.Schedulers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectorTest {
  private static final HealthCheck CHECK =
      HealthCheck.http("/health")
          .every(Duration.ofMillis(50))
          .delayBeforeRetry(Duration.ofMillis(10))
          .warmUp(Duration.ZERO);

  private final HttpBackend one = new HttpBackend("one");
  private final HttpBackend two = new HttpBackend("two");
  private final HttpBackend sorry = new HttpBackend("sorry");
  private final int port = HttpBackend.freePort();

  @AfterEach
  void close() {
    one.close();
    two.close();
    sorry.close();
  }

  private VirtualServer.Builder web() {
    return VirtualServer.tcp("127.0.0.1", port)
        .scheduler(Schedulers.roundRobin())
        .realServer("127.0.0.1", one.port())
        .realServer("127.0.0.1", two.port());
  }

  private static Director serve(VirtualServer... servers) {
    var builder = Director.builder();
    List.of(servers).forEach(builder::virtualServer);
    var director = builder.build();
    director.start();
    return director;
  }

  private Map<String, Integer> spread(int requests) {
    var spread = new TreeMap<String, Integer>();
    for (int i = 0; i < requests; i++) {
      spread.merge(HttpBackend.ask(port), 1, Integer::sum);
    }
    return spread;
  }

  @Test
  void connectionsAreSpreadAndCounted() {
    var web = web().build();
    try (var director = serve(web)) {
      assertThat(spread(10)).isEqualTo(Map.of("one", 5, "two", 5));
      await()
          .untilAsserted(() ->
              assertThat(director.virtualServer(web).snapshot().realServers())
                  .extracting(each -> each.traffic().connections(), RealServerSnapshot::active)
                  .containsExactly(
                      org.assertj.core.groups.Tuple.tuple(5L, 0),
                      org.assertj.core.groups.Tuple.tuple(5L, 0)));
      var traffic = director.virtualServer(web).snapshot().traffic();
      assertThat(traffic.inBytes()).isEqualTo(10L * "GET / HTTP/1.0\r\n\r\n".length());
      assertThat(traffic.outBytes()).isGreaterThan(traffic.inBytes());
    }
    assertThat(HttpBackend.ask(port)).contains("ConnectException");
  }

  @Test
  void aServerThatTurnsUnwellLeavesAndComesBackAndTheSorryServerFillsIn() {
    var web = web().healthCheck(CHECK).sorryServer("127.0.0.1", sorry.port()).build();
    var events = new CopyOnWriteArrayList<DirectorEvent>();
    try (var director = Director.builder().virtualServer(web).listener(events::add).build()) {
      director.start();
      var first = director.realServer(web, "127.0.0.1", one.port());

      one.healthStatus(503);
      await().until(() -> !first.snapshot().up());
      assertThat(spread(4)).isEqualTo(Map.of("two", 4));
      assertThat(first.snapshot().detail()).contains("/health", "503", "200-299");

      two.kill();
      await().until(() -> director.virtualServer(web).snapshot().sorryServerActive());
      assertThat(spread(4)).isEqualTo(Map.of("sorry", 4));

      one.healthStatus(200);
      two.start();
      await().until(() -> spread(2).equals(Map.of("one", 1, "two", 1)));
      await()
          .untilAsserted(() ->
              assertThat(events)
                  .hasAtLeastOneElementOfType(DirectorEvent.SorryServerDeactivated.class)
                  .hasAtLeastOneElementOfType(DirectorEvent.QuorumUp.class));
    }
  }

  @Test
  void schedulersServersAndWeightsChangeWhileConnectionsStayOpen() throws IOException {
    var web =
        VirtualServer.tcp("127.0.0.1", port)
            .scheduler(Schedulers.roundRobin())
            .realServer("127.0.0.1", one.port())
            .build();
    try (var director = serve(web);
        var open = new Socket(InetAddress.getLoopbackAddress(), port)) {
      open.setSoTimeout(10_000);
      var control = director.virtualServer(web);
      await().until(() -> director.connections().size() == 1);

      control.add(RealServer.of("127.0.0.1", two.port()).weight(3));
      control.scheduler(Schedulers.weightedRoundRobin());
      assertThat(spread(8)).isEqualTo(Map.of("one", 2, "two", 6));
      control.scheduler((servers, flow) -> servers.size() - 1);
      assertThat(spread(3)).isEqualTo(Map.of("one", 3));
      control.realServer("127.0.0.1", one.port()).quiesce();
      control.scheduler(Schedulers.weightedLeastConnection());
      assertThat(spread(3)).isEqualTo(Map.of("two", 3));
      control.realServer("127.0.0.1", one.port()).remove();

      open.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes());
      assertThat(new String(open.getInputStream().readAllBytes())).endsWith("one");
    }
  }

  @Test
  void aDrainWaitsForTheLastConnection() throws Exception {
    var web = web().build();
    try (var director = serve(web);
        var open = new Socket(InetAddress.getLoopbackAddress(), port)) {
      await().until(() -> director.connections().size() == 1);
      var busy = director.realServer(web.id(), director.connections().getFirst().realServer());

      var drained = busy.drain(Duration.ofMinutes(5));
      assertThat(spread(4)).hasSize(1);
      assertThat(busy.snapshot().draining()).isTrue();
      assertThat(drained).isNotDone();
      open.close();

      assertThat(drained.get()).isZero();
      assertThat(director.virtualServer(web).snapshot().realServers()).hasSize(1);
    }
  }

  @Test
  void aDrainCutsAtItsDeadline() throws Exception {
    var web = web().build();
    try (var director = serve(web);
        var open = new Socket(InetAddress.getLoopbackAddress(), port)) {
      open.setSoTimeout(10_000);
      await().until(() -> director.connections().size() == 1);
      var busy = director.realServer(web.id(), director.connections().getFirst().realServer());

      assertThat(busy.drain(Duration.ZERO).get()).isEqualTo(1);

      assertThatThrownBy(() -> open.getInputStream().read()).hasMessageContaining("reset");
    }
  }

  @Test
  void persistentClientsStayUntilTheirServerLeaves() {
    var web = web().persistence(Persistence.byClientAddress(Duration.ofMinutes(5))).build();
    try (var director = serve(web)) {
      var spread = spread(6);
      assertThat(spread).hasSize(1);
      var other = spread.containsKey("one") ? "two" : "one";
      var kept = spread.containsKey("one") ? one : two;

      director.realServer(web, "127.0.0.1", kept.port()).quiesce();

      assertThat(spread(3)).isEqualTo(Map.of(other, 3));
    }
  }

  @Test
  void anOverloadedServerIsPassedOver() throws IOException {
    var web =
        VirtualServer.tcp("127.0.0.1", port)
            .scheduler(Schedulers.roundRobin())
            .realServer(RealServer.of("127.0.0.1", one.port()).thresholds(2, 1))
            .realServer("127.0.0.1", two.port())
            .build();
    try (var director = serve(web)) {
      var open = new ArrayList<Socket>();
      for (int i = 0; i < 10; i++) {
        open.add(new Socket(InetAddress.getLoopbackAddress(), port));
      }
      await()
          .untilAsserted(() ->
              assertThat(director.virtualServer(web).snapshot().realServers())
                  .extracting(RealServerSnapshot::active)
                  .containsExactly(2, 8));
      for (var socket : open) {
        socket.close();
      }
    }
  }

  @Test
  void aPortInUseIsToldAndNothingIsLeftHalfStarted() throws IOException {
    int free = HttpBackend.freePort();
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var first = VirtualServer.tcp("127.0.0.1", free).realServer("127.0.0.1", 9).build();
      var second =
          VirtualServer.tcp("127.0.0.1", taken.getLocalPort()).realServer("127.0.0.1", 9).build();
      var third = VirtualServer.tcp("192.0.2.77", 8080).realServer("127.0.0.1", 9).build();
      try (var director =
          Director.builder()
              .virtualServer(first)
              .virtualServer(second)
              .virtualServer(third)
              .build()) {
        assertThatThrownBy(director::start)
            .isInstanceOfSatisfying(
                StartException.class,
                refused -> {
                  assertThat(refused.problems()).hasSize(2);
                  assertThat(refused.problems().get(0).toString())
                      .contains(":" + taken.getLocalPort(), "in use");
                  assertThat(refused.problems().get(1).toString()).contains("192.0.2.77:8080");
                });
        assertThat(HttpBackend.ask(free)).contains("ConnectException");
        assertThat(director.isRunning()).isFalse();
      }
    }
  }

  @Test
  void whatTheProxyCannotDoIsRefusedWhenTheDirectorIsBuilt() {
    var direct =
        VirtualServer.tcp("127.0.0.1", port).forwarding(ForwardingMethod.DIRECT_ROUTING).build();
    var again = VirtualServer.tcp("0.0.0.0", port).build();

    assertThatThrownBy(() -> Director.builder().virtualServer(direct).virtualServer(again).build())
        .isInstanceOfSatisfying(
            InvalidConfigurationException.class,
            refused ->
                assertThat(refused.problems())
                    .hasSize(2)
                    .anySatisfy(problem -> assertThat(problem.expected()).contains("ipvs", "ebpf"))
                    .anySatisfy(problem -> assertThat(problem.value()).contains("overlaps")));
  }

  @Test
  void aSchedulerThatFailsRefusesConnectionsAndNothingElse() {
    Scheduler broken =
        (servers, flow) -> {
          throw new IllegalStateException("a user's own fault");
        };
    var web = web().scheduler(broken).build();
    try (var director = serve(web)) {
      assertThat(HttpBackend.ask(port)).contains("reset");
      director.virtualServer(web).scheduler(Schedulers.roundRobin());
      assertThat(spread(2)).isEqualTo(Map.of("one", 1, "two", 1));
    }
  }

  @Test
  void shutdownLetsOpenConnectionsEnd() throws Exception {
    var web = web().build();
    var director = serve(web);
    try (var open = new Socket(InetAddress.getLoopbackAddress(), port)) {
      open.setSoTimeout(10_000);
      await().until(() -> director.connections().size() == 1);
      var cut = new java.util.concurrent.CompletableFuture<Integer>();
      var stopper =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  cut.complete(director.shutdown(Duration.ofMinutes(1)));
                } catch (InterruptedException interrupted) {
                  cut.completeExceptionally(interrupted);
                }
              });
      await().until(() -> HttpBackend.ask(port).contains("ConnectException"));

      open.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes());
      assertThat(new String(open.getInputStream().readAllBytes())).contains("200 OK");
      open.close();
      assertThat(cut.get()).isZero();
      stopper.join();
    }
    assertThatThrownBy(director::snapshot)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("director: CLOSED (expected: RUNNING)");
  }

  @Test
  void closeLeavesNoThread() {
    var web = web().healthCheck(CHECK).build();
    var director = serve(web);
    spread(4);
    director.close();

    await()
        .untilAsserted(() ->
            assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("lvs4j")));
  }

  @Test
  void whatHappensIsInTheFlightRecording(@TempDir Path directory) throws IOException {
    var file = directory.resolve("director.jfr");
    try (var recording = new Recording()) {
      recording.start();
      var web = web().healthCheck(CHECK).build();
      try (var director = serve(web)) {
        spread(2);
        one.healthStatus(500);
        await().until(() -> !director.realServer(web, "127.0.0.1", one.port()).snapshot().up());
        two.kill();
        await().until(() -> !director.virtualServer(web).snapshot().quorumUp());
        await().until(() -> director.connections().isEmpty());
      }
      recording.stop();
      recording.dump(file);
    }
    assertThat(Files.size(file)).isPositive();
    var events = RecordingFile.readAllEvents(file);
    assertThat(events)
        .extracting(event -> event.getEventType().getName())
        .contains("io.lvs4j.Connection", "io.lvs4j.RealServer", "io.lvs4j.Quorum");
    assertThat(events)
        .filteredOn(event -> event.getEventType().getName().equals("io.lvs4j.RealServer"))
        .anySatisfy(event -> {
          assertThat(event.getString("state")).isEqualTo("down");
          assertThat(event.getString("reason")).contains("status 500");
        });
  }
}
