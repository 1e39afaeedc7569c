package io.lvs4j.core;

import io.lvs4j.api.AfterDrain;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.RealServerSnapshot;
import io.lvs4j.api.VirtualServerId;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;

/**
 * Changes a real server while it serves. Every method throws {@link NoSuchElementException} when it
 * is not there, and returns when the change is in force. Thread-safe.
 */
public final class RealServerControl {
  private final Director director;
  private final VirtualServerId virtualServer;
  private final Endpoint endpoint;

  RealServerControl(Director director, VirtualServerId virtualServer, Endpoint endpoint) {
    this.director = director;
    this.virtualServer = virtualServer;
    this.endpoint = endpoint;
  }

  /** Returns the address and port. */
  public Endpoint endpoint() {
    return endpoint;
  }

  /**
   * Sets the weight.
   *
   * @param weight 0 to 2147483647
   * @throws io.lvs4j.api.InvalidConfigurationException when it is negative
   */
  public RealServerControl weight(int weight) {
    Director.join(
        director.engine().changeServer(virtualServer, endpoint, server -> server.weight(weight)));
    return this;
  }

  /** Sets the weight to 0: no new connections, open ones go on. */
  public RealServerControl quiesce() {
    return weight(0);
  }

  /**
   * Sets the connection thresholds as {@link io.lvs4j.api.RealServer#thresholds} describes.
   *
   * @throws io.lvs4j.api.InvalidConfigurationException when they make no sense
   */
  public RealServerControl thresholds(int upper, int lower) {
    Director.join(
        director
            .engine()
            .changeServer(virtualServer, endpoint, server -> server.thresholds(upper, lower)));
    return this;
  }

  /**
   * Gives it no new connections and removes it when the last open one has ended. What is still open
   * when the time is over is cut. Asked again while it drains, it takes the new deadline.
   *
   * @param deadline how long open connections may take, 0 or more
   * @return completes with the number of connections that were cut; cancelled when the drain is
   *     called off or the server is removed otherwise
   */
  public CompletableFuture<Integer> drain(Duration deadline) {
    return drain(deadline, AfterDrain.REMOVE);
  }

  /**
   * Gives it no new connections until the last open one has ended; what is still open when the time
   * is over is cut. Then it leaves, or stays without connections until {@link #resume}: for
   * maintenance. Meanwhile it is checked and counts for no quorum; its snapshot says draining.
   * Asked again, it takes the new deadline and the new end. A director that is started again has
   * forgotten it.
   *
   * @param deadline how long open connections may take, 0 or more
   * @param after what becomes of it
   * @return completes with the number of connections that were cut; cancelled when it is resumed
   *     before, or removed otherwise
   */
  public CompletableFuture<Integer> drain(Duration deadline, AfterDrain after) {
    if (deadline.isNegative()) {
      throw new IllegalArgumentException("drain: " + deadline + " (expected: 0s or more)");
    }
    return director.engine().drain(virtualServer, endpoint, deadline, after);
  }

  /**
   * Gives it connections again while it drains, or after a drain that kept it; slowly at first
   * where slow start is asked for. Does nothing to one that wasn't drained.
   */
  public RealServerControl resume() {
    Director.join(director.engine().resume(virtualServer, endpoint));
    return this;
  }

  /** Calls a drain off, as {@link #resume} does. */
  public RealServerControl cancelDrain() {
    return resume();
  }

  /** Removes it; open connections go on until they end. */
  public void remove() {
    Director.join(director.engine().removeServer(virtualServer, endpoint));
  }

  /** Returns the state now. */
  public RealServerSnapshot snapshot() {
    return new VirtualServerControl(director, virtualServer)
        .snapshot().realServers().stream()
            .filter(each -> each.endpoint().equals(endpoint))
            .findFirst()
            .orElseThrow(() ->
                new NoSuchElementException(
                    "real server " + endpoint + " of " + virtualServer + ": not here"));
  }
}
