package io.lvs4j.core;

import io.lvs4j.api.DirectorListener;
import io.lvs4j.api.plane.DataPlane;
import io.lvs4j.core.engine.Engine;
import io.lvs4j.core.engine.HealthSource;
import io.lvs4j.core.engine.ThreadLoop;
import io.lvs4j.core.event.EventLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** What of a director runs from a start until the stop that follows, but for VRRP. */
final class Serving {
  private final DataPlane plane;
  private final HealthSource health = new MonitoredHealth();
  private final QuorumReports quorum = new QuorumReports();
  private final Engine engine;

  Serving(DataPlane plane, List<DirectorListener> listeners) {
    this.plane = plane;
    var all = new ArrayList<DirectorListener>();
    all.add(new EventLog());
    all.addAll(listeners);
    this.engine = new Engine(new ThreadLoop("lvs4j-engine"), plane, health, all);
    engine.watchQuorum(quorum::quorum);
  }

  DataPlane plane() {
    return plane;
  }

  Engine engine() {
    return engine;
  }

  QuorumReports quorum() {
    return quorum;
  }

  /** Accepts nothing more, and returns how many connections are open when the time is over. */
  int leave(Duration grace) throws InterruptedException {
    try {
      return engine.leave(grace).get();
    } catch (ExecutionException failure) {
      throw new IllegalStateException(
          "director: could not wait for its connections", failure.getCause());
    }
  }

  /** Takes everything off a plane that is to stay open. */
  void vacate() {
    engine.leave(Duration.ZERO).join();
    var ends = new HashSet<>();
    for (var each : plane.connections()) {
      if (ends.add(List.of(each.virtualServer(), each.realServer()))) {
        plane.closeConnections(each.virtualServer(), each.realServer());
      }
    }
  }

  /**
   * Ends the threads.
   *
   * @param patience how long listeners may take, if that is longer than they get anyway
   */
  void close(Duration patience) {
    engine.close(patience);
    health.close();
  }
}
