package io.lvs4j.core;

import io.lvs4j.api.DirectorListener;
import io.lvs4j.api.plane.DataPlane;
import io.lvs4j.core.engine.Engine;
import io.lvs4j.core.engine.HealthSource;
import io.lvs4j.core.engine.ThreadLoop;
import io.lvs4j.core.event.EventLog;
import java.time.Duration;
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
    this.engine =
        new Engine(new ThreadLoop("lvs4j-engine"), plane, health, new EventLog(), listeners);
    engine.watchQuorum(quorum::quorum);
    engine.watchFaults(quorum::fault);
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

  /** Undoes a start that has failed: what the plane has found is left as it was. */
  void takeBack() {
    engine.takeBack().join();
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

  /** Ends the threads but for the listeners', which have events to hear of. */
  void close() {
    try {
      engine.end().join();
    } finally {
      health.close();
    }
  }

  /**
   * Waits until listeners have heard of everything, and ends their threads.
   *
   * @param patience how long they may take, if that is longer than they get anyway
   */
  void awaitListeners(Duration patience) {
    engine.awaitListeners(patience);
  }
}
