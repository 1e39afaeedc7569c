package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.AgentCheck;
import io.lvs4j.api.GrpcHealth;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.HttpGet;
import io.lvs4j.api.Probe;
import io.lvs4j.api.SmtpHello;
import io.lvs4j.api.Tls;
import io.netty.util.ResourceLeakDetector;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Attempts of every kind give back the memory that they read into. */
class LeakTest {
  /** Every checker that talks over TCP, each to peers that mostly expect another. */
  static Stream<Probe> probes() {
    return Stream.of(
        HttpGet.of("/"),
        GrpcHealth.of("orders"),
        GrpcHealth.of("").tls(Tls.withoutVerification()),
        AgentCheck.of().send("how\r\n\r\n"),
        SmtpHello.of());
  }

  @ParameterizedTest
  @MethodSource("probes")
  void nothingIsLeakedByAnyEnd(Probe probe) throws Exception {
    var check =
        HealthCheck.of(probe)
            .every(Duration.ofMillis(10))
            .connectTimeout(Duration.ofMillis(50))
            .retries(0)
            .warmUp(Duration.ZERO);
    assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
    try (var log = new LogRecorder(ResourceLeakDetector.class.getName());
        var good = ScriptedPeer.answering("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc");
        var wrong = ScriptedPeer.answering("HTTP/1.1 503 Busy\r\n\r\n" + "x".repeat(100_000));
        var garbage = ScriptedPeer.answering("\u0001\u0002\r\n".repeat(5_000));
        var endless = ScriptedPeer.playing(c -> c.sendForever("HTTP/1.1 200 OK\r\nA: b\r\n"));
        var cut = ScriptedPeer.answering("HTTP/1.1 200 OK\r\nSer");
        var silent = ScriptedPeer.playing(ScriptedPeer.Connection::awaitOrderlyClose);
        var reset =
            ScriptedPeer.playing(c -> {
              c.readRequest();
              c.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
              c.reset();
            });
        var monitor = HealthMonitor.create(Seed.get().random())) {
      var peers = List.of(good, wrong, garbage, endless, cut, silent, reset);
      for (var peer : peers) {
        monitor.watch(peer.endpoint(), List.of(check), (_, _) -> {});
      }
      for (int round = 1; round <= 2; round++) {
        int enough = round * 7;
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> peers.stream().allMatch(peer -> peer.accepted() >= enough));
        // The detector learns of a leak from the collector, and tells at the next allocation.
        System.gc();
      }
      int before = good.accepted();
      await().atMost(Duration.ofSeconds(60)).until(() -> good.accepted() > before + 5);
      assertThat(log.lines()).isEmpty();
    }
  }
}
