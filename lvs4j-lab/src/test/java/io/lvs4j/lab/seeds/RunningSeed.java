package io.lvs4j.lab.seeds;

/** A director of a seed. */
interface RunningSeed {
  /** Lets it leave in an orderly way, and returns when it has. */
  void stop();
}
