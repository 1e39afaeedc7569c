package io.lvs4j.core.engine;

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

  /** Ends the thread; tasks that wait are dropped. */
  @Override
  void close();
}
