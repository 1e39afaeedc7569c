package io.lvs4j.api;

import java.time.Duration;

/** Something that happened to a virtual server or to one of its real servers. */
public sealed interface DirectorEvent {
  /** Returns the virtual server that it happened to. */
  VirtualServerId virtualServer();

  /** A real server passed its checks and gets connections (notify_up). */
  record RealServerUp(VirtualServerId virtualServer, Endpoint realServer)
      implements DirectorEvent {}

  /**
   * A real server failed its checks (notify_down).
   *
   * @param reason what was tried, what was found and what was expected
   */
  record RealServerDown(VirtualServerId virtualServer, Endpoint realServer, String reason)
      implements DirectorEvent {}

  /**
   * A real server failed so many connections that it gets no new ones for a while.
   *
   * @param duration for how long
   * @param reason how many connections failed, and how the last one did
   */
  record RealServerEjected(
      VirtualServerId virtualServer, Endpoint realServer, Duration duration, String reason)
      implements DirectorEvent {}

  /** A real server that was ejected gets connections again. */
  record RealServerReturned(VirtualServerId virtualServer, Endpoint realServer)
      implements DirectorEvent {}

  /** The live servers' weights reached quorum plus hysteresis (quorum_up). */
  record QuorumUp(VirtualServerId virtualServer) implements DirectorEvent {}

  /** The live servers' weights fell below quorum minus hysteresis (quorum_down). */
  record QuorumDown(VirtualServerId virtualServer) implements DirectorEvent {}

  /** The sorry server took over. */
  record SorryServerActivated(VirtualServerId virtualServer, Endpoint sorryServer)
      implements DirectorEvent {}

  /** The real servers took over from the sorry server. */
  record SorryServerDeactivated(VirtualServerId virtualServer, Endpoint sorryServer)
      implements DirectorEvent {}

  /**
   * A drain ended and the real server is gone.
   *
   * @param cut how many connections were still open at the deadline and have been closed; 0 if the
   *     last one ended by itself
   */
  record RealServerDrained(VirtualServerId virtualServer, Endpoint realServer, int cut)
      implements DirectorEvent {}
}
