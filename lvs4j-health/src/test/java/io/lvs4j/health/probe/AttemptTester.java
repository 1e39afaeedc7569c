package io.lvs4j.health.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.health.ScriptedPeer;
import io.lvs4j.health.verdict.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;

/** The ground for tests of attempts: a loop on each transport, and peers to reach from it. */
abstract class AttemptTester {
  static final HealthCheck TCP = HealthCheck.tcp();
  static final HealthCheck HTTP = HealthCheck.http("/health");
  static final Duration SHORT = Duration.ofMillis(500);

  private static final int MOST_REPEATED = 10;

  @Parameter private Transport transport;

  ProbeLoop loop;

  final boolean isEpoll() {
    return transport == Transport.EPOLL;
  }

  static Stream<Transport> transports() {
    return Stream.of(Transport.best(), Transport.NIO).distinct();
  }

  @BeforeEach
  void open() {
    loop = ProbeLoop.open(transport);
  }

  @AfterEach
  void close() {
    loop.close();
  }

  final CompletableFuture<Outcome> begin(HealthCheck check, Endpoint target) {
    var outcome = new CompletableFuture<Outcome>();
    loop.execute(() -> loop.prober(target, check).attempt(0, outcome::complete));
    return outcome;
  }

  /** Makes an attempt; another one if this machine was too busy for it to be believed. */
  final Outcome outcome(HealthCheck check, Endpoint target) throws Exception {
    var outcome = begin(check, target).get(20, TimeUnit.SECONDS);
    for (int i = 0; i < MOST_REPEATED && isNotBelieved(outcome); i++) {
      outcome = begin(check, target).get(20, TimeUnit.SECONDS);
    }
    return outcome;
  }

  private static boolean isNotBelieved(Outcome outcome) {
    return outcome instanceof Outcome.Inconclusive && outcome.detail().contains("is not believed");
  }

  final void assertFails(HealthCheck check, Endpoint at, String detail) throws Exception {
    assertThat(outcome(check, at)).isEqualTo(new Outcome.Failure(detail));
  }

  final void assertPasses(HealthCheck check, Endpoint at, String detail) throws Exception {
    assertThat(outcome(check, at)).isEqualTo(new Outcome.Success(detail));
  }

  final void assertHttpFails(ScriptedPeer peer, HealthCheck check, String found) throws Exception {
    assertThat(outcome(check, peer.endpoint()))
        .isEqualTo(new Outcome.Failure("HTTP_GET /health at " + peer.endpoint() + ": " + found));
  }

  final void assertHttpPasses(ScriptedPeer peer, HealthCheck check, String found) throws Exception {
    assertThat(outcome(check, peer.endpoint()))
        .isEqualTo(new Outcome.Success("HTTP_GET /health at " + peer.endpoint() + ": " + found));
  }
}
