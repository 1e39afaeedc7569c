package io.lvs4j.api;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A virtual server at one moment.
 *
 * @param id protocol, address and port, or the mark
 * @param scheduler the scheduler's name and flags, as ipvsadm prints them
 * @param forwarding the forwarding method of real servers without one of their own
 * @param plane the name of the data plane that carries it
 * @param onePacket whether each datagram is scheduled by itself
 * @param persistence how clients are kept on their server
 * @param quorumUp whether the live servers weigh enough
 * @param sorryServerActive whether the sorry server has all new connections
 * @param sorryServer the sorry server's counters, if one is configured
 * @param realServers the real servers in the order in which they were added
 * @param serving whether connections are accepted; false while the VRRP instance that it depends on
 *     is not master
 * @param checking whether real servers are checked; false while that is paused for want of the
 *     virtual address
 * @param traffic what has passed, through servers that have left too
 * @param rates what passes each second
 * @param shutdownSessions at which losses of a real server its open connections are reset
 */
public record VirtualServerSnapshot(
    VirtualServerId id,
    SchedulerName scheduler,
    ForwardingMethod forwarding,
    String plane,
    boolean onePacket,
    Optional<Persistence> persistence,
    boolean quorumUp,
    boolean sorryServerActive,
    Optional<RealServerSnapshot> sorryServer,
    List<RealServerSnapshot> realServers,
    boolean serving,
    boolean checking,
    Traffic traffic,
    Rates rates,
    Set<ServerLoss> shutdownSessions) {
  public VirtualServerSnapshot {
    realServers = List.copyOf(realServers);
    shutdownSessions = Set.copyOf(shutdownSessions);
  }

  /** Creates the snapshot of a virtual server whose connections outlive the loss of a server. */
  public VirtualServerSnapshot(
      VirtualServerId id,
      SchedulerName scheduler,
      ForwardingMethod forwarding,
      String plane,
      boolean onePacket,
      Optional<Persistence> persistence,
      boolean quorumUp,
      boolean sorryServerActive,
      Optional<RealServerSnapshot> sorryServer,
      List<RealServerSnapshot> realServers,
      boolean serving,
      boolean checking,
      Traffic traffic,
      Rates rates) {
    this(
        id,
        scheduler,
        forwarding,
        plane,
        onePacket,
        persistence,
        quorumUp,
        sorryServerActive,
        sorryServer,
        realServers,
        serving,
        checking,
        traffic,
        rates,
        Set.of());
  }
}
