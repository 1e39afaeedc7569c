package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.HealthReport;
import io.lvs4j.api.HttpGet;
import io.lvs4j.api.HttpUrl;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.Problem;
import io.lvs4j.api.Tls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The monitor before real servers that come and go. */
class HealthMonitorTest {
  private static final HealthCheck OFTEN =
      HealthCheck.http("/health")
          .every(Duration.ofMillis(30))
          .retries(2)
          .delayBeforeRetry(Duration.ofMillis(20))
          .warmUp(Duration.ZERO);
  private static final HealthCheck TCP_OFTEN =
      HealthCheck.tcp().every(Duration.ofMillis(30)).warmUp(Duration.ZERO);

  private final Seed seed = Seed.get();
  private final HealthMonitor monitor = HealthMonitor.create(seed.random());
  private final List<String> verdicts = new CopyOnWriteArrayList<>();

  private final HealthListener recorder =
      (up, detail) -> verdicts.add((up ? "up: " : "down: ") + detail);

  @AfterEach
  void close() {
    monitor.close();
    assertThat(healthThreads()).isEmpty();
  }

  /** A listener is told a moment after isUp has changed. */
  private void awaitVerdicts(int count) {
    await().until(() -> verdicts.size() == count);
  }

  private static List<Thread> healthThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("lvs4j-health"))
        .toList();
  }

  @Test
  void aServerIsUpUntilFoundOtherwiseAndAGoodOneStaysSoWithoutAWord() throws Exception {
    try (var backend = new Backend(200)) {
      var watch = monitor.watch(backend.endpoint(), List.of(OFTEN), recorder);
      assertThat(watch.isUp()).isTrue();
      backend.awaitChecks(3);
      assertThat(watch.isUp()).isTrue();
      assertThat(watch.detail())
          .isEqualTo("HTTP_GET /health at " + backend.endpoint() + ": status 200");
      assertThat(verdicts).isEmpty();
    }
  }

  @Test
  void aVerdictIsKnownWhenEveryCheckHasPassedOrOneHasFailed() throws Exception {
    var later = OFTEN.warmUp(Duration.ofHours(1));
    try (var backend = new Backend(200)) {
      var half = monitor.watch(backend.endpoint(), List.of(TCP_OFTEN, later), recorder);
      var whole = monitor.watch(backend.endpoint(), List.of(TCP_OFTEN), recorder);
      await().until(() -> whole.since().isPresent());
      var since = whole.since();
      await().until(() -> !half.detail().isEmpty());
      assertThat(half.since()).isEmpty();
      backend.close();
      await().until(() -> !half.isUp() && !whole.isUp());
      await().until(() -> half.since().isPresent());
      await().until(() -> whole.since().get().isAfter(since.get()));
    }
  }

  @Test
  void aCheckThatCantBeMadeSaysWhyWhileItsServerCountsAsUnchecked() {
    var tls = Tls.verified().certificateAuthority(Path.of("/nowhere/ca.pem"));
    var check =
        HealthCheck.of(HttpGet.of("/").tls(tls)).every(Duration.ofMillis(30)).warmUp(Duration.ZERO);
    try (var listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      var server = new Endpoint(listener.getInetAddress(), listener.getLocalPort());
      var watch = monitor.watch(server, List.of(check), recorder);
      await().until(() -> !watch.detail().isEmpty());
      assertThat(watch.detail())
          .isEqualTo(
              "SSL_GET / at " + server + ": TLS can't be set up: /nowhere/ca.pem: no such file");
      assertThat(watch.isUp()).isTrue();
      assertThat(watch.since()).isEmpty();
    } catch (IOException noSocket) {
      throw new UncheckedIOException(noSocket);
    }
  }

  @Test
  void aProbeMayReturnItsReportAndBlockUntilThen() throws Exception {
    var answer = new CompletableFuture<HealthReport>();
    var check =
        HealthCheck.blocking("orders", (_, _) -> answer.get())
            .every(Duration.ofMillis(30))
            .warmUp(Duration.ZERO);
    var server = new Endpoint(InetAddress.getLoopbackAddress(), 1);
    var watch = monitor.watch(server, List.of(check), recorder);
    answer.complete(HealthReport.up("ready").weight(7));
    await().until(() -> watch.weight(1) == 7);
    assertThat(watch.detail()).isEqualTo("orders at " + server + ": ready");
  }

  @Test
  void nothingIsKnownBeforeTheFirstCheck() {
    var later = OFTEN.warmUp(Duration.ofHours(1));
    var server = new Endpoint(InetAddress.getLoopbackAddress(), 1);
    var watch = monitor.watch(server, List.of(later), recorder);
    assertThat(watch.isUp()).isTrue();
    assertThat(watch.detail()).isEmpty();
    assertThat(monitor.watch(server, List.of(later.alpha()), recorder).isUp()).isFalse();
    assertThat(monitor.watch(server, List.of(later, later.alpha()), recorder).isUp()).isFalse();
    assertThat(monitor.watch(server, List.of(), recorder).isUp()).isTrue();
  }

  @Test
  void inAlphaModeAServerIsFoundDownOnce() throws Exception {
    var found = new CopyOnWriteArrayList<String>();
    var listener =
        new HealthListener() {
          @Override
          public void onVerdict(boolean up, String detail) {
            verdicts.add((up ? "up: " : "down: ") + detail);
          }

          @Override
          public void onFoundDown(String detail) {
            found.add(detail);
          }
        };
    try (var backend = new Backend(503)) {
      monitor.watch(backend.endpoint(), List.of(OFTEN.alpha()), listener);
      backend.awaitChecks(3);
      backend.status = 200;
      awaitVerdicts(1);
      backend.status = 503;
      awaitVerdicts(2);
    }
    assertThat(found).singleElement().asString().contains("status 503");
  }

  @Test
  void inAlphaModeAServerIsDownUntilItsFirstGoodCheck() throws Exception {
    try (var backend = new Backend(503)) {
      var watch = monitor.watch(backend.endpoint(), List.of(OFTEN.alpha()), recorder);
      assertThat(watch.isUp()).isFalse();
      backend.awaitChecks(3);
      assertThat(watch.isUp()).isFalse();
      assertThat(verdicts).isEmpty();
      assertThat(watch.detail())
          .isEqualTo(
              "HTTP_GET /health at " + backend.endpoint() + ": status 503 (expected 200-299)");
      backend.status = 200;
      awaitVerdicts(1);
      assertThat(watch.isUp()).isTrue();
      assertThat(verdicts)
          .containsExactly("up: HTTP_GET /health at " + backend.endpoint() + ": status 200");
    }
  }

  @Test
  void aServerGoesDownAfterItsRetriesAndUpAgain() throws Exception {
    try (var log = new LogRecorder("io.lvs4j.health");
        var backend = new Backend(200)) {
      var watch = monitor.watch(backend.endpoint(), List.of(OFTEN), recorder);
      backend.awaitChecks(2);
      backend.status = 503;
      awaitVerdicts(1);
      assertThat(watch.isUp()).isFalse();
      var found = "HTTP_GET /health at " + backend.endpoint() + ": status 503 (expected 200-299)";
      assertThat(verdicts).containsExactly("down: " + found + ", attempt 3 of 3");

      backend.awaitChecks(3);
      assertThat(watch.detail()).isEqualTo(found);
      backend.status = 200;
      awaitVerdicts(2);
      assertThat(watch.isUp()).isTrue();
      var good = "HTTP_GET /health at " + backend.endpoint() + ": status 200";
      assertThat(verdicts).hasSize(2).last().isEqualTo("up: " + good);

      assertThat(log.lines())
          .startsWith(
              "FINE " + found + ", attempt 1 of 3",
              "FINE " + found + ", attempt 2 of 3",
              "FINE " + found + ", attempt 3 of 3",
              "FINE real server " + backend.endpoint() + " down: " + found + ", attempt 3 of 3",
              "FINE " + found)
          .endsWith("FINE real server " + backend.endpoint() + " up: " + good);
    }
  }

  @Test
  void theVeryFirstCheckHasNoRetry() throws Exception {
    try (var backend = new Backend(503)) {
      monitor.watch(backend.endpoint(), List.of(OFTEN), recorder);
      awaitVerdicts(1);
      assertThat(verdicts)
          .containsExactly(
              "down: HTTP_GET /health at "
                  + backend.endpoint()
                  + ": status 503 (expected 200-299), attempt 1 of 1");
    }
  }

  @Test
  void aForgivenFailureIsSeenInTheDetailOnly() throws Exception {
    try (var backend = new Backend(200)) {
      var patient = OFTEN.delayBeforeRetry(Duration.ofHours(1));
      var watch = monitor.watch(backend.endpoint(), List.of(patient), recorder);
      backend.awaitChecks(1);
      await().until(() -> !watch.detail().isEmpty());
      backend.status = 404;
      await().until(() -> watch.detail().contains("404"));
      assertThat(watch.detail()).endsWith("status 404 (expected 200-299), attempt 1 of 3");
      assertThat(watch.isUp()).isTrue();
      assertThat(verdicts).isEmpty();
    }
  }

  @Test
  void aServerThatDiesAndComesBackIsFoundOutByTcp() throws Exception {
    var server = freePort();
    var watch = monitor.watch(server, List.of(TCP_OFTEN.alpha()), recorder);
    for (int round = 0; round < 3; round++) {
      try (var listening = ScriptedPeer.on(server.toSocketAddress(), c -> c.awaitOrderlyClose())) {
        await().until(watch::isUp);
        assertThat(listening.accepted()).isPositive();
      }
      await().until(() -> !watch.isUp());
      await().until(() -> watch.detail().contains("connection refused"));
    }
    awaitVerdicts(6);
  }

  /** A port below the ephemeral range, where nobody else's connection can sit. */
  private Endpoint freePort() throws IOException {
    var random = seed.random();
    while (true) {
      int port = random.nextInt(20_000, 32_000);
      try (var free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return new Endpoint(free.getInetAddress(), free.getLocalPort());
      } catch (BindException taken) {
        assertThat(port).as("tried next, %s", seed).isPositive();
      }
    }
  }

  @Test
  void aServerIsUpOnlyIfAllOfItsCheckersSaySo() throws Exception {
    try (var one = new Backend(200);
        var two = new Backend(200)) {
      var first = OFTEN.retries(0);
      var second = OFTEN.retries(0).port(two.endpoint().port());
      var watch = monitor.watch(one.endpoint(), List.of(first, second), recorder);
      var firstAt = "HTTP_GET /health at " + one.endpoint() + ": ";
      var secondAt = "HTTP_GET /health at " + two.endpoint() + ": ";
      await()
          .until(() -> watch.detail().equals(firstAt + "status 200; " + secondAt + "status 200"));

      two.status = 500;
      await().until(() -> !watch.isUp());
      assertThat(watch.detail()).startsWith(secondAt + "status 500 (expected 200-299)");
      one.status = 501;
      await().until(() -> watch.detail().contains("501") && watch.detail().contains("500"));
      assertThat(watch.detail()).startsWith(firstAt).contains("; " + secondAt);
      two.status = 200;
      two.awaitChecks(3);
      assertThat(watch.isUp()).isFalse();
      one.status = 200;
      awaitVerdicts(2);
      assertThat(watch.isUp()).isTrue();
    }
  }

  @Test
  void eachWatchOfTheSameServerIsItsOwn() throws Exception {
    try (var backend = new Backend(503)) {
      var calls = new AtomicInteger();
      var one = monitor.watch(backend.endpoint(), List.of(OFTEN), (_, _) -> calls.addAndGet(1));
      var two = monitor.watch(backend.endpoint(), List.of(OFTEN), (_, _) -> calls.addAndGet(10));
      await().until(() -> calls.get() == 11);
      one.close();
      backend.status = 200;
      await().until(two::isUp);
      assertThat(calls).hasValue(21);
      assertThat(one.isUp()).isFalse();
    }
  }

  @Test
  void checksMayChangeTheWeight() {
    var one = new AtomicReference<>(HealthReport.up("one"));
    var two = new AtomicReference<>(HealthReport.up("two"));
    var weights = new CopyOnWriteArrayList<String>();
    var server = new Endpoint(InetAddress.getLoopbackAddress(), 1);
    var listener =
        new HealthListener() {
          @Override
          public void onVerdict(boolean up, String detail) {
            verdicts.add((up ? "up: " : "down: ") + detail);
          }

          @Override
          public void onWeight(String detail) {
            weights.add(detail);
          }
        };
    var watch =
        monitor.watch(server, List.of(reporting("one", one), reporting("two", two)), listener);
    await().until(() -> watch.detail().contains("one") && watch.detail().contains("two"));
    assertThat(watch.weight(10)).isEqualTo(10);
    assertThat(weights).isEmpty();

    one.set(HealthReport.up("one is idle").weight(25));
    await().until(() -> watch.weight(10) == 25);
    two.set(HealthReport.up("two is busy").weight(4));
    // 10, 15 more by the one and 6 less by the other
    await().until(() -> watch.weight(10) == 19);
    await().until(() -> weights.size() == 2);
    assertThat(weights.getFirst()).contains("one is idle");
    assertThat(weights.getLast()).contains("two is busy");

    two.set(HealthReport.down("two is ill").weight(9));
    awaitVerdicts(1);
    assertThat(watch.weight(10)).isEqualTo(25);
    two.set(HealthReport.up("two is well"));
    awaitVerdicts(2);
    assertThat(watch.weight(10)).isEqualTo(25);
    one.set(HealthReport.up("one is done").weight(10));
    await().until(() -> watch.weight(10) == 10);
  }

  private static HealthCheck reporting(String name, AtomicReference<HealthReport> report) {
    return HealthCheck.of(name, (_, _) -> CompletableFuture.completedStage(report.get()))
        .every(Duration.ofMillis(20))
        .retries(0)
        .warmUp(Duration.ZERO);
  }

  @Test
  void everyFailureIsLoggedAsAWarningWhereThatIsAskedFor() throws Exception {
    try (var log = new LogRecorder("io.lvs4j.health");
        var backend = new Backend(503)) {
      monitor.watch(backend.endpoint(), List.of(OFTEN.logAllFailures()), recorder);
      var found = "HTTP_GET /health at " + backend.endpoint() + ": status 503 (expected 200-299)";
      await()
          .untilAsserted(() ->
              assertThat(log.lines())
                  .contains("WARNING " + found + ", attempt 1 of 1", "WARNING " + found));
    }
  }

  @Test
  void severalUrlsAreAskedForInTurn() throws Exception {
    var asked = new CopyOnWriteArrayList<String>();
    try (var peer =
        ScriptedPeer.playing(c -> {
          asked.add(c.readRequest().split(" ")[1]);
          c.send("HTTP/1.0 200 OK\r\n\r\n");
        })) {
      var get = HttpGet.of(HttpUrl.of("/a"), HttpUrl.of("/b"), HttpUrl.of("/c"));
      var check = HealthCheck.of(get).every(Duration.ofMillis(20)).warmUp(Duration.ZERO);
      monitor.watch(peer.endpoint(), List.of(check), recorder);
      await().until(() -> asked.size() >= 7);
      assertThat(asked).startsWith("/a", "/b", "/c", "/a", "/b", "/c", "/a");
    }
  }

  @Test
  void aListenerThatThrowsIsLoggedAndToldAgain() throws Exception {
    try (var log = new LogRecorder("io.lvs4j.health");
        var backend = new Backend(503)) {
      var calls = new AtomicInteger();
      var watch =
          monitor.watch(
              backend.endpoint(),
              List.of(OFTEN.retries(0)),
              (up, _) -> {
                calls.incrementAndGet();
                if (up) {
                  throw new IllegalStateException("mine");
                }
                throw new AssertionError("mine");
              });
      await().until(() -> !watch.isUp());
      backend.status = 200;
      await().until(watch::isUp);
      await().until(() -> calls.get() == 2);
      await().until(() -> log.thrown().size() == 2);
      assertThat(log.lines())
          .contains("SEVERE listener to the health of " + backend.endpoint() + " has thrown");
      assertThat(log.thrown())
          .extracting(Throwable::getClass)
          .containsExactly(AssertionError.class, IllegalStateException.class);
    }
  }

  @Test
  void checksThatMakeNoSenseAreRefusedAllAtOnce() {
    var server = new Endpoint(InetAddress.getLoopbackAddress(), 80);
    var checks =
        List.of(HealthCheck.tcp().every(Duration.ZERO).retries(-1), HealthCheck.http("no slash"));
    assertThatThrownBy(() -> monitor.watch(server, checks, recorder))
        .isInstanceOfSatisfying(
            InvalidConfigurationException.class,
            refused ->
                assertThat(refused.problems())
                    .extracting(Problem::toString)
                    .containsExactly(
                        "real server 127.0.0.1:80: health check TCP_CHECK: delay loop: 0s"
                            + " (expected: 10ms to 1h)",
                        "real server 127.0.0.1:80: health check TCP_CHECK: retries: -1"
                            + " (expected: 0-1000)",
                        "real server 127.0.0.1:80: health check HTTP_GET: path: no slash"
                            + " (expected: a path that begins with / and has no blanks,"
                            + " percent-encoded)"));
  }

  @Test
  void checksCanBePausedAndWhatIsKnownStays() throws Exception {
    try (var backend = new Backend(503);
        var clock = new Backend(200)) {
      monitor.watch(clock.endpoint(), List.of(OFTEN), (_, _) -> {});
      var watch = monitor.watchSuspended(backend.endpoint(), List.of(OFTEN), recorder);
      clock.awaitChecks(5);
      assertThat(watch.detail()).as("nothing before it is resumed").isEmpty();

      watch.resume();
      awaitVerdicts(1);
      assertThat(watch.isUp()).isFalse();

      watch.suspend();
      backend.status = 200;
      clock.awaitChecks(10);
      int settled = backend.peer.accepted();
      clock.awaitChecks(10);
      assertThat(backend.peer.accepted()).as("no check while paused").isEqualTo(settled);
      assertThat(watch.isUp()).isFalse();
      watch.suspend();

      watch.resume();
      watch.resume();
      awaitVerdicts(2);
      assertThat(watch.isUp()).isTrue();
    }
  }

  @Test
  void thousandsOfServersAreCheckedByOneThreadAndNotAllAtOnce() throws Exception {
    var arrivals = new CopyOnWriteArrayList<Long>();
    try (var backend =
        ScriptedPeer.playing(connection -> {
          arrivals.add(System.nanoTime());
          connection.readRequest();
          connection.send("HTTP/1.0 200 OK\r\n\r\n");
        })) {
      var spread = OFTEN.warmUp(Duration.ofSeconds(2)).every(Duration.ofHours(1));
      List<Watch> watches = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        watches.add(monitor.watch(backend.endpoint(), List.of(spread), recorder));
      }
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> watches.stream().noneMatch(watch -> watch.detail().isEmpty()));
      assertThat(watches).allMatch(Watch::isUp);
      assertThat(arrivals).hasSizeGreaterThanOrEqualTo(2_000);
      assertThat(healthThreads()).hasSize(1);
      long span = arrivals.getLast() - arrivals.getFirst();
      assertThat(Duration.ofNanos(span)).as("%s", seed).isGreaterThan(Duration.ofSeconds(1));
    }
  }
}
