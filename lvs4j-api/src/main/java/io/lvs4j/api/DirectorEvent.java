package io.lvs4j.api;

import java.time.Duration;
import java.util.List;

/** Something that happened to a virtual server or to one of its real servers. */
public sealed interface DirectorEvent {
  /** Returns the virtual server that it happened to. */
  VirtualServerId virtualServer();

  /**
   * A change of the configuration, by a start, a stop, a call or a reload; all the others are
   * changes of state.
   */
  sealed interface ConfigurationChange extends DirectorEvent {}

  /**
   * A virtual server is served from now on, or whenever a VRRP instance of it is master.
   *
   * @param plane the data plane and how it waits for connections
   * @param scheduler the scheduler's name
   * @param realServers how many real servers it has
   * @param vrrpInstances of which instances one has to be master; none means that it is served
   *     always
   */
  record VirtualServerAdded(
      VirtualServerId virtualServer,
      String plane,
      SchedulerName scheduler,
      int realServers,
      List<String> vrrpInstances)
      implements ConfigurationChange {
    public VirtualServerAdded {
      vrrpInstances = List.copyOf(vrrpInstances);
    }
  }

  /** A virtual server is not served any more. */
  record VirtualServerRemoved(VirtualServerId virtualServer) implements ConfigurationChange {}

  /**
   * Settings of a virtual server were changed.
   *
   * @param changes what was and what is, such as {@code scheduler wlc -> rr}
   */
  record VirtualServerChanged(VirtualServerId virtualServer, List<String> changes)
      implements ConfigurationChange {
    public VirtualServerChanged {
      changes = List.copyOf(changes);
    }
  }

  /** A real server was added. */
  record RealServerAdded(VirtualServerId virtualServer, Endpoint realServer, int weight)
      implements ConfigurationChange {}

  /** A real server was removed; its open connections go on. */
  record RealServerRemoved(VirtualServerId virtualServer, Endpoint realServer)
      implements ConfigurationChange {}

  /**
   * Settings of a real server were changed.
   *
   * @param changes what was and what is, such as {@code weight 1 -> 3}
   */
  record RealServerChanged(VirtualServerId virtualServer, Endpoint realServer, List<String> changes)
      implements ConfigurationChange {
    public RealServerChanged {
      changes = List.copyOf(changes);
    }
  }

  /**
   * A real server gets no new connections, so that it can leave or be worked on.
   *
   * @param deadline how long its open connections may take
   * @param after what becomes of it then
   */
  record DrainBegun(
      VirtualServerId virtualServer, Endpoint realServer, Duration deadline, AfterDrain after)
      implements ConfigurationChange {}

  /** A real server that was draining, or drained and kept, gets connections again. */
  record RealServerResumed(VirtualServerId virtualServer, Endpoint realServer)
      implements ConfigurationChange {}

  /** The VRRP instance of a virtual server is master, and connections are accepted. */
  record VirtualServerOpened(VirtualServerId virtualServer, String vrrpInstance)
      implements DirectorEvent {}

  /** The VRRP instance of a virtual server isn't master any more. */
  record VirtualServerClosed(VirtualServerId virtualServer, String vrrpInstance)
      implements DirectorEvent {}

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
   * A drain ended: the real server is gone, or kept without connections until it is resumed.
   *
   * @param cut how many connections were still open at the deadline and have been closed; 0 if the
   *     last one ended by itself
   */
  record RealServerDrained(VirtualServerId virtualServer, Endpoint realServer, int cut)
      implements DirectorEvent {}
}
