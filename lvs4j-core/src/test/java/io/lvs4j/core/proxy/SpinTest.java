package io.lvs4j.core.proxy;

import static io.lvs4j.core.proxy.Peers.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.core.proxy.ProxyDataPlane.Transport;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A connection with which nothing happens takes no processor time, whatever state it is in. */
class SpinTest {
  /** What a loop that turns without a pause would use up many times over. */
  private static final Duration LITTLE = Duration.ofMillis(100);

  private static final Duration WHILE = Duration.ofMillis(500);

  @EveryTransport
  void aClientThatHasSentItsFin(Transport transport) throws Exception {
    var release = new CompletableFuture<Void>();
    try (var front =
        Front.tcp(
            transport,
            socket -> {
              readAll(socket);
              release.get(20, TimeUnit.SECONDS);
            })) {
      var client = front.connect();
      client.shutdownOutput();
      assertNoProcessorTime();
      release.complete(null);
    }
  }

  @EveryTransport
  void aServerThatHasSentItsFin(Transport transport) throws Exception {
    var release = new CompletableFuture<Void>();
    try (var front =
        Front.tcp(
            transport,
            socket -> {
              socket.shutdownOutput();
              release.get(20, TimeUnit.SECONDS);
            })) {
      assertThat(front.connect().getInputStream().read()).isEqualTo(-1);
      assertNoProcessorTime();
      release.complete(null);
    }
  }

  @EveryTransport
  void aReaderThatHasStopped(Transport transport) throws Exception {
    try (var front =
        Front.tcp(transport, socket -> socket.getOutputStream().write(new byte[40_000_000]))) {
      front.connect();
      BackPressureTest.awaitStandstill(front);
      assertNoProcessorTime();
    }
  }

  @EveryTransport
  void aHalfClosedClientThatHasStoppedReading(Transport transport) throws Exception {
    try (var front =
        Front.tcp(
            transport,
            socket -> {
              readAll(socket);
              socket.getOutputStream().write(new byte[40_000_000]);
            })) {
      front.connect().shutdownOutput();
      BackPressureTest.awaitStandstill(front);
      assertNoProcessorTime();
    }
  }

  @EveryTransport
  void aServerThatDoesNotAnswerAClientThatWasReset(Transport transport) throws Exception {
    var release = new CompletableFuture<Void>();
    try (var front =
        Front.tcp(
            transport,
            socket -> {
              readAll(socket);
              release.get(20, TimeUnit.SECONDS);
            })) {
      var client = front.connect();
      client.shutdownOutput();
      await().until(() -> !front.plane.connections().isEmpty());
      Peers.reset(client);
      assertNoProcessorTime();
      release.complete(null);
    }
  }

  private static void assertNoProcessorTime() {
    long before = processorTime();
    await().pollDelay(WHILE).until(() -> true);
    assertThat(Duration.ofNanos(processorTime() - before)).isLessThan(LITTLE);
  }

  private static long processorTime() {
    var threads = ManagementFactory.getThreadMXBean();
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("lvs4j-proxy"))
        .mapToLong(thread -> Math.max(0, threads.getThreadCpuTime(thread.threadId())))
        .sum();
  }
}
