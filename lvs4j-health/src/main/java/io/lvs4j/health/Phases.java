package io.lvs4j.health;

/**
 * Where in their period checks fall: each as far from all the others as can be, however many there
 * are and will be. Steps of the golden ratio do that (Weyl's sequence); random moments would leave
 * some of them crowded. Not safe for use by several threads at once.
 */
final class Phases {
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  private double next;

  /** Begins at a place from 0 inclusive to 1 exclusive. */
  Phases(double first) {
    this.next = first;
  }

  /** Returns the next place, from 0 inclusive to 1 exclusive. */
  double next() {
    double phase = next;
    next = (next + GOLDEN) % 1;
    return phase;
  }
}
