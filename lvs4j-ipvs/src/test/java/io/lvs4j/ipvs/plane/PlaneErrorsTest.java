package io.lvs4j.ipvs.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.RealServer;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.ipvs.client.IpvsChange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is thrown at the plane's thread, and what its log says of what goes on for ever. */
@Timeout(120)
class PlaneErrorsTest {
  private static final Logger LOGGER = Logger.getLogger("io.lvs4j.ipvs");
  private static final RealServer A = RealServer.of("10.0.1.1", 80);
  private static final RealServer B = RealServer.of("10.0.1.2", 80);
  private static final VirtualServer WEB = VirtualServer.tcp("10.0.0.1", 80).build();
  private static final VirtualServer DNS = VirtualServer.udp("10.0.0.2", 53).build();
  private static final VirtualServer LAST = VirtualServer.tcp("10.0.0.3", 80).build();

  @TempDir Path sysctls;

  static List<Supplier<? extends Error>> errors() {
    return List.of(
        () -> new OutOfMemoryError("scripted"),
        StackOverflowError::new,
        () -> new NoClassDefFoundError("scripted"),
        () -> new LinkageError("scripted"));
  }

  private static Destination of(RealServer server, int weight) {
    return new Destination(server, weight);
  }

  /** Waits until a stage has completed, well or not. */
  private static void ended(CompletionStage<?> stage) throws Exception {
    stage.handle((_, _) -> true).toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private IpvsDataPlane open(MemoryTable table, IpvsDataPlane.Builder builder) throws Exception {
    return builder.reconcileEvery(Duration.ofMillis(100)).open(table, sysctls);
  }

  private static void live(IpvsDataPlane plane, MemoryTable table) throws Exception {
    ended(plane.obstacles(List.of(WEB, DNS)));
    ended(plane.expect(List.of(WEB, DNS)));
    ended(plane.add(WEB, List.of(of(A, 1), of(B, 1))));
    ended(plane.add(DNS, List.of(of(A, 1))));
    plane.master("VI_1", true);
    for (var id : List.of(WEB.id(), DNS.id())) {
      try {
        ended(plane.updateDestination(id, of(A, 0)));
        ended(plane.remove(id));
      } catch (IllegalArgumentException wasNotAdded) {
        assertThat(wasNotAdded).hasMessageContaining("unknown");
      }
    }
    int looks = table.looks();
    await().until(() -> table.looks() > looks + 1);
  }

  /** Adds a virtual server, and lets somebody else edit it, which is put right. */
  private static void isWell(IpvsDataPlane plane, MemoryTable table) throws Exception {
    plane.add(LAST, List.of(of(A, 1))).toCompletableFuture().get(20, TimeUnit.SECONDS);
    var key = Translation.key(LAST.id());
    table.edit(new IpvsChange.DeleteDestination(key, Translation.key(A.endpoint())));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> !table.content().get(key).destinations().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("errors")
  void anErrorAtAnyCallOfTheKernelFailsWhatItConcernsAndNothingElse(Supplier<? extends Error> error)
      throws Exception {
    boolean failed = true;
    for (int call = 0; failed; call++) {
      var table = new MemoryTable();
      table.failAt(call, error);
      var builder = IpvsDataPlane.builder().syncDaemon("VI_1", SyncDaemonSettings.of("eth1", 51));
      try (var plane = open(table, builder)) {
        live(plane, table);
        failed = table.hasFailed() && call < 40;
        table.failAt(Integer.MAX_VALUE, error);
        isWell(plane, table);
        if (failed) {
          assertThat(plane.failures()).as("call %d", call).isPositive();
        }
      }
      assertThat(table.content()).as("call %d", call).isEmpty();
      assertThat(table.isClosed()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("errors")
  void anErrorOfAListenerOrOfTheLoggerIsCountedAndNothingElse(Supplier<? extends Error> error)
      throws Exception {
    var broken = new Recorder(error);
    LOGGER.addHandler(broken);
    var table = new MemoryTable();
    table.put(Translation.settings(WEB), Translation.destination(WEB, of(B, 4)));
    var builder =
        IpvsDataPlane.builder()
            .foreignEditListener(_ -> {
              throw error.get();
            });
    try (var plane = open(table, builder)) {
      live(plane, table);
      isWell(plane, table);
      assertThat(plane.failures()).isGreaterThan(1);
    } finally {
      LOGGER.removeHandler(broken);
    }
    assertThat(table.content()).isEmpty();
    assertThat(broken.lines).isNotEmpty();
  }

  @Test
  void anotherThreadTakesThePlaceOfOneThatEnds() throws Exception {
    var table = new MemoryTable();
    try (var plane =
        open(
            table,
            IpvsDataPlane.builder().foreignEditListener(_ -> Thread.currentThread().interrupt()))) {
      plane.add(WEB, List.of(of(A, 1))).toCompletableFuture().get(20, TimeUnit.SECONDS);
      table.edit(
          new IpvsChange.DeleteDestination(
              Translation.key(WEB.id()), Translation.key(A.endpoint())));
      await().atMost(Duration.ofSeconds(20)).until(() -> plane.failures() > 0);
      isWell(plane, table);
    }
    assertThat(table.content()).isEmpty();
  }

  @Test
  void aFightIsToldAtABoundedRate() {
    var now = new AtomicLong();
    var log = new PlaneLog(now::get);
    var recorder = new Recorder(null);
    LOGGER.addHandler(recorder);
    try {
      for (int second = 0; second < 3600; second += 2) {
        now.set(Duration.ofSeconds(second).toNanos());
        log.settle();
        for (int service = 0; service < 50; service++) {
          var text = "service " + service + " changed at " + second;
          log.repeat(System.Logger.Level.WARNING, "service " + service, () -> text);
        }
      }
    } finally {
      LOGGER.removeHandler(recorder);
    }
    assertThat(recorder.lines).hasSizeLessThan(10 + 60 + 1).contains("service 0 changed at 0");
    assertThat(recorder.lines.getLast())
        .isEqualTo(
            "1500 more of the kind within a minute, the last of them: service 49 changed at 3538");
  }

  @Test
  void aSingleEditIsToldInFullAgainAfterAWhile() {
    var now = new AtomicLong();
    var log = new PlaneLog(now::get);
    var recorder = new Recorder(null);
    LOGGER.addHandler(recorder);
    try {
      log.repeat(System.Logger.Level.WARNING, "web", () -> "first");
      now.set(Duration.ofMinutes(11).toNanos());
      log.settle();
      log.repeat(System.Logger.Level.WARNING, "web", () -> "second");
    } finally {
      LOGGER.removeHandler(recorder);
    }
    assertThat(recorder.lines).containsExactly("first", "second");
  }

  /** Takes lines down, and then fails if it is to. */
  private static final class Recorder extends Handler {
    final List<String> lines = new ArrayList<>();
    private final Supplier<? extends Error> error;

    Recorder(Supplier<? extends Error> error) {
      this.error = error;
      setLevel(Level.ALL);
    }

    @Override
    public synchronized void publish(LogRecord line) {
      lines.add(line.getMessage());
      if (error != null) {
        throw error.get();
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
