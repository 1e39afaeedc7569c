package io.lvs4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.DirectorEvent;
import io.lvs4j.api.DirectorListener;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Flow;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.LvsScheduler;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.ServerPool;
import io.lvs4j.api.StartException;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.loop.LoopSnapshot;
import io.lvs4j.core.proxy.ProxyDataPlane;
import io.lvs4j.core.proxy.ProxyDataPlane.Transport;
import io.lvs4j.core.scheduler.Schedulers;
import io.netty.util.internal.ThreadExecutorMap;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A director from its start to its end, and from there to its next start. */
@Timeout(120)
class StartAndStopTest {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

  private final HttpBackend backend = new HttpBackend("one");
  private final int port = HttpBackend.freePort();
  private final VirtualServer web =
      VirtualServer.tcp("127.0.0.1", port).realServer("127.0.0.1", backend.port()).build();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (var each : open.reversed()) {
      each.close();
    }
    backend.close();
  }

  private Director built(Director.Builder builder) {
    var director = builder.build();
    open.add(director);
    return director;
  }

  private static void awaitNoThread() {
    await()
        .atMost(LONG_ENOUGH)
        .untilAsserted(() ->
            assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("lvs4j")));
  }

  /** A program that fails to start a director and returns from main. */
  static final class FailsToStart {
    public static void main(String[] arguments) {
      var builder = Director.builder();
      if (!arguments[0].equals("DEFAULT")) {
        builder.dataPlane(
            ProxyDataPlane.builder().transport(Transport.valueOf(arguments[0])).build());
      }
      for (int i = 1; i < arguments.length; i++) {
        builder.virtualServer(
            VirtualServer.tcp("127.0.0.1", Integer.parseInt(arguments[i]))
                .healthCheck(HealthCheck.tcp())
                .realServer("127.0.0.1", 9)
                .build());
      }
      builder.build().start();
    }
  }

  private static Process java(Class<?> main, String... arguments) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(Arrays.asList(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  @ParameterizedTest
  @EnumSource(
      value = Transport.class,
      names = {"EPOLL", "NIO"})
  void aProcessWhoseDirectorCannotStartEnds(Transport transport) throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      for (var plane : List.of(transport.name(), "DEFAULT")) {
        var process =
            java(
                FailsToStart.class,
                plane,
                Integer.toString(port),
                Integer.toString(taken.getLocalPort()));
        open.add(process::destroyForcibly);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(plane).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
            .contains("EADDRINUSE", ".main(")
            .doesNotContain("CompletableFuture", "ThreadPoolExecutor");
      }
    }
  }

  @Test
  void aDirectorThatFailedToStartLeavesNothingAndIsStartedOnceItCan() throws IOException {
    var director = built(Director.builder().virtualServer(web));
    try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(director::start).isInstanceOf(StartException.class);
        assertThat(director.isRunning()).isFalse();
        awaitNoThread();
      }
    }
    director.start();
    assertThat(HttpBackend.ask(port)).isEqualTo("one");
  }

  @Test
  void aFailedStartLeavesNothingOnAPlaneThatWasGiven() throws IOException {
    var plane = ProxyDataPlane.builder().build();
    open.add(plane);
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var director =
          built(
              Director.builder()
                  .dataPlane(plane)
                  .virtualServer(web)
                  .virtualServer(
                      VirtualServer.tcp("127.0.0.1", taken.getLocalPort())
                          .realServer("127.0.0.1", 9)
                          .build()));
      assertThatThrownBy(director::start).isInstanceOf(StartException.class);
      assertThat(HttpBackend.ask(port)).contains("ConnectException");
    }
  }

  @Test
  void aRefusalHasTheStackOfTheCaller() throws IOException {
    try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      var director = built(Director.builder().virtualServer(web));
      assertThatThrownBy(director::start)
          .satisfies(refused ->
              assertThat(refused.getStackTrace())
                  .extracting(StackTraceElement::getClassName)
                  .contains(StartAndStopTest.class.getName())
                  .noneMatch(name -> name.startsWith("java.util.concurrent")))
          .hasNoCause()
          .hasNoSuppressedExceptions();
    }
    var director = built(Director.builder().virtualServer(web));
    director.start();
    var control = director.virtualServer(web);
    for (var refused :
        List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
            () -> director.add(web),
            () -> control.add(RealServer.of("127.0.0.1", backend.port())),
            () -> control.realServer("127.0.0.1", 7).quiesce(),
            () ->
                control.change(_ -> {
                  throw new IllegalArgumentException("a fault of the caller");
                }))) {
      assertThatThrownBy(refused)
          .isInstanceOfAny(
              InvalidConfigurationException.class,
              NoSuchElementException.class,
              IllegalArgumentException.class)
          .satisfies(failure ->
              assertThat(failure.getStackTrace())
                  .extracting(StackTraceElement::getClassName)
                  .anyMatch(name -> name.startsWith(StartAndStopTest.class.getName()))
                  .noneMatch(name -> name.contains("ThreadPoolExecutor")));
    }
    assertThatThrownBy(() ->
            control.change(_ -> {
              throw new IllegalArgumentException("a fault of the caller");
            }))
        .satisfies(failure ->
            assertThat(failure.getStackTrace()[0].getClassName())
                .isEqualTo(StartAndStopTest.class.getName()));
  }

  @Test
  void aDirectorBeginsAnewAfterStopAndAfterCloseWithWhatWasInForce() {
    var director = built(Director.builder().virtualServer(web));
    director.start();
    assertThat(HttpBackend.ask(port)).isEqualTo("one");
    int added = HttpBackend.freePort();
    director.add(
        VirtualServer.tcp("127.0.0.1", added).realServer("127.0.0.1", backend.port()).build());
    director.realServer(web, "127.0.0.1", backend.port()).weight(7);

    for (Runnable end : List.<Runnable>of(director::stop, director::close)) {
      end.run();
      assertThat(director.isRunning()).isFalse();
      assertThat(HttpBackend.ask(port)).contains("ConnectException");
      assertThatThrownBy(director::snapshot).isInstanceOf(IllegalStateException.class);
      awaitNoThread();

      director.start();
      assertThat(director.isRunning()).isTrue();
      assertThat(HttpBackend.ask(port)).isEqualTo("one");
      assertThat(HttpBackend.ask(added)).isEqualTo("one");
      assertThat(director.realServer(web, "127.0.0.1", backend.port()).snapshot().weight())
          .isEqualTo(7);
    }
    assertThatThrownBy(director::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("director: RUNNING (expected: NEW or STOPPED)");
  }

  @ParameterizedTest
  @EnumSource(
      value = Transport.class,
      names = {"EPOLL", "NIO"})
  void aPlaneThatWasGivenOutlivesAStopAndEndsWithTheDirector(Transport transport) throws Exception {
    var plane = ProxyDataPlane.builder().transport(transport).build();
    var director = built(Director.builder().dataPlane(plane).virtualServer(web));
    director.start();
    try (var held = new Socket(InetAddress.getLoopbackAddress(), port)) {
      held.setSoTimeout(10_000);
      await().until(() -> director.connections().size() == 1);
      director.stop();
      assertThatThrownBy(() -> held.getInputStream().read()).hasMessageContaining("reset");
    }
    assertThat(HttpBackend.ask(port)).contains("ConnectException");
    director.start();
    assertThat(HttpBackend.ask(port)).isEqualTo("one");
    director.close();
    assertThatThrownBy(director::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the data plane that it was given");
  }

  @Test
  void closeLetsOpenRequestsEndWithinItsGrace() throws Exception {
    var director = built(Director.builder().virtualServer(web).closeGrace(Duration.ofMinutes(1)));
    director.start();
    try (var request = new Socket(InetAddress.getLoopbackAddress(), port)) {
      request.setSoTimeout(30_000);
      await().until(() -> director.connections().size() == 1);
      var closer = Thread.ofPlatform().start(director::close);
      await().atMost(LONG_ENOUGH).until(() -> HttpBackend.ask(port).contains("ConnectException"));
      request.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .endsWith("one");
      request.close();
      closer.join();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Transport.class,
      names = {"EPOLL", "NIO"})
  void closeLetsUdpSessionsEndWithinItsGraceAndTakesNoNewOnes(Transport transport)
      throws Exception {
    try (var server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        var client = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        var late = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      server.setSoTimeout(30_000);
      client.setSoTimeout(30_000);
      late.setSoTimeout(500);
      var dns =
          VirtualServer.udp("127.0.0.1", port)
              .realServer("127.0.0.1", server.getLocalPort())
              .idleTimeout(Duration.ofSeconds(2))
              .build();
      var director =
          built(
              Director.builder()
                  .virtualServer(dns)
                  .dataPlane(ProxyDataPlane.builder().transport(transport).build())
                  .closeGrace(Duration.ofMinutes(1)));
      director.start();
      var virtual = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      client.send(new DatagramPacket(new byte[] {1}, 1, virtual));
      var asked = new DatagramPacket(new byte[9], 9);
      server.receive(asked);

      var closer = Thread.ofPlatform().start(director::close);
      await()
          .atMost(LONG_ENOUGH)
          .until(() ->
              director
                      .snapshot()
                      .virtualServers()
                      .getFirst()
                      .realServers()
                      .getFirst()
                      .effectiveWeight()
                  == 0);
      late.send(new DatagramPacket(new byte[] {2}, 1, virtual));
      server.send(new DatagramPacket(new byte[] {3}, 1, asked.getSocketAddress()));
      var answer = new DatagramPacket(new byte[9], 9);
      client.receive(answer);
      assertThat(answer.getData()[0]).isEqualTo((byte) 3);
      closer.join();
      assertThatThrownBy(() -> late.receive(new DatagramPacket(new byte[9], 9)))
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void whatHappenedLastIsDeliveredBeforeCloseReturns() {
    var told = new CopyOnWriteArrayList<DirectorEvent>();
    var go = new CountDownLatch(1);
    DirectorListener slow =
        event -> {
          try {
            go.await();
          } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
          }
          told.add(event);
        };
    var director =
        built(
            Director.builder()
                .virtualServer(web.toBuilder().realServer("127.0.0.2", 9).quorum(2).build())
                .listener(slow));
    director.start();
    director.realServer(web, "127.0.0.2", 9).quiesce();
    var closer = Thread.ofPlatform().start(director::close);
    await().atMost(LONG_ENOUGH).until(() -> HttpBackend.ask(port).contains("ConnectException"));
    assertThat(told).isEmpty();
    go.countDown();
    await().atMost(LONG_ENOUGH).until(() -> !closer.isAlive());
    assertThat(told).contains(new DirectorEvent.QuorumDown(web.id()));
  }

  @Test
  void nothingThatIsBegunWhileADirectorClosesOutlivesIt() throws Exception {
    for (int i = 0; i < 30; i++) {
      var director = Director.builder().virtualServer(web).build();
      open.add(director);
      var unexpected = new AtomicReference<Throwable>();
      var added = web.toBuilder().realServer("127.0.0.3", 80).build();
      var gate = new CountDownLatch(1);
      boolean running = i % 2 == 0;
      if (running) {
        director.start();
      }
      var changer =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  gate.await();
                  if (running) {
                    director.update(added);
                    director.remove(web.id());
                    director.add(added);
                  } else {
                    director.start();
                  }
                } catch (IllegalStateException ended) {
                  // The director has ended first.
                } catch (Throwable failure) {
                  unexpected.set(failure);
                }
              });
      gate.countDown();
      director.close();
      changer.join();
      if (!running && director.isRunning()) {
        // The start came after the close, as it may.
        director.close();
      }
      assertThat(unexpected.get()).isNull();
      assertThat(HttpBackend.ask(port)).contains("ConnectException");
    }
    awaitNoThread();
  }

  @Test
  void problemsOfARunningDirectorAreThoseOfABuild() {
    record Named(String name) implements LvsScheduler {
      @Override
      public int schedule(ServerPool servers, Flow flow) {
        throw new UnsupportedOperationException();
      }
    }
    var director = built(Director.builder().virtualServer(web));
    director.start();
    var ping = web.toBuilder().healthCheck(HealthCheck.of(new io.lvs4j.api.IcmpEcho())).build();
    var unknown = web.toBuilder().scheduler(new Named("wrrr")).build();
    var follower = web.toBuilder().whileMaster("VI_9").build();
    for (var wrong : List.of(ping, unknown, follower)) {
      var refused = problemsOf(() -> Director.builder().virtualServer(wrong).build());
      assertThat(refused).isNotEmpty();
      assertThat(director.problems(List.of(wrong), List.of(), List.of()))
          .extracting(Object::toString)
          .containsExactlyElementsOf(refused);
      assertThat(problemsOf(() -> director.update(wrong))).containsAll(refused);
    }
  }

  private static List<String> problemsOf(Runnable build) {
    try {
      build.run();
      return List.of();
    } catch (InvalidConfigurationException refused) {
      return refused.problems().stream().map(Object::toString).toList();
    }
  }

  @Test
  void aSchedulerThatIsOnlyNamedDecidesAsTheOneOfThatName() {
    record Named(String name) implements LvsScheduler {
      @Override
      public int schedule(ServerPool servers, Flow flow) {
        throw new UnsupportedOperationException("the kernel decides");
      }
    }
    var named = web.toBuilder().scheduler(new Named("rr")).build();
    var director = built(Director.builder().virtualServer(named));
    director.start();
    assertThat(HttpBackend.ask(port)).isEqualTo("one");
    assertThat(director.virtualServer(web).snapshot().scheduler().name()).isEqualTo("rr");
  }

  /** Keeps what is logged, as it is logged. */
  private static final class Lines extends Handler implements AutoCloseable {
    private final Logger logger = Logger.getLogger("io.lvs4j.director");
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();

    Lines() {
      logger.addHandler(this);
    }

    List<String> text() {
      return records.stream().map(LogRecord::getMessage).toList();
    }

    @Override
    public void publish(LogRecord record) {
      records.add(record);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      logger.removeHandler(this);
    }
  }

  @Test
  void aSlowListenerDelaysNoLineOfTheLog() {
    try (var lines = new Lines()) {
      var go = new CountDownLatch(1);
      var times = new CopyOnWriteArrayList<Instant>();
      var director =
          built(
              Director.builder()
                  .virtualServer(web)
                  .listener(
                      new DirectorListener() {
                        @Override
                        public void onEvent(DirectorEvent event) {
                          throw new AssertionError("the other one is called");
                        }

                        @Override
                        public void onEvent(DirectorEvent event, Instant time) {
                          try {
                            go.await();
                          } catch (InterruptedException interrupted) {
                            Thread.currentThread().interrupt();
                          }
                          times.add(time);
                        }
                      }));
      director.start();
      director.realServer(web, "127.0.0.1", backend.port()).weight(7);
      await()
          .atMost(LONG_ENOUGH)
          .untilAsserted(() ->
              assertThat(lines.text())
                  .anyMatch(line ->
                      line.contains(":" + port + "/tcp: serving by proxy (")
                          && line.contains("event loop")
                          && line.contains("scheduler wlc, 1 real server"))
                  .anyMatch(line -> line.contains("changed: weight 1 -> 7"))
                  .anyMatch(line -> line.startsWith("director started: 1 virtual server, ")));
      assertThat(times).isEmpty();
      var before = Instant.now();
      go.countDown();
      await().atMost(LONG_ENOUGH).until(() -> times.size() >= 2);
      assertThat(times).allMatch(time -> !time.isAfter(before));
      director.close();
      assertThat(lines.text())
          .anyMatch(line -> line.equals("virtual server " + web.id() + ": removed"))
          .contains("director stopped");
    }
  }

  @Test
  void aDirectorWithoutVirtualServersSaysSo() {
    try (var lines = new Lines()) {
      built(Director.builder()).start();
      assertThat(lines.text()).contains("director started: no virtual server");
    }
  }

  @Test
  void whereEpollIsMissingNioServesAndTheLogSaysWhy() throws Exception {
    var withoutNatives =
        Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
            .filter(each -> !each.contains("transport-native-epoll"))
            .collect(Collectors.joining(java.io.File.pathSeparator));
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                withoutNatives,
                Serves.class.getName(),
                Integer.toString(port))
            .redirectErrorStream(true)
            .start();
    open.add(process::destroyForcibly);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("proxy plane: Java NIO, for epoll can't be had: ", "netty_transport_native_epoll")
        .contains("serving by proxy (NIO, ");
    assertThat(process.exitValue()).isZero();
  }

  /** A program that serves for a moment. */
  static final class Serves {
    public static void main(String[] arguments) {
      try (var director =
          Director.builder()
              .virtualServer(
                  VirtualServer.tcp("127.0.0.1", Integer.parseInt(arguments[0]))
                      .realServer("127.0.0.1", 9)
                      .build())
              .build()) {
        director.start();
      }
    }
  }

  @Test
  void lambdasHaveNamesAndOverlapsAreListedOnce() {
    Scheduler first = (servers, _) -> servers.size() > 0 ? 0 : Scheduler.NONE;
    var named = web.toBuilder().scheduler(Scheduler.named("first", first)).build();
    var director = built(Director.builder().virtualServer(named));
    director.start();
    assertThat(HttpBackend.ask(port)).isEqualTo("one");
    assertThat(director.virtualServer(web).snapshot().scheduler().name()).isEqualTo("first");
    assertThatThrownBy(() -> Scheduler.named(" ", first))
        .isInstanceOf(IllegalArgumentException.class);

    var wildcard = VirtualServer.tcp("0.0.0.0", port).realServer("127.0.0.1", 9).build();
    assertThat(
            problemsOf(() -> Director.builder().virtualServer(web).virtualServer(wildcard).build()))
        .hasSize(1);
    assertThat(problemsOf(() -> director.add(wildcard))).hasSize(1);
    assertThat(problemsOf(() -> director.add(web))).hasSize(1);
  }

  @Test
  void identitiesAreReadAsTheyAreWritten() {
    for (var text :
        List.of(
            "10.0.0.1:80/tcp", "[2001:db8::1]:53/udp", "FWM 5", "FWM 7 IPv6", "10.0.0.1:0/tcp")) {
      assertThat(VirtualServerId.parse(text)).hasToString(text);
    }
    assertThat(VirtualServerId.tcp("10.0.0.1", 80)).hasToString("10.0.0.1:80/tcp");
    assertThat(VirtualServerId.udp("::1", 53)).hasToString("[::1]:53/udp");
    assertThat(Endpoint.parse("[::1]:80")).isEqualTo(Endpoint.of("::1", 80));
    assertThat(Endpoint.parse("10.0.0.1:80")).hasToString("10.0.0.1:80");
    for (var wrong : List.of("10.0.0.1", "::1:80", "10.0.0.1:", "10.0.0.1:99999", ":80", "")) {
      assertThatThrownBy(() -> Endpoint.parse(wrong))
          .as(wrong)
          .isInstanceOf(InvalidConfigurationException.class);
    }
    for (var wrong : List.of("10.0.0.1:80", "10.0.0.1:80/sctp", "FWM x", "FWM 1 2", "FWM 0", "")) {
      assertThatThrownBy(() -> VirtualServerId.parse(wrong))
          .as(wrong)
          .isInstanceOf(InvalidConfigurationException.class);
    }
    assertThat(Schedulers.byName("wrr")).isEqualTo(Schedulers.weightedRoundRobin());
  }

  @Test
  void aConfigurationIsPutIntoForceAsAWholeAndWhatIsTheSameNoticesNothing() throws Exception {
    var director = built(Director.builder().virtualServer(web));
    director.start();
    int second = HttpBackend.freePort();
    var other =
        VirtualServer.tcp("127.0.0.1", second).realServer("127.0.0.1", backend.port()).build();
    try (var held = new Socket(InetAddress.getLoopbackAddress(), port)) {
      held.setSoTimeout(10_000);
      await().until(() -> director.connections().size() == 1);
      director.reconfigure(List.of(web, other), List.of(), List.of());
      assertThat(HttpBackend.ask(second)).isEqualTo("one");

      // Another address, in the place of one that it overlaps with.
      var wildcard =
          VirtualServer.tcp("0.0.0.0", second).realServer("127.0.0.1", backend.port()).build();
      director.reconfigure(List.of(web, wildcard), List.of(), List.of());
      assertThat(HttpBackend.ask(second)).isEqualTo("one");
      assertThat(director.snapshot().virtualServers())
          .extracting(each -> each.id())
          .containsExactly(web.id(), wildcard.id());

      director.reconfigure(
          List.of(web.toBuilder().quorum(1).idleTimeout(Duration.ofMinutes(1)).build()),
          List.of(),
          List.of());
      assertThat(HttpBackend.ask(second)).contains("ConnectException");
      held.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(held.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .endsWith("one");
    }
  }

  @Test
  void aConfigurationThatIsRefusedLeavesEverythingAsItWas() throws Exception {
    var told = new CopyOnWriteArrayList<DirectorEvent>();
    var director = built(Director.builder().virtualServer(web).listener(told::add));
    director.start();
    var ping =
        VirtualServer.tcp("127.0.0.1", HttpBackend.freePort())
            .realServer("127.0.0.1", 9)
            .whileMaster("VI_9")
            .build();
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var busy =
          VirtualServer.tcp("127.0.0.1", taken.getLocalPort()).realServer("127.0.0.1", 9).build();
      var free =
          VirtualServer.tcp("127.0.0.1", HttpBackend.freePort())
              .realServer("127.0.0.1", backend.port())
              .build();
      await().until(() -> !told.isEmpty());
      told.clear();
      var before = director.snapshot().virtualServers().getFirst().id();

      assertThatThrownBy(() -> director.reconfigure(List.of(ping), List.of(), List.of()))
          .isInstanceOf(InvalidConfigurationException.class);
      assertThatThrownBy(() -> director.reconfigure(List.of(busy), List.of(), List.of()))
          .isInstanceOf(StartException.class);
      assertThatThrownBy(() ->
              director.reconfigure(
                  List.of(web.toBuilder().realServer("127.0.0.9", 9).build(), free, busy),
                  List.of(),
                  List.of()))
          .isInstanceOf(StartException.class);

      assertThat(director.snapshot().virtualServers())
          .singleElement()
          .satisfies(each -> {
            assertThat(each.id()).isEqualTo(before);
            assertThat(each.realServers()).hasSize(1);
          });
      assertThat(HttpBackend.ask(port)).isEqualTo("one");
      director.close();
      assertThat(told)
          .noneMatch(event ->
              event instanceof DirectorEvent.VirtualServerAdded added
                  && added.virtualServer().equals(web.id()))
          .containsOnlyOnce(new DirectorEvent.VirtualServerRemoved(web.id()));
    }
  }

  /** A program that says which privileges it lacks. */
  static final class Lacks {
    public static void main(String[] arguments) {
      for (var transport : List.of(Transport.EPOLL, Transport.NIO)) {
        try (var plane = ProxyDataPlane.builder().transport(transport).build()) {
          for (var each :
              List.of(
                  VirtualServer.tcp("192.0.2.77", 80),
                  VirtualServer.udp("192.0.2.77", 53),
                  VirtualServer.tcp("2001:db8::77", 80),
                  VirtualServer.udp("2001:db8::77", 53),
                  VirtualServer.tcp("192.0.2.77", 8080))) {
            plane
                .missingPrivileges(each.build())
                .forEach(
                    problem -> Stream.of(transport + " " + problem).forEach(System.out::println));
          }
        }
      }
    }
  }

  @Test
  void aPortThatNeedsAPrivilegeIsToldBeforeItsAddressIsHere() throws Exception {
    var setpriv = Path.of("/usr/bin/setpriv");
    var start = Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start");
    Assumptions.assumeTrue(
        Files.isExecutable(setpriv)
            && Files.getOwner(Path.of("/proc/self")).getName().equals("root")
            && Integer.parseInt(Files.readAllLines(start).getFirst()) > 80,
        "needs root, setpriv and privileged ports");
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var process =
        new ProcessBuilder(
                setpriv.toString(),
                "--bounding-set",
                "-net_bind_service",
                java,
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Lacks.class.getName())
            .redirectErrorStream(true)
            .start();
    open.add(process::destroyForcibly);
    var lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    for (var transport : List.of("EPOLL", "NIO")) {
      assertThat(lines)
          .contains(transport + " bind 192.0.2.77:80/tcp: EACCES, privileged port")
          .contains(transport + " bind 192.0.2.77:53/udp: EACCES")
          .contains(transport + " bind [2001:db8::77]:80/tcp: EACCES")
          .contains(transport + " bind [2001:db8::77]:53/udp: EACCES")
          .contains("CAP_NET_BIND_SERVICE")
          .doesNotContain("8080");
    }
  }

  /** Ends the loop that it is called on, in an orderly way that nobody has asked for. */
  private static int endLoop(ServerPool servers, Flow flow) {
    ThreadExecutorMap.currentExecutor().shutdownGracefully(0, 1, TimeUnit.MILLISECONDS);
    return Scheduler.NONE;
  }

  @ParameterizedTest
  @EnumSource(value = Transport.class, names = "EPOLL")
  void aDirectorThatHasLostALoopSaysSoAndLeavesNothingOnceItIsClosed(Transport transport)
      throws Exception {
    var told = new CopyOnWriteArrayList<LoopSnapshot>();
    var listener =
        new DirectorListener() {
          @Override
          public void onEvent(DirectorEvent event) {
            // The loop is what counts here.
          }

          @Override
          public void onLoopEnded(LoopSnapshot loop) {
            told.add(loop);
          }
        };
    var director =
        built(
            Director.builder()
                .dataPlane(ProxyDataPlane.builder().transport(transport).eventLoops(2).build())
                .virtualServer(web.toBuilder().scheduler(StartAndStopTest::endLoop).build())
                .listener(listener));
    director.start();
    assertThat(director.isRunning()).isTrue();
    assertThat(director.loops()).isNotEmpty().allMatch(LoopSnapshot::alive);
    try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      await().atMost(LONG_ENOUGH).until(() -> !director.isRunning() && !told.isEmpty());
    }
    assertThat(told)
        .singleElement()
        .satisfies(loop -> {
          assertThat(loop.alive()).isFalse();
          assertThat(loop.name()).startsWith("lvs4j-proxy-");
        });
    var ended = told.getFirst().name();
    assertThat(director.loops())
        .filteredOn(loop -> !loop.alive())
        .extracting(LoopSnapshot::name)
        .containsExactly(ended);
    assertThat(director.snapshot().loops())
        .filteredOn(loop -> !loop.alive())
        .extracting(LoopSnapshot::name)
        .containsExactly(ended);

    director.close();
    awaitNoThread();
    built(Director.builder().virtualServer(web)).start();
    assertThat(HttpBackend.ask(port)).isEqualTo("one");
  }
}
