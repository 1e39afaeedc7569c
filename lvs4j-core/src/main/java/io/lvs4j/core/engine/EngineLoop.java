package io.lvs4j.core.engine;

import io.lvs4j.api.loop.LoopSnapshot;
import java.time.Duration;

/** The engine's one thread and its clock. Tests put virtual time in its place. */
public interface EngineLoop extends AutoCloseable {
  /** Returns nanoseconds since an arbitrary origin. */
  long now();

  /** Runs a task on the engine's thread, after all that were given before. */
  void execute(Runnable task);

  /** Runs a task on the engine's thread after a delay. */
  void schedule(Duration delay, Runnable task);

  /** Says whether the caller is on the engine's thread. */
  boolean isCurrent();

  /** Returns the loop as it is now. Any thread may ask. */
  default LoopSnapshot snapshot() {
    return new LoopSnapshot("engine", true, Duration.ZERO, 0, "");
  }

  /** Ends the thread; tasks that wait are dropped. */
  @Override
  void close();
}
