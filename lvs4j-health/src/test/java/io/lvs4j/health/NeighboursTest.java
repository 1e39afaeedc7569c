package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.BodyPattern;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.GrpcHealth;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.HealthReport;
import io.lvs4j.api.HttpGet;
import io.lvs4j.api.ProcessRun;
import io.lvs4j.api.SmtpHello;
import io.lvs4j.api.Tls;
import io.lvs4j.linux.LinuxEchoProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Checks of every kind beside others that hang, spin, fork and stall: they notice nothing. */
@Timeout(120)
class NeighboursTest {
  private static final Duration OFTEN = Duration.ofMillis(100);
  private static final int COPIES = 8;

  @TempDir private Path directory;

  private static HealthCheck often(HealthCheck check) {
    return check.every(OFTEN).connectTimeout(Duration.ofSeconds(3)).warmUp(OFTEN);
  }

  /** A name that no server answers for, asked for in the C library's own time. */
  private static CompletableFuture<HealthReport> lookUp() throws Exception {
    var address = java.net.InetAddress.getByName("nowhere.invalid");
    return CompletableFuture.completedFuture(HealthReport.up(address.toString()));
  }

  /** Waits for as long as a crowded machine may take. */
  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(60));
  }

  @Test
  void nobodyIsLateAndNothingIsLeft() throws Exception {
    var stop = new AtomicBoolean();
    var spinning = new AtomicInteger();
    boolean ping = new LinuxEchoProvider().obstacles(AddressFamily.IPV4).isEmpty();
    var pids = Files.createFile(directory.resolve("pids"));
    try (var good = new EveryChecker(directory, ping);
        var silent = ScriptedPeer.playing(ScriptedPeer.Connection::awaitOrderlyClose);
        var slow =
            ScriptedPeer.playing(c -> c.sendSlowly("x".repeat(999), Duration.ofMillis(200)));
        var endlessBody =
            ScriptedPeer.answering("HTTP/1.0 200 OK\r\n\r\n" + "a".repeat(5000) + "\r\n");
        var monitor = HealthMonitor.create(Seed.get().random())) {
      var hostile =
          List.of(
              HealthCheck.http("/"),
              HealthCheck.of(HttpGet.of("/").tls(Tls.withoutVerification())),
              HealthCheck.of(SmtpHello.of()),
              HealthCheck.grpc(""),
              HealthCheck.of(GrpcHealth.of("").tls(Tls.withoutVerification())),
              HealthCheck.of(
                  ProcessRun.of(
                          "/bin/sh",
                          "-c",
                          "trap '' TERM; sleep 1000 & echo $! $$ >>" + pids + "; wait; wait")
                      .timeout(Duration.ofMinutes(1))),
              HealthCheck.of("look-up", (_, _) -> lookUp()),
              HealthCheck.of(
                  "spin",
                  (_, _) -> {
                    spinning.incrementAndGet();
                    while (!stop.get()) {
                      Thread.onSpinWait();
                    }
                    spinning.decrementAndGet();
                    return CompletableFuture.completedFuture(HealthReport.up(""));
                  }),
              HealthCheck.of("never", (_, _) -> new CompletableFuture<>()));
      for (int i = 0; i < COPIES; i++) {
        for (var check : hostile) {
          // Two that spin are enough to take all processors of a small machine.
          if (i < 2 || !check.probe().name().equals("spin")) {
            monitor.watch(
                i % 2 == 0 ? silent.endpoint() : slow.endpoint(),
                List.of(often(check)),
                (_, _) -> {});
          }
        }
        var endless = HttpGet.of("/").expectBody(BodyPattern.of("(a*)*b"));
        monitor.watch(
            endlessBody.endpoint(), List.of(often(HealthCheck.of(endless))), (_, _) -> {});
      }
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> spinning.get() == 2 && Files.size(pids) > 0);

      var downs = new CopyOnWriteArrayList<String>();
      var watches = new ConcurrentHashMap<String, Watch>();
      good.checks()
          .forEach((kind, check) -> {
            var at = good.endpoint(kind);
            var own = check.port().isPresent() ? check.port(at.port()) : check;
            watches.put(
                kind,
                monitor.watch(
                    new Endpoint(at.address(), at.port()),
                    List.of(often(own)),
                    (up, detail) -> {
                      if (!up) {
                        downs.add(detail);
                      }
                    }));
          });
      // While all of that hangs, each kind gets its answers.
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> watches.values().stream().noneMatch(watch -> watch.detail().isEmpty()));
      for (int round = 0; round < 8; round++) {
        int value = round;
        Files.writeString(directory.resolve("value"), Integer.toString(value));
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> watches.get("FILE_CHECK").weight(10) == 10 + value);
      }
      assertThat(downs).isEmpty();
      assertThat(watches.values()).allMatch(Watch::isUp);
    } finally {
      stop.set(true);
    }
    await().until(() -> spinning.get() == 0);
    for (var pid : Files.readString(pids).trim().split("\\s+")) {
      await().until(() -> ProcessHandle.of(Long.parseLong(pid)).isEmpty());
    }
    await()
        .untilAsserted(() ->
            assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("lvs4j-")));
  }
}
