package io.lvs4j.health;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.Problem;
import io.lvs4j.api.ProcessRun;
import io.lvs4j.api.loop.LoopSnapshot;
import io.lvs4j.health.probe.Echoes;
import io.lvs4j.health.probe.ProbeLoop;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Checks the health of real servers, all of them on one daemon thread of its own, {@code
 * lvs4j-health}, which carries no traffic.
 *
 * <pre>{@code
 * try (var monitor = HealthMonitor.create(RandomGenerator.getDefault())) {
 *   var check = HealthCheck.http("/health").every(Duration.ofSeconds(2));
 *   monitor.watch(server, List.of(check), (up, detail) -> System.out.println(up + " " + detail));
 *   ...
 * }
 * }</pre>
 *
 * <p>Safe for use by several threads. Failed attempts and changes are logged as DEBUG under the
 * name {@code io.lvs4j.health}; who watches knows what a change means, and says it louder.
 */
public final class HealthMonitor implements AutoCloseable {
  private final Phases phases;
  private final ProbeLoop loop;
  private final Object lock = new Object();
  private final Set<Watch> watches = new HashSet<>();
  private boolean closed;

  private HealthMonitor(ProbeLoop loop, RandomGenerator random) {
    this.loop = loop;
    this.phases = new Phases(Objects.requireNonNull(random, "random").nextDouble());
  }

  /**
   * Returns a monitor that checks nothing yet.
   *
   * @param random picks where the checks of this monitor begin; from there on they are spread
   *     evenly. It is used now and not kept
   */
  public static HealthMonitor create(RandomGenerator random) {
    Objects.requireNonNull(random, "random");
    return on(ProbeLoop.open(), random);
  }

  /** Returns one on a loop of the caller's, which it closes. */
  static HealthMonitor on(ProbeLoop loop, RandomGenerator random) {
    return new HealthMonitor(loop, random);
  }

  /**
   * Begins to check a real server. Each call makes checks of its own, also where the same server is
   * watched already.
   *
   * @param target the real server
   * @param checks its checkers; it is up when all of them say so, always if there are none
   * @param listener is told of each change of the verdict after the initial one, which {@link
   *     Watch#isUp()} gives
   * @throws InvalidConfigurationException with all that is wrong with the checks
   * @throws IllegalStateException if the monitor is closed
   */
  public Watch watch(Endpoint target, List<HealthCheck> checks, HealthListener listener) {
    return watch(target, checks, listener, false);
  }

  /**
   * Gets ready to check a real server, and waits for {@link Watch#resume()} before it begins; else
   * as {@link #watch}.
   *
   * @throws InvalidConfigurationException with all that is wrong with the checks
   * @throws IllegalStateException if the monitor is closed
   */
  public Watch watchSuspended(Endpoint target, List<HealthCheck> checks, HealthListener listener) {
    return watch(target, checks, listener, true);
  }

  /**
   * Returns what keeps checks of a real server from being made on this host, with the remedy:
   * whatever PING_CHECK needs, and programs of MISC_CHECK that aren't there or may not be run.
   * {@link #watch} refuses such checks.
   */
  public static List<Problem> obstacles(Endpoint target, List<HealthCheck> checks) {
    return Stream.concat(
            Echoes.obstacles(target, checks).stream(),
            checks.stream().flatMap(HealthMonitor::refusals))
        .toList();
  }

  private static Stream<Problem> refusals(HealthCheck check) {
    return check.probe() instanceof ProcessRun run
        ? run.program().refusal().stream()
            .map(why ->
                new Problem("program", why, "one that can be run")
                    .within("health check " + run.name()))
        : Stream.empty();
  }

  private Watch watch(
      Endpoint target, List<HealthCheck> checks, HealthListener listener, boolean suspended) {
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(listener, "listener");
    InvalidConfigurationException.throwIfAny(
        Stream.concat(
                checks.stream().flatMap(check -> check.problems().stream()),
                obstacles(target, checks).stream())
            .map(problem -> problem.within("real server " + target))
            .toList());
    synchronized (lock) {
      if (closed) {
        throw new IllegalStateException("health monitor: closed (expected: open)");
      }
      var watch = new TargetWatch(loop, target, checks, listener, phases::next, this::forget);
      watches.add(watch);
      if (suspended) {
        watch.suspend();
      }
      watch.begin();
      return watch;
    }
  }

  /**
   * Returns the monitor's thread as it is now, for the director that it checks for. One that has
   * ended is not alive only if no other takes its place. None once the monitor is closed. Waits for
   * nothing.
   */
  public List<LoopSnapshot> loops() {
    return loop.loops();
  }

  /**
   * Closes all watches, as {@link Watch#close()} does, and waits until the monitor's thread has
   * ended. Called by a listener, that is on this thread, it does not wait.
   */
  @Override
  public void close() {
    List<Watch> open;
    synchronized (lock) {
      closed = true;
      open = List.copyOf(watches);
    }
    open.forEach(Watch::close);
    loop.close();
  }

  private void forget(Watch watch) {
    synchronized (lock) {
      watches.remove(watch);
    }
  }
}
