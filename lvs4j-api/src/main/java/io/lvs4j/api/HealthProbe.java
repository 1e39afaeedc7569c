package io.lvs4j.api;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * A probe of the application's own.
 *
 * <pre>{@code
 * HealthCheck.of("orders", (server, timeout) ->
 *     client.statusOf(server.address(), timeout)
 *         .thenApply(status -> status.isReady()
 *             ? HealthReport.up("ready").weight(status.freeWorkers())
 *             : HealthReport.down("not ready, " + status)));
 * }</pre>
 *
 * <p>{@link HealthCheck#blocking} takes one that returns its report itself.
 */
@FunctionalInterface
public interface HealthProbe {
  /**
   * Begins one attempt. It is called on a thread of its own, so it may block; it is interrupted
   * when its time is over. While one attempt goes on no other is begun for the same server by the
   * same check: one that outlives its timeout counts as failed, again at each check, until it has
   * ended.
   *
   * @param server where the check is aimed at
   * @param timeout the check's connect timeout; a stage that is not complete by then is a failure
   * @return completes with what was found; an exception, here or in the stage, is a failure
   */
  CompletionStage<HealthReport> probe(Endpoint server, Duration timeout) throws Exception;

  /** A probe that returns what it found, and may block until then. */
  @FunctionalInterface
  interface Blocking {
    /**
     * Makes one attempt, on a thread of its own. It is interrupted when its time is over.
     *
     * @param server where the check is aimed at
     * @param timeout the check's connect timeout; one that takes longer is a failure
     * @return what was found; an exception is a failure
     */
    HealthReport probe(Endpoint server, Duration timeout) throws Exception;
  }
}
