package io.lvs4j.health;

/** The checkers of one real server at work. Safe for use by several threads. */
public interface Watch extends AutoCloseable {
  /**
   * Says whether the real server is up: whether all of its checkers hold it for well. Before a
   * checker's first result that is true unless the checker is in alpha mode. A change is seen here
   * before the listener is told.
   */
  boolean isUp();

  /**
   * Returns what was found last: of all checkers whose last attempt failed, or, when none did, of
   * all; empty before the first attempt has ended.
   */
  String detail();

  /**
   * Stops checking. When this method returns no call of the listener is under way and none will
   * begin; {@link #isUp()} and {@link #detail()} stay as they were. A call of the listener that is
   * under way on the monitor's thread is waited for, unless it is that call which closes the watch.
   */
  @Override
  void close();
}
