package io.lvs4j.core.engine;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.Problem;
import io.lvs4j.api.loop.LoopSnapshot;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where verdicts on real servers come from. */
public interface HealthSource extends AutoCloseable {
  /**
   * Begins to check a real server. The listener is called on any thread, for each change of the
   * verdict, until the watch is closed.
   *
   * @param suspended whether to wait for {@link Watched#resume} before the first check
   */
  Watched watch(Endpoint target, List<HealthCheck> checks, boolean suspended, Listener listener);

  /** Returns what this host lacks for checks of a real server, with the remedy. */
  default List<Problem> obstacles(Endpoint target, List<HealthCheck> checks) {
    return List.of();
  }

  /** Returns the threads of the checks as they are now. Any thread may ask; nobody waits. */
  default List<LoopSnapshot> loops() {
    return List.of();
  }

  @Override
  void close();

  /** A real server that is being checked. */
  interface Watched extends AutoCloseable {
    /** Returns what the last check found; empty before the first. */
    String detail();

    /** Returns when the present verdict was found; empty while it is an assumption. */
    Optional<Instant> since();

    /** Returns the weight in effect of a server that is up and configured with this one. */
    default int weight(int configured) {
      return configured;
    }

    /** Pauses all checks; what is known of the server stays as it is. */
    void suspend();

    /** Goes on checking after {@link #suspend}. */
    void resume();

    @Override
    void close();
  }

  /** Is told of verdicts. */
  @FunctionalInterface
  interface Listener {
    /** Takes a changed verdict and what led to it. */
    void onVerdict(boolean up, String detail);

    /** Tells that a check has found a server down that began so; the verdict stays. */
    default void onFoundDown(String detail) {}

    /** Tells that checks have changed the weight of a server that stays up. */
    default void onWeight() {}
  }
}
