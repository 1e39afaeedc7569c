package io.lvs4j.core.balance;

/**
 * The connection thresholds of one destination.
 *
 * @param upper connections at which it is overloaded; 0 if it never is
 * @param lower connections below which it no longer is; 0 for three quarters of the upper one
 */
record Thresholds(int upper, int lower) {
  static final Thresholds NONE = new Thresholds(0, 0);

  /** Says whether a destination is overloaded after a connection has begun. */
  boolean afterBegin(boolean overloaded, long connections) {
    return overloaded || (upper != 0 && connections >= upper);
  }

  /** Says whether a destination is still overloaded after a connection has ended. */
  boolean afterEnd(boolean overloaded, long connections) {
    return overloaded && upper != 0 && connections >= releaseBelow();
  }

  /** Returns the number of connections below which the destination is no longer overloaded. */
  long releaseBelow() {
    return lower != 0 ? lower : upper - (upper >> 2);
  }
}
