package io.lvs4j.health;

import io.lvs4j.health.probe.ProbeLoop;

/** Makes monitors on loops that a test has in its hands. */
public final class MonitorOnLoop {
  private MonitorOnLoop() {}

  public static HealthMonitor on(ProbeLoop loop) {
    return HealthMonitor.on(loop, Seed.get().random());
  }
}
