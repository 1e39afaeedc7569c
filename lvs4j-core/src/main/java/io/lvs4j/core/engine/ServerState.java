package io.lvs4j.core.engine;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.Traffic;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What the engine knows of one real server. Owned by the engine's thread. */
final class ServerState {
  final Endpoint endpoint;
  final RateEstimator rates = new RateEstimator(Traffic.NONE);
  RealServer server;
  boolean up;

  /** Whether a check has found it down since it was up last; one that begins down wasn't yet. */
  boolean foundDown;

  HealthSource.@Nullable Watched watch;
  private boolean cameBack;
  private long upSince;
  final Ejection ejection = new Ejection();
  @Nullable Drain drain;

  ServerState(RealServer server, boolean up) {
    this.endpoint = server.endpoint();
    this.server = server;
    this.up = up;
  }

  /** Says whether it is to get connections as far as its health goes. */
  boolean isInService() {
    return up && !ejection.isEjected();
  }

  /** Returns the weight that counts for quorum. */
  long liveWeight() {
    return isInService() && drain == null ? weight() : 0;
  }

  /** Returns the configured weight as its checks have changed it. */
  int weight() {
    return watch == null ? server.weight() : watch.weight(server.weight());
  }

  /** Notes that the server came back. */
  void cameBack(long now) {
    up = true;
    foundDown = false;
    cameBack = true;
    upSince = now;
  }

  /** Returns for how long it has been back, or forever if it never was down. */
  long sinceUp(long now) {
    return cameBack ? now - upSince : Long.MAX_VALUE;
  }

  /** Returns what the last check found. */
  String detail() {
    return watch == null ? "" : watch.detail();
  }

  /** Pauses or resumes its checks. */
  void checking(boolean on) {
    if (watch != null) {
      if (on) {
        watch.resume();
      } else {
        watch.suspend();
      }
    }
  }

  void unwatch() {
    if (watch != null) {
      watch.close();
      watch = null;
    }
  }

  /** Ends a drain in progress: the server stays. */
  void callOffDrain() {
    if (drain != null) {
      drain.done().completeExceptionally(new CancellationException("drain called off"));
      drain = null;
    }
  }

  /**
   * A drain in progress.
   *
   * @param deadline when the remaining connections are cut
   * @param quiesced completes when the plane gives it no more connections and knows of all that it
   *     has
   * @param done completes with the number of connections that were cut
   */
  record Drain(long deadline, CompletableFuture<Void> quiesced, CompletableFuture<Integer> done) {}
}
