package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HealthCheck;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The end of watches and monitors: what is stopped, and what is waited for. */
class HealthMonitorCloseTest {
  private static final HealthCheck OFTEN =
      HealthCheck.http("/health")
          .every(Duration.ofMillis(30))
          .retries(2)
          .delayBeforeRetry(Duration.ofMillis(20))
          .warmUp(Duration.ZERO);

  private final HealthMonitor monitor = HealthMonitor.create(Seed.get().random());
  private final List<String> verdicts = new CopyOnWriteArrayList<>();

  private final HealthListener recorder =
      (up, detail) -> verdicts.add((up ? "up: " : "down: ") + detail);

  @AfterEach
  void close() {
    monitor.close();
    assertThat(healthThreads()).isEmpty();
  }

  private static List<Thread> healthThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("lvs4j-health"))
        .toList();
  }

  @Test
  void closingAWatchEndsItsChecksAndItsCallbacks() throws Exception {
    try (var backend = new Backend(200);
        var other = new Backend(200)) {
      var watch = monitor.watch(backend.endpoint(), List.of(OFTEN.retries(0)), recorder);
      backend.awaitChecks(2);
      watch.close();
      watch.close();
      backend.status = 503;
      int checks = backend.peer.accepted();
      monitor.watch(other.endpoint(), List.of(OFTEN), recorder);
      other.awaitChecks(10);
      // The one that may have been under way is the most that came after.
      assertThat(backend.peer.accepted()).isLessThanOrEqualTo(checks + 1);
      assertThat(verdicts).isEmpty();
      assertThat(watch.isUp()).isTrue();
    }
  }

  @Test
  void closingAWatchWaitsForACallbackThatIsUnderWay() throws Exception {
    try (var backend = new Backend(503)) {
      var entered = new CountDownLatch(1);
      var release = new CountDownLatch(1);
      var ended = new CompletableFuture<Boolean>();
      var watch =
          monitor.watch(
              backend.endpoint(),
              List.of(OFTEN),
              (_, _) -> {
                entered.countDown();
                try {
                  ended.complete(release.await(10, TimeUnit.SECONDS));
                } catch (InterruptedException interrupted) {
                  ended.completeExceptionally(interrupted);
                }
              });
      assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
      var endedBeforeClose = new CompletableFuture<Boolean>();
      var closer =
          Thread.ofPlatform()
              .start(() -> {
                watch.close();
                endedBeforeClose.complete(ended.isDone());
              });
      await().until(() -> closer.getState() == Thread.State.WAITING);
      release.countDown();
      assertThat(closer.join(Duration.ofSeconds(10))).isTrue();
      assertThat(endedBeforeClose).isCompletedWithValue(true);
      assertThat(ended).isCompletedWithValue(true);
    }
  }

  @Test
  void aCallbackMayCloseItsOwnWatch() throws Exception {
    try (var backend = new Backend(503)) {
      var watch = new CompletableFuture<Watch>();
      var calls = new AtomicInteger();
      watch.complete(
          monitor.watch(
              backend.endpoint(),
              List.of(OFTEN.retries(0)),
              (_, _) -> {
                calls.incrementAndGet();
                watch.join().close();
              }));
      await().until(() -> calls.get() == 1);
      backend.status = 200;
      try (var other = new Backend(200)) {
        monitor.watch(other.endpoint(), List.of(OFTEN), recorder);
        other.awaitChecks(5);
      }
      assertThat(calls).hasValue(1);
    }
  }

  @Test
  void aCallbackMayCloseTheMonitor() throws Exception {
    try (var backend = new Backend(503)) {
      var closed = new CountDownLatch(1);
      monitor.watch(
          backend.endpoint(),
          List.of(OFTEN),
          (_, _) -> {
            monitor.close();
            closed.countDown();
          });
      assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
      await().until(() -> healthThreads().isEmpty());
    }
  }

  @Test
  void closingTheMonitorEndsProbesThatAreUnderWay() throws Exception {
    var gone = new CountDownLatch(20);
    try (var silent =
        ScriptedPeer.playing(connection -> {
          connection.awaitOrderlyClose();
          gone.countDown();
        })) {
      for (int i = 0; i < 20; i++) {
        monitor.watch(silent.endpoint(), List.of(OFTEN), recorder);
      }
      await().until(() -> silent.accepted() == 20);
      monitor.close();
      assertThat(healthThreads()).isEmpty();
      assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(verdicts).isEmpty();
    }
  }

  @Test
  void aClosedMonitorTakesNoWatchAndClosingAgainDoesNothing() {
    var server = new Endpoint(InetAddress.getLoopbackAddress(), 1);
    var watch = monitor.watch(server, List.of(OFTEN), recorder);
    monitor.close();
    monitor.close();
    watch.close();
    assertThatThrownBy(() -> monitor.watch(server, List.of(OFTEN), recorder))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("health monitor: closed (expected: open)");
  }
}
