package io.lvs4j.vrrp.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.Problem;
import io.lvs4j.api.StartException;
import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.vrrp.SyncGroup;
import io.lvs4j.api.vrrp.Tracker;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpListener;
import io.lvs4j.api.vrrp.VrrpSnapshot;
import io.lvs4j.api.vrrp.VrrpState;
import io.lvs4j.api.vrrp.VrrpVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A router with its threads: listeners, trackers, its start and its end. */
@Timeout(120)
class VrrpRouterTest {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);

  private final LiveHost host = new LiveHost();
  private final LogLines log = LogLines.open();

  @AfterEach
  void closeLog() {
    log.close();
  }

  /** An owner is master at once, so that nothing has to be waited for. */
  private static VrrpInstance.Builder owner() {
    return VrrpInstance.builder("VI_1")
        .networkInterface("eth0")
        .virtualRouterId(51)
        .version(VrrpVersion.V3)
        .priority(255)
        .advertisementInterval(Duration.ofMillis(10))
        .virtualAddress("10.77.0.100/24");
  }

  private VrrpRouter start(VrrpInstance.Builder instance) {
    var router =
        VrrpRouter.builder()
            .instance(instance.build())
            .hostNetwork(() -> host)
            .slowListener(Duration.ofMillis(50))
            .build();
    router.start();
    return router;
  }

  private static VrrpState state(VrrpRouter router) {
    return router.snapshot("VI_1").orElseThrow().state();
  }

  @Test
  void aListenerThatBlocksDelaysNoAdvertAndIsToldOf() {
    var release = new CountDownLatch(1);
    var calls = new CopyOnWriteArrayList<String>();
    try (var router =
        start(
            owner()
                .onMaster(event -> {
                  calls.add("master begins");
                  join(release);
                  calls.add("master ends");
                })
                .onStop(event -> calls.add("stop")))) {
      await().atMost(LONG_ENOUGH).until(() -> calls.contains("master begins"));
      int before = host.adverts.get();
      await().atMost(LONG_ENOUGH).until(() -> host.adverts.get() > before + 50);
      assertThat(calls).containsExactly("master begins");
      await()
          .atMost(LONG_ENOUGH)
          .until(() ->
              log.lines()
                  .contains(
                      "VI_1: listener of MASTER takes longer than 50 ms;"
                          + " later events wait for it"));
      release.countDown();
      assertThat(state(router)).isEqualTo(VrrpState.MASTER);
    }
    assertThat(calls).containsExactly("master begins", "master ends", "stop");
  }

  private static void join(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aListenerThatFailsIsLoggedAndTheNextOneIsCalled() {
    var events = new CopyOnWriteArrayList<VrrpEvent>();
    var router =
        start(
            owner()
                .onMaster(event -> {
                  throw new IllegalStateException("a listener's own fault");
                })
                .listener(
                    new VrrpListener() {
                      @Override
                      public void onEvent(VrrpEvent event) {
                        events.add(event);
                      }
                    }));
    router.close();

    assertThat(events.getFirst()).isInstanceOf(VrrpEvent.Master.class);
    assertThat(events.getLast()).isInstanceOf(VrrpEvent.Stopped.class);
    assertThat(log.lines()).contains("VI_1: listener of MASTER failed a listener's own fault");
    assertThat(host.held).isEmpty();
    assertThat(host.closed).isTrue();
  }

  @Test
  void aListenerFindsInASnapshotWhatItIsToldOf() {
    var router = new AtomicReference<VrrpRouter>();
    var seen = new CopyOnWriteArrayList<VrrpState>();
    var built =
        VrrpRouter.builder()
            .instance(owner().onMaster(event -> seen.add(state(router.get()))).build())
            .hostNetwork(() -> host)
            .build();
    router.set(built);
    built.start();
    built.close();
    assertThat(seen).isSubsetOf(VrrpState.MASTER, VrrpState.STOPPED).hasSize(1);
  }

  @Test
  void theHostIsAskedToPreferTheThreadThatSendsTheAdverts() {
    try (var router =
        VrrpRouter.builder().instance(owner().build()).hostNetwork(() -> host).build()) {
      router.start();
      assertThat(host.preferred).map(Thread::getName).hasValue("lvs4j-vrrp");
    }
  }

  @Test
  void aListenerMayCloseTheRouter() {
    var router = new AtomicReference<VrrpRouter>();
    var closed = new CountDownLatch(1);
    var stopped = new CountDownLatch(1);
    var built =
        VrrpRouter.builder()
            .instance(
                owner()
                    .onMaster(event -> {
                      router.get().close();
                      closed.countDown();
                    })
                    .onStop(event -> stopped.countDown())
                    .build())
            .hostNetwork(() -> host)
            .build();
    router.set(built);
    built.start();
    join(closed);
    join(stopped);
    assertThat(state(built)).isEqualTo(VrrpState.STOPPED);
  }

  @Test
  void whatIsInTheWayIsToldAllAtOnceAndTheStartCanBeTriedAgain() {
    host.obstacles =
        List.of(
            new Problem("CAP_NET_RAW", "missing", "root"),
            new Problem("CAP_NET_ADMIN", "missing", "root"));
    var router = VrrpRouter.builder().instance(owner().build()).hostNetwork(() -> host).build();
    assertThatThrownBy(router::start)
        .isInstanceOfSatisfying(
            StartException.class, refused -> assertThat(refused.problems()).hasSize(2));
    assertThat(host.closed).isTrue();
    assertThat(router.isRunning()).isFalse();
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("lvs4j-vrrp");

    host.obstacles = List.of();
    router.start();
    assertThat(state(router)).isEqualTo(VrrpState.MASTER);
    router.close();
  }

  @Test
  void aHostThatCantBeOpenedIsAStartException() {
    var router =
        VrrpRouter.builder()
            .instance(owner().build())
            .hostNetwork(() -> {
              throw new HostNetworkException("open netlink: EPERM");
            })
            .build();
    assertThatThrownBy(router::start)
        .isInstanceOf(StartException.class)
        .hasMessageContaining("open netlink: EPERM");
    assertThat(router.obstacles()).hasSize(1);
    router.close();
  }

  @ParameterizedTest
  @MethodSource("errors")
  void aHostThatFailsForASecondIsAFaultUntilItNoLongerDoes(Throwable error) {
    try (var router = start(owner())) {
      await().atMost(LONG_ENOUGH).until(() -> state(router) == VrrpState.MASTER);
      host.bug = Optional.of(error);
      await().atMost(LONG_ENOUGH).until(() -> state(router) == VrrpState.FAULT);
      assertThat(host.held).isEmpty();
      assertThat(router.isRunning()).isTrue();
      assertThat(router.snapshot("VI_1").orElseThrow().counters().internalErrors()).isPositive();
      assertThat(log.lines().stream().filter(line -> line.contains("internal error")).count())
          .as("lines, however often it failed")
          .isLessThan(5);

      host.bug = Optional.empty();
      await().atMost(LONG_ENOUGH).until(() -> state(router) == VrrpState.MASTER);
    }
    assertThat(host.closed).isTrue();
  }

  private static Stream<Throwable> errors() {
    return Stream.of(
        new OutOfMemoryError("scripted"),
        new StackOverflowError(),
        new NoClassDefFoundError("io/lvs4j/Missing"),
        new LinkageError("scripted"),
        new IllegalStateException("a bug"));
  }

  @Test
  void aRouterWhoseThreadEndsReleasesItsAddressesIsInFaultAndNotRunning() {
    var faults = new CopyOnWriteArrayList<VrrpEvent.Fault>();
    try (var router = start(owner().onFault(faults::add))) {
      await().atMost(LONG_ENOUGH).until(() -> state(router) == VrrpState.MASTER);
      host.bug = Optional.of(new Exception("a checked one that nobody declares"));
      await().dontCatchUncaughtExceptions().atMost(LONG_ENOUGH).until(() -> !faults.isEmpty());
      assertThat(state(router)).isEqualTo(VrrpState.FAULT);
      assertThat(faults.getFirst().reason()).contains("router failed");
      assertThat(router.isRunning()).isFalse();
      await().atMost(LONG_ENOUGH).until(() -> host.closed);
      assertThat(host.held).isEmpty();
      await()
          .atMost(LONG_ENOUGH)
          .until(() -> log.lines().stream().anyMatch(l -> l.contains("VRRP router has failed")));
    }
  }

  private static VrrpListener to(Consumer<VrrpEvent> consumer) {
    return new VrrpListener() {
      @Override
      public void accept(VrrpEvent event) {
        consumer.accept(event);
      }
    };
  }

  @ParameterizedTest
  @MethodSource("errors")
  void whatAListenerAnObserverATrackerAndALoggerThrowEndsNothing(Throwable error) throws Exception {
    var heard = new CopyOnWriteArrayList<VrrpEvent>();
    var good = new AtomicReference<>(true);
    var logger = Logger.getLogger("io.lvs4j.vrrp");
    var broken =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            LiveHost.<RuntimeException>fail(error);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(broken);
    var tracker =
        Tracker.check(
                "app",
                () -> {
                  if (!good.get()) {
                    // A lack of memory says nothing of what was asked about.
                    LiveHost.<RuntimeException>fail(
                        error instanceof OutOfMemoryError ? new LinkageError() : error);
                  }
                  return true;
                })
            .every(Duration.ofMillis(10));
    try (var router =
        VrrpRouter.builder()
            .instance(owner().track(tracker).build())
            .observer(_ -> LiveHost.<RuntimeException>fail(error))
            .listener(to(_ -> LiveHost.<RuntimeException>fail(error)))
            .listener(to(heard::add))
            .hostNetwork(() -> host)
            .build()) {
      router.start();
      await().atMost(LONG_ENOUGH).until(() -> state(router) == VrrpState.MASTER);
      good.set(false);
      await().atMost(LONG_ENOUGH).until(() -> state(router) == VrrpState.FAULT);
      good.set(true);
      await().atMost(LONG_ENOUGH).until(() -> state(router) == VrrpState.MASTER);
      router.reconfigure(List.of(owner().priority(200).startAsBackup().build()), List.of());
      assertThat(router.isRunning()).isTrue();
    } finally {
      logger.removeHandler(broken);
    }
    assertThat(host.closed).isTrue();
    assertThat(heard)
        .hasAtLeastOneElementOfType(VrrpEvent.Master.class)
        .hasAtLeastOneElementOfType(VrrpEvent.Fault.class)
        .hasAtLeastOneElementOfType(VrrpEvent.Stopped.class);
  }

  @Test
  void aCheckInJavaDecidesWhetherTheInstanceMayBeMaster() {
    var good = new AtomicReference<>(true);
    var tracker = Tracker.check("app", good::get).every(Duration.ofMillis(10)).fall(3);
    try (var router = start(owner().track(tracker))) {
      await().atMost(LONG_ENOUGH).until(() -> state(router) == VrrpState.MASTER);
      good.set(false);
      await().atMost(LONG_ENOUGH).until(() -> state(router) == VrrpState.FAULT);
      assertThat(host.held).isEmpty();
      good.set(true);
      await().atMost(LONG_ENOUGH).until(() -> state(router) == VrrpState.MASTER);
    }
  }

  @Test
  void instancesThatAreInEachOthersWayAreRefusedAllAtOnce() {
    var other =
        VrrpInstance.builder("VI_2")
            .networkInterface("eth0")
            .virtualRouterId(51)
            .virtualAddress("10.77.0.100/24")
            .build();
    var groups = new ArrayList<SyncGroup>();
    groups.add(SyncGroup.builder("VG_1").instance("VI_1").instance("VI_7").build());
    groups.add(SyncGroup.builder("VG_2").instance("VI_1").build());
    var builder = VrrpRouter.builder().instance(owner().build()).instance(other);
    groups.forEach(builder::syncGroup);
    assertThatThrownBy(builder::build)
        .isInstanceOfSatisfying(
            InvalidConfigurationException.class,
            refused ->
                assertThat(refused.problems().stream().map(Problem::toString))
                    .containsExactly(
                        "VRRP instance VI_2: virtual router id: 51, that of VI_1 on eth0 too"
                            + " (expected: each one once on an interface, unless adverts come from"
                            + " other peers or to another group)",
                        "sync group VG_1: instance: VI_7 (expected: one of [VI_1, VI_2])",
                        "sync group VG_2: instance: VI_1, which is in VG_1 too"
                            + " (expected: each instance in one group)",
                        "host network: none (expected: the dependency io.lvs4j:lvs4j-linux,"
                            + " or a HostNetworkProvider given to the builder)"));
  }

  @Test
  void anAddressOfTwoInstancesIsAWarningAndBothRun() {
    var one = owner().build();
    var two =
        VrrpInstance.builder("VI_2")
            .networkInterface("eth0")
            .virtualRouterId(52)
            .priority(255)
            .virtualAddress("10.77.0.100/24")
            .build();
    assertThat(VrrpRouter.warnings(List.of(one, two), List.of()))
        .extracting(Problem::toString)
        .contains(
            "VRRP instance VI_2: virtual address: 10.77.0.100/24, that of VI_1 too"
                + " (expected: each address in one instance; it stays while either is master)");
    try (var router =
        VrrpRouter.builder().instance(one).instance(two).hostNetwork(() -> host).build()) {
      router.start();
      await()
          .atMost(LONG_ENOUGH)
          .untilAsserted(() ->
              assertThat(router.snapshot())
                  .extracting(VrrpSnapshot::state)
                  .containsOnly(VrrpState.MASTER));
      assertThat(host.held).hasSize(1);
    }
    assertThat(host.held).isEmpty();
  }
}
