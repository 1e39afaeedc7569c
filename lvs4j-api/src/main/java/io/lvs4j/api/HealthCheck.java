package io.lvs4j.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * A checker of real servers: a {@link Probe} and when to make it. The words and the meaning are
 * keepalived's: a server that answers is up at once; it is down after {@link #retries()} + 1
 * failures in a row; its very first check has no retry; while it is down there are no retries
 * either. A real server is up when all of its checkers say so.
 *
 * <p>Immutable; each setter returns a changed copy. Values are checked when the virtual server is
 * built.
 */
public final class HealthCheck {
  private static final Duration LONGEST = Duration.ofHours(1);

  private final Probe probe;
  private final Duration delayLoop;
  private final Duration connectTimeout;
  private final int retries;
  private final Duration delayBeforeRetry;
  private final Duration warmUp;
  private final boolean alpha;
  private final OptionalInt port;

  private HealthCheck(
      Probe probe,
      Duration delayLoop,
      Duration connectTimeout,
      int retries,
      Duration delayBeforeRetry,
      Duration warmUp,
      boolean alpha,
      OptionalInt port) {
    this.probe = Objects.requireNonNull(probe, "probe");
    this.delayLoop = Objects.requireNonNull(delayLoop, "delayLoop");
    this.connectTimeout = Objects.requireNonNull(connectTimeout, "connectTimeout");
    this.retries = retries;
    this.delayBeforeRetry = Objects.requireNonNull(delayBeforeRetry, "delayBeforeRetry");
    this.warmUp = Objects.requireNonNull(warmUp, "warmUp");
    this.alpha = alpha;
    this.port = port;
  }

  /**
   * Returns a check with this probe: every 5 s, connect timeout 5 s, 1 retry after 1 s, first
   * checks spread over 1 s, servers up until found otherwise.
   */
  public static HealthCheck of(Probe probe) {
    return new HealthCheck(
        probe,
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        1,
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        false,
        OptionalInt.empty());
  }

  /** Returns a check that connects by TCP. */
  public static HealthCheck tcp() {
    return of(new TcpConnect());
  }

  /** Returns a check that asks for a path by HTTP and expects a status from 200 to 299. */
  public static HealthCheck http(String path) {
    return of(HttpGet.of(path));
  }

  /** Returns the same with another {@code delay_loop}: the time between checks, 10 ms to 1 h. */
  public HealthCheck every(Duration delayLoop) {
    return new HealthCheck(
        probe, delayLoop, connectTimeout, retries, delayBeforeRetry, warmUp, alpha, port);
  }

  /**
   * Returns the same with another {@code connect_timeout}, which bounds every read too: 1 ms to 1
   * h.
   */
  public HealthCheck connectTimeout(Duration connectTimeout) {
    return new HealthCheck(
        probe, delayLoop, connectTimeout, retries, delayBeforeRetry, warmUp, alpha, port);
  }

  /** Returns the same with another number of failures that are forgiven in a row: 0 to 1000. */
  public HealthCheck retries(int retries) {
    return new HealthCheck(
        probe, delayLoop, connectTimeout, retries, delayBeforeRetry, warmUp, alpha, port);
  }

  /** Returns the same with another {@code delay_before_retry}: 0 to 1 h. */
  public HealthCheck delayBeforeRetry(Duration delayBeforeRetry) {
    return new HealthCheck(
        probe, delayLoop, connectTimeout, retries, delayBeforeRetry, warmUp, alpha, port);
  }

  /** Returns the same with first checks spread at random over another warm-up: 0 to 1 h. */
  public HealthCheck warmUp(Duration warmUp) {
    return new HealthCheck(
        probe, delayLoop, connectTimeout, retries, delayBeforeRetry, warmUp, alpha, port);
  }

  /** Returns the same in alpha mode: a server is down until its first good check. */
  public HealthCheck alpha() {
    return new HealthCheck(
        probe, delayLoop, connectTimeout, retries, delayBeforeRetry, warmUp, true, port);
  }

  /**
   * Returns the same aimed at another port of the real server ({@code connect_port}), 1 to 65535.
   */
  public HealthCheck port(int port) {
    return new HealthCheck(
        probe,
        delayLoop,
        connectTimeout,
        retries,
        delayBeforeRetry,
        warmUp,
        alpha,
        OptionalInt.of(port));
  }

  /** Returns what one attempt does. */
  public Probe probe() {
    return probe;
  }

  /** Returns the time from one check to the next. */
  public Duration delayLoop() {
    return delayLoop;
  }

  /** Returns how long a connect or a read may take. */
  public Duration connectTimeout() {
    return connectTimeout;
  }

  /** Returns how many failures in a row are forgiven. */
  public int retries() {
    return retries;
  }

  /** Returns the time from a forgiven failure to the next attempt. */
  public Duration delayBeforeRetry() {
    return delayBeforeRetry;
  }

  /** Returns the span over which the first checks are spread. */
  public Duration warmUp() {
    return warmUp;
  }

  /** Says whether a server is down until its first good check. */
  public boolean isAlpha() {
    return alpha;
  }

  /** Returns the port to check when it is not the real server's own. */
  public OptionalInt port() {
    return port;
  }

  /** Returns what is wrong with the settings, the probe's too; empty when nothing is. */
  public List<Problem> problems() {
    var problems = new ArrayList<Problem>();
    var most = LONGEST;
    Ranges.duration(problems, "delay loop", delayLoop, Duration.ofMillis(10), most);
    Ranges.duration(problems, "connect timeout", connectTimeout, Duration.ofMillis(1), most);
    Ranges.number(problems, "retries", retries, 0, 1000);
    Ranges.duration(problems, "delay before retry", delayBeforeRetry, Duration.ZERO, most);
    Ranges.duration(problems, "warm-up", warmUp, Duration.ZERO, most);
    port.ifPresent(number -> Ranges.number(problems, "port", number, 1, 65_535));
    problems.addAll(probe.problems());
    return problems.stream()
        .map(problem -> problem.within("health check " + probe.name()))
        .toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HealthCheck that
        && probe.equals(that.probe)
        && delayLoop.equals(that.delayLoop)
        && connectTimeout.equals(that.connectTimeout)
        && retries == that.retries
        && delayBeforeRetry.equals(that.delayBeforeRetry)
        && warmUp.equals(that.warmUp)
        && alpha == that.alpha
        && port.equals(that.port);
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        probe, delayLoop, connectTimeout, retries, delayBeforeRetry, warmUp, alpha, port);
  }

  @Override
  public String toString() {
    return probe + " every " + Ranges.text(delayLoop);
  }
}
