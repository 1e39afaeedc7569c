package io.lvs4j.health;

import java.time.Instant;
import java.util.Optional;

/** The checkers of one real server at work. Safe for use by several threads. */
public interface Watch extends AutoCloseable {
  /**
   * Says whether the real server is up: whether all of its checkers hold it for well. Before a
   * checker's first result that is true unless the checker is in alpha mode. A change is seen here
   * before the listener is told.
   */
  boolean isUp();

  /**
   * Returns the weight in effect of the real server while it is up: the configured one, plus what
   * its checkers add to it (MISC_CHECK with a dynamic weight, FILE_CHECK, an application's own), 0
   * at least. A checker that names a weight adds what it takes to get from the configured one to
   * that.
   *
   * @param configured the weight that the real server has by its configuration
   */
  int weight(int configured);

  /**
   * Returns what was found last: of all checkers whose last attempt failed, or, when none did, of
   * all; where an attempt came to no result since then, also why. Empty before the first attempt
   * has ended.
   */
  String detail();

  /**
   * Returns when the present verdict was found; empty while it is an assumption, because a checker
   * has come to no result yet or there is none.
   */
  Optional<Instant> since();

  /**
   * Pauses all checks; an attempt under way is given up. What is known of the real server stays as
   * it is until {@link #resume}. The listener may still be told of what was found before.
   */
  void suspend();

  /** Goes on checking after {@link #suspend}, each checker in its own rhythm. */
  void resume();

  /**
   * Stops checking. When this method returns no call of the listener is under way and none will
   * begin; what the other methods return stays as it was. A call of the listener that is under way
   * on the monitor's thread is waited for, unless it is that call which closes the watch.
   */
  @Override
  void close();
}
