package io.lvs4j.api;

import java.util.Set;

/**
 * Decides which real server gets a new connection. The built-in algorithms of the Linux Virtual
 * Server and an application's own lambda are the same thing:
 *
 * <pre>{@code
 * Scheduler leastActive = (servers, flow) -> {
 *   int best = Scheduler.NONE;
 *   for (int i = 0; i < servers.size(); i++) {
 *     if (servers.available(i)
 *         && (best == Scheduler.NONE
 *             || servers.activeConnections(i) < servers.activeConnections(best))) {
 *       best = i;
 *     }
 *   }
 *   return best;
 * };
 * }</pre>
 *
 * <p><b>Threads.</b> All calls for one virtual server are made one at a time, on whatever thread
 * the connection arrived. {@link #forVirtualServer()} gives each virtual server a scheduler of its
 * own, so that no state is shared. A call must not block: it is part of accepting a connection, and
 * the other connections of its thread, those of other virtual servers too, wait for it. One that
 * takes longer than 100 ms is logged with the names of the virtual server and the scheduler, each
 * virtual server's at most once a second and less often while it goes on.
 *
 * <p><b>Errors.</b> An exception or a position outside of the pool counts as {@link #NONE} and is
 * logged.
 */
@FunctionalInterface
public interface Scheduler {
  /** The answer of a scheduler that found no server: the connection is refused. */
  int NONE = -1;

  /**
   * Returns a scheduler that decides as this one does and is called otherwise: lambdas are all
   * "custom" without.
   *
   * @param name a word without spaces
   */
  static Scheduler named(String name, Scheduler scheduler) {
    return new NamedScheduler(name, scheduler);
  }

  /** Returns the position in the pool of the chosen server, or {@link #NONE}. */
  int schedule(ServerPool servers, Flow flow);

  /**
   * Returns the name that people know it by: of an {@link LvsScheduler} the one of {@code ipvsadm},
   * such as {@code wlc}.
   */
  default String name() {
    return "custom";
  }

  /** Returns the flags as {@code ipvsadm -b} takes them, such as {@code sh-port}. */
  default Set<String> flags() {
    return Set.of();
  }

  /**
   * Returns the scheduler that one virtual server uses for itself. An algorithm with state returns
   * a fresh one; the default returns {@code this}.
   */
  default Scheduler forVirtualServer() {
    return this;
  }

  /** Tells that a server was added at this position; those behind it moved by one. */
  default void serverAdded(ServerPool servers, int position) {}

  /** Tells that the server which had this position and this id was removed. */
  default void serverRemoved(ServerPool servers, int position, int id) {}

  /** Tells that the weight or the thresholds of the server at this position were changed. */
  default void serverUpdated(ServerPool servers, int position) {}
}
