package io.lvs4j.lab.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.RealServerSnapshot;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerSnapshot;
import io.lvs4j.core.Director;
import io.lvs4j.lab.peer.FreePorts;
import io.lvs4j.lab.peer.HttpExchange;
import io.lvs4j.lab.peer.Nginx;
import io.lvs4j.lab.peer.RunningProcess;
import io.lvs4j.lab.peer.Workspace;
import io.lvs4j.lab.peer.Wrk;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** nginx real servers behind a director, wrk in front at full load, and something goes wrong. */
class RealTrafficTest {
  private static final System.Logger LOG = System.getLogger("io.lvs4j.lab.traffic");
  private static final int CONNECTIONS = 64;
  private static final Duration LOAD = Duration.ofSeconds(15);
  private static final Duration SOON = Duration.ofSeconds(10);

  private final Workspace workspace = Workspace.create();
  private final Map<String, Integer> ports = new LinkedHashMap<>();
  private final Map<String, RunningProcess> servers = new LinkedHashMap<>();
  private final int port = FreePorts.next();

  @BeforeEach
  void startRealServers() {
    assumeTrue(Nginx.find().isPresent(), "nginx is not installed");
    assumeTrue(Wrk.find().isPresent(), "wrk is not installed");
    for (String name : new String[] {"one", "two", "three"}) {
      ports.put(name, FreePorts.next());
      start(name);
    }
  }

  @AfterEach
  void endEverything() {
    workspace.close();
  }

  @Test
  void aRealServerKilledAtFullLoadTakesDownNoRequestButThoseInFlightOnIt() throws IOException {
    var web = VirtualServer.tcp("127.0.0.1", port).healthCheck(check());
    ports.values().forEach(realServer -> web.realServer("127.0.0.1", realServer));
    try (var director = Director.builder().virtualServer(web.build()).build()) {
      director.start();
      var load = new Wrk.Load(port, CONNECTIONS, LOAD, true);
      var wrk = Wrk.find().orElseThrow().start(workspace, load);
      await("all connections in place")
          .atMost(SOON)
          .until(
              () ->
                  service(director).realServers().stream()
                      .mapToInt(RealServerSnapshot::active)
                      .sum(),
              active -> active >= CONNECTIONS);
      awaitMoreTraffic(director);

      var dying = server(director, "one");
      assertThat(dying.active()).isPositive();
      servers.get("one").kill();
      for (int request = 0; request < 200; request++) {
        assertThat(HttpExchange.answeringServer(port)).isIn("two", "three");
      }
      // The kernel may close the connections of a process that it kills before its listening
      // socket:
      // a client that connects again at once can come to the dying server once more.
      var dead = new AtomicReference<>(dying);
      await("its death noticed")
          .atMost(SOON)
          .until(() -> {
            var now = server(director, "one");
            if (now.up()) {
              dead.set(now);
            }
            return !now.up();
          });
      long inFlight = dying.active() + carried(dead.get()) - carried(dying);
      awaitMoreTraffic(director);

      start("one");
      await("its return noticed").atMost(SOON).until(() -> server(director, "one").up());
      await("its share of new connections")
          .atMost(SOON)
          .until(() -> HttpExchange.answeringServer(port), "one"::equals);
      assertThat(wrk.isAlive()).as("all that happened under load").isTrue();

      var report = Wrk.report(wrk, load);
      LOG.log(Level.INFO, "in flight on the killed server: {0}; {1}", inFlight, report);
      assertThat(report.requests()).isPositive();
      assertThat(report.failures()).as("failed requests: %s", report).isBetween(1L, inFlight);
    }
  }

  private void start(String name) {
    var nginx = Nginx.find().orElseThrow();
    servers.put(name, nginx.realServer(workspace, name, ports.get(name), 1000, 1024));
  }

  private static HealthCheck check() {
    return HealthCheck.http("/")
        .every(Duration.ofMillis(250))
        .delayBeforeRetry(Duration.ofMillis(100))
        .warmUp(Duration.ZERO);
  }

  private static void awaitMoreTraffic(Director director) {
    long before = service(director).traffic().outBytes();
    await("more traffic")
        .atMost(SOON)
        .until(() -> service(director).traffic().outBytes() > before + 1_000_000);
  }

  /** Returns how many connections it has ever had. */
  private static long carried(RealServerSnapshot server) {
    return server.traffic().connections() - server.connectFailures();
  }

  private static VirtualServerSnapshot service(Director director) {
    return director.snapshot().virtualServers().getFirst();
  }

  private RealServerSnapshot server(Director director, String name) {
    return service(director).realServers().stream()
        .filter(realServer -> realServer.endpoint().port() == ports.get(name))
        .findFirst()
        .orElseThrow();
  }
}
