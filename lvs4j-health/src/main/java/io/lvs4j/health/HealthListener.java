package io.lvs4j.health;

/**
 * Is told when a real server goes up or down. It is called on the thread that makes all health
 * checks: it must not block. An exception is logged.
 */
@FunctionalInterface
public interface HealthListener {
  /**
   * Is called with the new verdict.
   *
   * @param up whether all checkers of the real server are content now
   * @param detail what decided it, for a person to read, such as {@code HTTP_GET /health at
   *     10.0.0.7:80: status 503 (expected 200-299), attempt 2 of 2}
   */
  void onVerdict(boolean up, String detail);

  /**
   * Is called once when an attempt has failed for a real server that began down (alpha) and was
   * never up: the verdict stays, and is more than an assumption now.
   *
   * @param detail what was found, for a person to read
   */
  default void onFoundDown(String detail) {}

  /**
   * Is called when checkers have changed the weight of a real server that stays up: {@link
   * Watch#weight} gives the new one. A change that comes with a verdict isn't told by itself.
   *
   * @param detail what decided it, for a person to read
   */
  default void onWeight(String detail) {}
}
