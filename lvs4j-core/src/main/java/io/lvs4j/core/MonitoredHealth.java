package io.lvs4j.core;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.Problem;
import io.lvs4j.api.loop.LoopSnapshot;
import io.lvs4j.core.engine.HealthSource;
import io.lvs4j.health.HealthListener;
import io.lvs4j.health.HealthMonitor;
import io.lvs4j.health.Watch;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Verdicts by the health module. Its monitor starts with the first real server to check. */
final class MonitoredHealth implements HealthSource {
  private volatile @Nullable HealthMonitor monitor;

  @Override
  public synchronized Watched watch(
      Endpoint target, List<HealthCheck> checks, boolean suspended, Listener listener) {
    var present = monitor;
    if (present == null) {
      present = HealthMonitor.create(RandomGenerator.getDefault());
      monitor = present;
    }
    var watch =
        suspended
            ? present.watchSuspended(target, checks, new Told(listener))
            : present.watch(target, checks, new Told(listener));
    return new MonitoredServer(watch);
  }

  @Override
  public List<Problem> obstacles(Endpoint target, List<HealthCheck> checks) {
    return HealthMonitor.obstacles(target, checks);
  }

  /** Not synchronized: closing waits for the very threads that are asked about. */
  @Override
  public List<LoopSnapshot> loops() {
    var present = monitor;
    return present == null ? List.of() : present.loops();
  }

  @Override
  public synchronized void close() {
    var present = monitor;
    if (present != null) {
      present.close();
      monitor = null;
    }
  }

  private record Told(Listener listener) implements HealthListener {
    @Override
    public void onVerdict(boolean up, String detail) {
      listener.onVerdict(up, detail);
    }

    @Override
    public void onFoundDown(String detail) {
      listener.onFoundDown(detail);
    }

    @Override
    public void onWeight(String detail) {
      listener.onWeight();
    }
  }

  private record MonitoredServer(Watch watch) implements Watched {
    @Override
    public String detail() {
      return watch.detail();
    }

    @Override
    public Optional<Instant> since() {
      return watch.since();
    }

    @Override
    public int weight(int configured) {
      return watch.weight(configured);
    }

    @Override
    public void suspend() {
      watch.suspend();
    }

    @Override
    public void resume() {
      watch.resume();
    }

    @Override
    public void close() {
      watch.close();
    }
  }
}
