package io.lvs4j.health.probe;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.health.verdict.Outcome;
import io.lvs4j.health.verdict.Stall;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.SocketChannel;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a checker: a connection, what is said on it, and one outcome. Lives on the thread
 * of its {@link ProbeLoop}.
 */
abstract class Attempt implements Cancellable {
  /**
   * A server that sends a byte whenever it is about to be given up never runs into the timeout of a
   * single read; all reads together get this many times as long.
   */
  private static final int LONGEST_IN_TIMEOUTS = 10;

  private final ProbeLoop loop;
  private final Consumer<Outcome> done;
  private final String subject;
  private final Endpoint at;
  private final Duration timeout;
  private @Nullable SocketChannel channel;
  private @Nullable Cancellable timer;
  private long dueAt;
  private long endBy;
  private boolean connected;
  private boolean lookedOnceMore;
  private boolean ended;

  /**
   * Prepares an attempt.
   *
   * @param subject what is tried, and where, in a person's words
   */
  Attempt(ProbeLoop loop, HealthCheck check, Endpoint at, String subject, Consumer<Outcome> done) {
    this.loop = loop;
    this.timeout = check.connectTimeout();
    this.at = at;
    this.subject = subject;
    this.done = done;
  }

  /** Sets up a socket that is not connected yet. */
  abstract void configure(SocketChannel channel);

  /** Goes on once the connection stands. */
  abstract void connected(SocketChannel channel);

  /** Ends the attempt because nothing came in time after the connection stood. */
  abstract void answerTimedOut();

  /** Begins; does nothing if the attempt was cancelled before. */
  final void start() {
    if (ended) {
      return;
    }
    endBy = loop.now() + LONGEST_IN_TIMEOUTS * timeout.toNanos();
    awaitNext();
    SocketChannel opened;
    try {
      opened = loop.newChannel();
    } catch (ChannelException noSocket) {
      noSocket(noSocket);
      return;
    }
    channel = opened;
    configure(opened);
    var registration = loop.register(opened);
    registration.addListener(_ -> registered(opened, registration.cause()));
  }

  private void registered(SocketChannel channel, @Nullable Throwable failure) {
    if (ended) {
      return;
    }
    if (failure != null) {
      noSocket(failure);
      return;
    }
    var connect = channel.connect(at.toSocketAddress());
    connect.addListener(_ -> connectEnded(channel, connect));
  }

  /** keepalived too learns nothing of the server from that: check_tcp.c, tcp_connect_thread. */
  private void noSocket(Throwable failure) {
    inconclusive("no socket to check with: " + Wording.message(failure));
  }

  private void connectEnded(SocketChannel channel, ChannelFuture connect) {
    if (ended) {
      return;
    }
    var failure = connect.cause();
    if (failure != null) {
      fail(Wording.connectFailure(failure), expectedConnection());
    } else if (at.toSocketAddress().equals(channel.localAddress())) {
      // TCP's simultaneous open: possible where a local port of the ephemeral range is checked.
      fail("connected to itself, nobody listens there", expectedConnection());
    } else {
      connected = true;
      awaitNext();
      connected(channel);
    }
  }

  /** Gives the real server another connect timeout from now for whatever it does next. */
  final void awaitNext() {
    stopTimer();
    if (ended) {
      return;
    }
    long now = loop.now();
    long next = now + timeout.toNanos();
    dueAt = next - endBy > 0 ? endBy : next;
    lookedOnceMore = false;
    timer = loop.at(dueAt, this::due);
  }

  private void due() {
    if (!lookedOnceMore) {
      // After a pause of the process the timer may run before the loop has looked at its sockets.
      // A timer set now fires after it has.
      lookedOnceMore = true;
      timer = loop.at(loop.now(), this::due);
    } else if (connected) {
      answerTimedOut();
    } else {
      failUnlessStalled("connect timed out", expectedConnection());
    }
  }

  final Outcome success(String found) {
    return new Outcome.Success(subject + ": " + found);
  }

  final Outcome failure(String found) {
    return new Outcome.Failure(subject + ": " + found);
  }

  final void fail(String found, String expected) {
    end(failure(found + " (expected: " + expected + ")"));
  }

  /** Fails, unless the process stood still for so long that the real server can't be blamed. */
  final void failUnlessStalled(String found, String expected) {
    long now = loop.now();
    if (Stall.discredits(dueAt, now, timeout)) {
      inconclusive(
          found
              + ", which is not believed: this process looked "
              + Wording.duration(Duration.ofMillis(Duration.ofNanos(now - dueAt).toMillis()))
              + " too late");
    } else {
      fail(found, expected);
    }
  }

  private void inconclusive(String found) {
    end(new Outcome.Inconclusive(subject + ": " + found));
  }

  final String timeout() {
    return Wording.duration(timeout);
  }

  /** Says how long was waited for an answer in many pieces; empty when one piece did not come. */
  final String afterAll() {
    return dueAt == endBy
        ? " after " + Wording.duration(timeout.multipliedBy(LONGEST_IN_TIMEOUTS))
        : "";
  }

  private String expectedConnection() {
    return "a connection within " + timeout();
  }

  /** Reports the outcome and closes the connection; does nothing after the first time. */
  final void end(Outcome outcome) {
    if (ended) {
      return;
    }
    cancel();
    done.accept(outcome);
  }

  @Override
  public final void cancel() {
    ended = true;
    stopTimer();
    if (channel != null) {
      var _ = channel.close();
    }
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }
}
