package io.lvs4j.health.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.HealthReport;
import io.lvs4j.health.HealthMonitor;
import io.lvs4j.health.MonitorOnLoop;
import io.lvs4j.health.ScriptedPeer;
import io.lvs4j.health.Seed;
import io.lvs4j.health.verdict.Outcome;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.socket.SocketChannel;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Errors thrown wherever the loop calls what isn't its own: it goes on, and blames nobody. */
@Timeout(120)
class SurvivalTest {
  private static final HealthCheck HTTP = HealthCheck.http("/");
  private static final HealthCheck OFTEN =
      HTTP.every(Duration.ofMillis(20)).warmUp(Duration.ZERO).retries(0);

  static Stream<Supplier<Error>> errors() {
    return Stream.of(
        () -> new OutOfMemoryError("Java heap space"),
        () -> new OutOfMemoryError("unable to create native thread"),
        StackOverflowError::new,
        () -> new NoClassDefFoundError("thrown by a test"),
        () -> new LinkageError("thrown by a test"),
        () -> new Error("thrown by a test"));
  }

  /** What throws for the first times, and is itself from then on. */
  private static <T> T failing(
      Class<T> type, T real, int times, Supplier<Error> error, String... methods) {
    var left = new AtomicInteger(times);
    var found =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              boolean meant = Stream.of(methods).anyMatch(name -> method.getName().endsWith(name));
              if (meant && left.getAndDecrement() > 0) {
                throw error.get();
              }
              return call(real, method, arguments);
            });
    return type.cast(found);
  }

  private static Object call(Object real, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    }
  }

  private static ScriptedPeer server() throws Exception {
    return ScriptedPeer.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  }

  private static Outcome outcome(ProbeLoop loop, HealthCheck check, Endpoint target)
      throws Exception {
    var outcome = new CompletableFuture<Outcome>();
    loop.execute(() -> loop.prober(target, check).attempt(0, outcome::complete));
    return outcome.get(20, TimeUnit.SECONDS);
  }

  private static void assertFirstSaysNothingAndTheNextPasses(ProbeLoop loop) throws Exception {
    try (loop;
        var server = server()) {
      assertThat(outcome(loop, HTTP, server.endpoint())).isInstanceOf(Outcome.Inconclusive.class);
      assertThat(outcome(loop, HTTP, server.endpoint())).isInstanceOf(Outcome.Success.class);
    }
  }

  private static Stream<Transport> transports() {
    return Stream.of(Transport.best(), Transport.NIO).distinct();
  }

  @ParameterizedTest
  @MethodSource("errors")
  void anErrorFromOpeningASocketSaysNothingOfTheServer(Supplier<Error> error) throws Exception {
    for (var transport : transports().toList()) {
      var opened = new AtomicInteger();
      Supplier<SocketChannel> sockets =
          () -> {
            if (opened.getAndIncrement() == 0) {
              throw error.get();
            }
            return transport.newChannel();
          };
      assertFirstSaysNothingAndTheNextPasses(
          new ProbeLoop(transport.ioHandler(), sockets, transport::newDatagramChannel));
    }
  }

  @ParameterizedTest
  @MethodSource("errors")
  void anErrorFromAllocatingSaysNothingOfTheServer(Supplier<Error> error) throws Exception {
    for (var transport : transports().toList()) {
      var allocator =
          failing(ByteBufAllocator.class, PooledByteBufAllocator.DEFAULT, 1, error, "uffer");
      Supplier<SocketChannel> sockets =
          () -> {
            var channel = transport.newChannel();
            channel.config().setAllocator(allocator);
            return channel;
          };
      assertFirstSaysNothingAndTheNextPasses(
          new ProbeLoop(transport.ioHandler(), sockets, transport::newDatagramChannel));
    }
  }

  @ParameterizedTest
  @MethodSource("errors")
  void anErrorOfNettysOwnDoesNotEndTheLoop(Supplier<Error> error) throws Exception {
    for (var transport : transports().toList()) {
      var real = transport.ioHandler();
      IoHandlerFactory factory =
          context -> failing(IoHandler.class, real.newHandler(context), 3, error, "run");
      try (var loop = new ProbeLoop(factory, transport::newChannel, transport::newDatagramChannel);
          var server = server()) {
        assertThat(outcome(loop, HTTP, server.endpoint())).isInstanceOf(Outcome.Success.class);
        assertThat(loop.errors()).isEqualTo(3);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("errors")
  void anErrorOfATaskOrATimerDoesNotEndTheLoop(Supplier<Error> error) throws Exception {
    try (var loop = ProbeLoop.open();
        var server = server()) {
      Runnable failing =
          () -> {
            throw error.get();
          };
      loop.execute(failing);
      loop.execute(() -> loop.at(loop.now(), failing));
      assertThat(outcome(loop, HTTP, server.endpoint())).isInstanceOf(Outcome.Success.class);
      await().until(() -> loop.errors() == 2);
    }
  }

  @ParameterizedTest
  @MethodSource("errors")
  void anErrorOfAProbeIsThatChecksAffair(Supplier<Error> error) throws Exception {
    HealthCheck throwing =
        HealthCheck.of(
            "own",
            (_, _) -> {
              throw error.get();
            });
    var late = HealthCheck.of("own", (_, _) -> CompletableFuture.failedFuture(error.get()));
    try (var loop = ProbeLoop.open();
        var server = server()) {
      for (var check : List.of(throwing, late)) {
        var outcome = outcome(loop, check, server.endpoint());
        assertThat(outcome).isNotInstanceOf(Outcome.Success.class);
        if (error.get() instanceof OutOfMemoryError) {
          assertThat(outcome).isInstanceOf(Outcome.Inconclusive.class);
        }
        assertThat(outcome(loop, HTTP, server.endpoint())).isInstanceOf(Outcome.Success.class);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("errors")
  void anErrorOfALoggerOrAListenerKeepsNoVerdictBack(Supplier<Error> error) throws Exception {
    var logger = Logger.getLogger("io.lvs4j.health");
    var broken = new BrokenHandler(error);
    logger.setLevel(Level.ALL);
    logger.addHandler(broken);
    var verdicts = new CopyOnWriteArrayList<Boolean>();
    try (var monitor = HealthMonitor.create(Seed.get().random());
        var server = server()) {
      var answer = new CompletableFuture<HealthReport>();
      var own =
          HealthCheck.blocking("own", (_, _) -> answer.getNow(HealthReport.down("not yet")))
              .every(Duration.ofMillis(20))
              .warmUp(Duration.ZERO)
              .retries(0);
      var watch =
          monitor.watch(
              server.endpoint(),
              List.of(own, OFTEN),
              (up, _) -> {
                verdicts.add(up);
                throw error.get();
              });
      await().until(() -> !watch.isUp());
      answer.complete(HealthReport.up("now"));
      await().until(watch::isUp);
      await().until(() -> verdicts.equals(List.of(false, true)));
    } finally {
      logger.removeHandler(broken);
      logger.setLevel(null);
    }
  }

  private static final class BrokenHandler extends Handler {
    private final Supplier<Error> error;

    BrokenHandler(Supplier<Error> error) {
      this.error = error;
    }

    @Override
    public void publish(LogRecord entry) {
      throw error.get();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aLoopThatEndsAllTheSameIsReplacedAndChecksGoOn(Transport transport) throws Exception {
    var loop = ProbeLoop.open(transport);
    try (var monitor = MonitorOnLoop.on(loop);
        var server = server()) {
      var watch = monitor.watch(server.endpoint(), List.of(OFTEN), (_, _) -> {});
      await().until(() -> watch.since().isPresent());
      var _ = loop.eventLoop().shutdownGracefully(0, 0, TimeUnit.NANOSECONDS);
      int before = server.accepted();
      await().atMost(Duration.ofSeconds(20)).until(() -> server.accepted() > before + 2);
      assertThat(watch.isUp()).isTrue();
      server.close();
      await().until(() -> !watch.isUp());
    }
  }

  @ParameterizedTest
  @MethodSource("errors")
  void whatIsLackingIsNamedWithItsRemedy(Supplier<Error> error) throws Exception {
    var transport = Transport.best();
    Supplier<SocketChannel> none =
        () -> {
          throw error.get();
        };
    try (var loop = new ProbeLoop(transport.ioHandler(), none, transport::newDatagramChannel);
        var server = server()) {
      var outcome = (Outcome.Inconclusive) outcome(loop, HTTP, server.endpoint());
      assertThat(outcome.lacking().isPresent()).isEqualTo(error.get() instanceof OutOfMemoryError);
      outcome
          .lacking()
          .ifPresent(what ->
              assertThat(outcome.detail()).contains("not checked: " + what.words(), what.remedy()));
    }
  }
}
