package io.lvs4j.core.proxy;

/** What accepts connections on one loop, and has to wait when the host lacks something. */
interface Acceptor {
  /** Says whether it waits for a retry. */
  boolean isWaiting();

  /** Tries again. */
  void retry();
}
