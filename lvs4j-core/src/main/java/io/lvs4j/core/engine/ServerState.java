package io.lvs4j.core.engine;

import io.lvs4j.api.AfterDrain;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Health;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.Traffic;
import java.time.Instant;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What the engine knows of one real server. Owned by the engine's thread. */
final class ServerState {
  final Endpoint endpoint;
  final RateEstimator rates = new RateEstimator(Traffic.NONE);
  RealServer server;
  boolean up;
  private Instant since = Instant.now();

  /** Whether a check has found it down since it was up last; one that begins down wasn't yet. */
  boolean foundDown;

  /** Whether it begins as an earlier life has left it, whatever its checks say of a beginning. */
  boolean kept;

  HealthSource.@Nullable Watched watch;
  private boolean cameBack;
  private long upSince;
  final Ejection ejection = new Ejection();
  final Totals totals = new Totals();
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

  /** Returns what its checks know of it. */
  Health health() {
    boolean checked = watch != null && (foundDown || watch.since().isPresent());
    return checked ? (up ? Health.UP : Health.DOWN) : Health.UNCHECKED;
  }

  /** Returns when its health became what it is. */
  Instant since() {
    return watch == null ? since : watch.since().orElse(since);
  }

  /** Notes that a check has taken it down. */
  void wentDown() {
    up = false;
    foundDown = true;
    since = Instant.now();
  }

  /** Notes that the server came back. */
  void cameBack(long now) {
    up = true;
    since = Instant.now();
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
   * A drain in progress, or one that has ended and keeps the server out of service.
   *
   * @param deadline when the remaining connections are cut
   * @param after what becomes of the server
   * @param ended whether the last connection has ended
   * @param quiesced completes when the plane gives it no more connections and knows of all that it
   *     has
   * @param done completes with the number of connections that were cut
   */
  record Drain(
      long deadline,
      AfterDrain after,
      boolean ended,
      CompletableFuture<Void> quiesced,
      CompletableFuture<Integer> done) {
    Drain end() {
      return new Drain(deadline, after, true, quiesced, done);
    }
  }
}
