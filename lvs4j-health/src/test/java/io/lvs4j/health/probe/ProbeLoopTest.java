package io.lvs4j.health.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.host.Exhaustion;
import io.lvs4j.health.ScriptedPeer;
import io.lvs4j.health.verdict.Outcome;
import io.netty.channel.ChannelException;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The thread of the checks when it is late, out of sockets, or at its end. */
class ProbeLoopTest {
  private static final HealthCheck HTTP =
      HealthCheck.http("/").connectTimeout(Duration.ofMillis(500));

  private static Outcome outcome(ProbeLoop loop, HealthCheck check, Endpoint target)
      throws Exception {
    var outcome = new CompletableFuture<Outcome>();
    loop.execute(() -> loop.prober(target, check).attempt(0, outcome::complete));
    return outcome.get(20, TimeUnit.SECONDS);
  }

  private static void awaitMoment(long moment) {
    await().pollInterval(Duration.ofMillis(5)).until(() -> System.nanoTime() - moment > 0);
  }

  /** Keeps the loop's thread from everything else for a while. */
  private static void standStill(ProbeLoop loop, Duration length, Runnable first) {
    var released = new CountDownLatch(1);
    loop.execute(() -> {
      first.run();
      uninterrupted(released);
    });
    awaitMoment(System.nanoTime() + length.toNanos());
    released.countDown();
  }

  @Test
  void aDeadlineIsMovedByThePauseInWhichItPassedAndThenBelieved() throws Exception {
    try (var loop = ProbeLoop.open();
        var silent = ScriptedPeer.playing(c -> c.awaitOrderlyClose())) {
      var outcome = new CompletableFuture<Outcome>();
      long begin = System.nanoTime();
      loop.execute(() -> loop.prober(silent.endpoint(), HTTP).attempt(0, outcome::complete));
      await().until(() -> silent.accepted() == 1);
      standStill(loop, Duration.ofMillis(1_500), () -> {});

      assertThat(outcome.get(10, TimeUnit.SECONDS))
          .isEqualTo(
              new Outcome.Failure(
                  "HTTP_GET / at "
                      + silent.endpoint()
                      + ": no answer (expected: status 200-299 within 500 ms)"));
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isGreaterThanOrEqualTo(Duration.ofMillis(2_000));
    }
  }

  @Test
  void aServerThatHadNoChanceToAnswerBeforeAPauseMayAnswerAfterIt() throws Exception {
    var go = new CountDownLatch(1);
    try (var loop = ProbeLoop.open();
        var late =
            ScriptedPeer.playing(c -> {
              c.readRequest();
              c.await(go);
              c.send("HTTP/1.0 200 OK\r\n\r\n");
            })) {
      var outcome = new CompletableFuture<Outcome>();
      var patient = HTTP.connectTimeout(Duration.ofSeconds(2));
      loop.execute(() -> loop.prober(late.endpoint(), patient).attempt(0, outcome::complete));
      await().until(() -> late.accepted() == 1);
      standStill(loop, Duration.ofMillis(2_500), () -> {});
      var passed = new CompletableFuture<Boolean>();
      // Timers that were due, and the sockets, come first.
      loop.execute(() -> loop.at(loop.now(), () -> loop.execute(() -> passed.complete(true))));
      assertThat(passed.get(10, TimeUnit.SECONDS)).isTrue();
      go.countDown();

      assertThat(outcome.get(10, TimeUnit.SECONDS)).isInstanceOf(Outcome.Success.class);
    }
  }

  @Test
  void aServerThatGaveUsUpWhileWeStoodStillIsNotBlamed() throws Exception {
    var standing = new CountDownLatch(1);
    try (var loop = ProbeLoop.open();
        var impatient =
            ScriptedPeer.playing(c -> {
              c.readRequest();
              c.await(standing);
            })) {
      var outcome = new CompletableFuture<Outcome>();
      var patient = HTTP.connectTimeout(Duration.ofSeconds(10));
      loop.execute(() -> loop.prober(impatient.endpoint(), patient).attempt(0, outcome::complete));
      await().until(() -> impatient.accepted() == 1);
      standStill(loop, Duration.ofMillis(600), standing::countDown);

      assertThat(outcome.get(10, TimeUnit.SECONDS))
          .isInstanceOf(Outcome.Inconclusive.class)
          .extracting(Outcome::detail)
          .asString()
          .matches(
              "HTTP_GET / at \\S+: closed before an answer, as by a server that wants a PROXY header, which is not believed:"
                  + " this process stood still for [\\d.]+ m?s");
    }
  }

  @Test
  void anAnswerThatArrivedDuringAPauseIsSeenBeforeTheTimeout() throws Exception {
    var released = new CountDownLatch(1);
    var answered = new CountDownLatch(1);
    var blocked = new CountDownLatch(1);
    try (var loop = ProbeLoop.open();
        var paused = ScriptedPeer.answering("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n");
        var target =
            ScriptedPeer.playing(c -> {
              c.readRequest();
              c.await(blocked);
              c.send("HTTP/1.0 200 OK\r\n\r\n");
              answered.countDown();
            })) {
      var outcome = new CompletableFuture<Outcome>();
      loop.execute(() -> loop.prober(target.endpoint(), HTTP).attempt(0, outcome::complete));
      await().until(() -> target.accepted() == 1);
      long timeoutAt = System.nanoTime() + HTTP.connectTimeout().toNanos();
      // Stands still while it handles a socket: what netty does next is to look at its timers.
      loop.execute(() ->
          loop.prober(paused.endpoint(), HTTP)
              .attempt(
                  0,
                  _ -> {
                    blocked.countDown();
                    uninterrupted(released);
                  }));
      assertThat(answered.await(10, TimeUnit.SECONDS)).isTrue();
      awaitMoment(timeoutAt + Duration.ofMillis(50).toNanos());
      released.countDown();

      assertThat(outcome.get(10, TimeUnit.SECONDS)).isInstanceOf(Outcome.Success.class);
    }
  }

  private static void uninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  @Test
  void aLackOfSocketsSaysNothingOfTheServer() throws Exception {
    try (var loop =
        new ProbeLoop(
            Transport.NIO.ioHandler(),
            () -> {
              throw new ChannelException(new IOException("Too many open files"));
            },
            Transport.NIO::newDatagramChannel)) {
      var at = new Endpoint(InetAddress.getLoopbackAddress(), 80);
      assertThat(outcome(loop, HTTP, at))
          .isEqualTo(
              new Outcome.Inconclusive(
                  "HTTP_GET / at "
                      + at
                      + ": not checked: no file descriptor left (Too many open files; raise"
                      + " LimitNOFILE or ulimit -n)",
                  Optional.of(Exhaustion.DESCRIPTORS)));
    }
  }

  @Test
  void aSocketThatConnectedToItselfIsNoServer() throws Exception {
    int port;
    try (var probe = new Socket()) {
      probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      port = probe.getLocalPort();
    }
    var at = new Endpoint(InetAddress.getLoopbackAddress(), port);
    try (var loop =
        new ProbeLoop(
            Transport.NIO.ioHandler(),
            () -> new NioSocketChannel(bound(at)),
            Transport.NIO::newDatagramChannel)) {
      assertThat(outcome(loop, HealthCheck.tcp(), at))
          .isEqualTo(
              new Outcome.Failure(
                  "TCP_CHECK "
                      + at
                      + ": connected to itself, nobody listens there"
                      + " (expected: a connection within 5 s)"));
    }
  }

  private static SocketChannel bound(Endpoint at) {
    try {
      return SocketChannel.open().bind(at.toSocketAddress());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Test
  void closingWaitsForTheThreadAndAnInterruptIsKept() throws Exception {
    var loop = ProbeLoop.open();
    var thread = new CompletableFuture<Thread>();
    loop.execute(() -> thread.complete(Thread.currentThread()));
    assertThat(thread.get(10, TimeUnit.SECONDS).isDaemon()).isTrue();
    Thread.currentThread().interrupt();
    loop.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(thread.join().isAlive()).isFalse();
    assertThat(loop.execute(() -> {})).isFalse();
  }

  @Test
  void closingAnUnusedLoopLeavesNoThread() {
    var loop = ProbeLoop.open();
    loop.close();
    assertThat(loop.execute(() -> {})).isFalse();
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("lvs4j-health"));
  }

  @Test
  void closingOnTheLoopsOwnThreadDoesNotWaitForItself() throws Exception {
    var loop = ProbeLoop.open();
    var thread = new CompletableFuture<Thread>();
    loop.execute(() -> {
      loop.close();
      thread.complete(Thread.currentThread());
    });
    assertThat(thread.get(10, TimeUnit.SECONDS).join(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void aTaskThatThrowsDoesNotEndTheLoop() throws Exception {
    try (var loop = ProbeLoop.open()) {
      loop.execute(() -> {
        throw new IllegalStateException("thrown by a test");
      });
      var ran = new CompletableFuture<Boolean>();
      loop.execute(() -> loop.at(loop.now(), () -> ran.complete(true)));
      assertThat(ran.get(10, TimeUnit.SECONDS)).isTrue();
    }
  }
}
