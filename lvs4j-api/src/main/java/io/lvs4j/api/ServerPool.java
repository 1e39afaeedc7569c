package io.lvs4j.api;

/**
 * The real servers of one virtual server as a {@link Scheduler} sees them: positions 0 to {@link
 * #size()}, newest first as the kernel keeps them, each with its weight and its live connection
 * counts. Reading it allocates nothing. A scheduler sees it only during a call and under the lock
 * of its virtual server, so nothing moves while it looks.
 */
public interface ServerPool {
  /** Returns the number of real servers, quiesced and overloaded ones among them. */
  int size();

  /**
   * Returns a number that stays with the real server while its position changes. Ids are small, and
   * a real server that leaves and comes back while connections to it live keeps its own.
   */
  int id(int position);

  /** Returns the position of the real server with this id, or -1 when it is not in the pool. */
  int positionOf(int id);

  /** Returns the address and port of the real server. */
  Endpoint endpoint(int position);

  /** Returns the weight in effect; 0 means quiesced: it gets no new connections. */
  int weight(int position);

  /** Returns the number of established (or establishing) connections. */
  int activeConnections(int position);

  /** Returns how many servers have no active connection, whether or not they are available. */
  default int idle() {
    int idle = 0;
    for (int position = 0; position < size(); position++) {
      if (activeConnections(position) == 0) {
        idle++;
      }
    }
    return idle;
  }

  /**
   * Returns the number of other connections: half closed, UDP sessions, and those that have ended
   * not longer ago than the kernel keeps them.
   */
  int inactiveConnections(int position);

  /** Says whether the upper connection threshold was reached and the lower one not yet again. */
  boolean overloaded(int position);

  /** Returns the load of a server as least-connection schedulers compare it. */
  long overhead(int position);

  /** Says whether the server may get a new connection: not quiesced and not overloaded. */
  default boolean available(int position) {
    return weight(position) > 0 && !overloaded(position);
  }
}
