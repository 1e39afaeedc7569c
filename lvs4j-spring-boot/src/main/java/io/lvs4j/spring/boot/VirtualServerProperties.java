package io.lvs4j.spring.boot;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.ClientAddress;
import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.Protocol;
import io.lvs4j.api.ServerLoss;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties of a virtual server.
 *
 * @param protocol the transport protocol
 * @param address what clients connect to, as host:port; port 0 takes one that is free, which {@code
 *     local.lvs4j.NAME.port} tells, or stands for all ports where there is persistence
 * @param firewallMark the mark that the firewall puts on the packets, in place of an address; takes
 *     the data plane "ipvs"
 * @param addressFamily the address family of the packets with the firewall's mark
 * @param scheduler which algorithm of LVS spreads the connections; wlc if not set
 * @param schedulerFlags flags of the schedulers sh and mh, such as "sh-port"
 * @param schedulerBean the name of a bean that spreads the connections, in place of an algorithm of
 *     LVS
 * @param forwarding how packets get to the real servers; NAT if not set
 * @param persistence keeps clients on the server that they had before
 * @param healthCheck how real servers are checked that have no checks of their own
 * @param healthChecks further checks, all of which have to pass
 * @param realServers the servers among which connections are spread, each as host:port or with
 *     settings
 * @param sorryServer the server that gets all connections while quorum is lost
 * @param quorum the least sum of weights of live servers; 1 if not set
 * @param hysteresis by how much the sum has to pass the quorum before it counts; 0 if not set
 * @param slowStart in which time a server that comes back grows to its weight; none if not set
 * @param onePacket whether each datagram is scheduled by itself; UDP only
 * @param idleTimeout how long a connection or session may be silent; 15 min, and 5 min of UDP, if
 *     not set
 * @param halfClosedTimeout how long a connection may be silent after one side has ended; 2 min if
 *     not set
 * @param connectTimeout how long a connect to a real server may take; 5 s if not set
 * @param connectRetries on how many further servers a failed connect is tried; 3 if not set
 * @param clientAddress what real servers learn of clients; nothing if not set
 * @param acceptProxyProtocol whether each connection has to begin with a PROXY protocol header
 * @param whileMaster the VRRP instance without whose virtual addresses it is not served; by itself
 *     that of its address
 * @param alpha whether real servers are down until their first good check
 * @param omega whether the end of the service is told as the end of its real servers and its quorum
 * @param haSuspend whether checks pause while the virtual address is not on this host
 * @param notifyAtStart whether real servers that are up at the start are told of, and quorum
 * @param shutdownSessions at which losses of a real server its open connections are reset; none if
 *     not set
 * @param passiveHealth ejects real servers that fail connections
 */
public record VirtualServerProperties(
    @DefaultValue("tcp") Protocol protocol,
    @Nullable String address,
    @Nullable Long firewallMark,
    @DefaultValue("ipv4") AddressFamily addressFamily,
    @Nullable LvsAlgorithm scheduler,
    @DefaultValue List<String> schedulerFlags,
    @Nullable String schedulerBean,
    @Nullable ForwardingMethod forwarding,
    @Nullable Persistence persistence,
    @Nullable HealthCheckProperties healthCheck,
    @DefaultValue List<HealthCheckProperties> healthChecks,
    @DefaultValue List<RealServer> realServers,
    @Nullable RealServer sorryServer,
    @Nullable Integer quorum,
    @Nullable Integer hysteresis,
    @Nullable Duration slowStart,
    @Nullable Boolean onePacket,
    @Nullable Duration idleTimeout,
    @Nullable Duration halfClosedTimeout,
    @Nullable Duration connectTimeout,
    @Nullable Integer connectRetries,
    @Nullable ClientAddress clientAddress,
    @Nullable Boolean acceptProxyProtocol,
    @Nullable String whileMaster,
    @Nullable Boolean alpha,
    @Nullable Boolean omega,
    @Nullable Boolean haSuspend,
    @Nullable Boolean notifyAtStart,
    @DefaultValue List<ServerLoss> shutdownSessions,
    @Nullable PassiveHealth passiveHealth) {

  /** The scheduling algorithms of LVS, by the names that ipvsadm has for them. */
  public enum LvsAlgorithm {
    /** Round robin. */
    RR,
    /** Weighted round robin. */
    WRR,
    /** Least connection. */
    LC,
    /** Weighted least connection, the default. */
    WLC,
    /** Locality-based least connection. */
    LBLC,
    /** Locality-based least connection with replication. */
    LBLCR,
    /** Destination hashing. */
    DH,
    /** Source hashing. */
    SH,
    /** Shortest expected delay. */
    SED,
    /** Never queue. */
    NQ,
    /** Weighted failover. */
    FO,
    /** Weighted overflow. */
    OVF,
    /** Maglev hashing. */
    MH,
    /** Power of two choices. */
    TWOS
  }

  /**
   * The properties of a real server.
   *
   * @param address where it is, as host:port
   * @param weight its share of the connections, 0 (no new ones) or more; 1 if not set
   * @param upperThreshold the number of connections at which it gets no more
   * @param lowerThreshold the number of connections below which it gets some again
   * @param inhibitOnFailure whether it is kept with weight 0 rather than removed while it is down
   * @param healthCheck how it is checked, in place of the virtual server's checks
   * @param healthChecks further checks of its own, all of which have to pass
   * @param clientAddress what it learns of clients, when not as the virtual server says
   * @param forwarding how packets get to it, when not as the virtual server says
   * @param tunnel how packets are wrapped where they go through a tunnel
   */
  public record RealServer(
      @Nullable String address,
      @Nullable Integer weight,
      @Nullable Integer upperThreshold,
      @Nullable Integer lowerThreshold,
      @Nullable Boolean inhibitOnFailure,
      @Nullable HealthCheckProperties healthCheck,
      @DefaultValue List<HealthCheckProperties> healthChecks,
      @Nullable ClientAddress clientAddress,
      @Nullable ForwardingMethod forwarding,
      @Nullable Tunnel tunnel) {

    /** Returns a real server with nothing but an address: what a plain text in a list means. */
    public static RealServer of(String address) {
      return new RealServer(address, null, null, null, null, null, List.of(), null, null, null);
    }
  }

  /**
   * The properties of a tunnel.
   *
   * @param type how packets are wrapped
   * @param port the UDP port of gue, 1 to 65535
   * @param checksum which checksum the outer header carries
   */
  public record Tunnel(
      @DefaultValue("ipip") Type type,
      @Nullable Integer port,
      @DefaultValue("none") io.lvs4j.api.Tunnel.Checksum checksum) {
    /** How packets are wrapped. */
    public enum Type {
      /** IP in IP. */
      IPIP,
      /** Generic UDP Encapsulation. */
      GUE,
      /** Generic Routing Encapsulation. */
      GRE
    }
  }

  /**
   * The properties of persistence.
   *
   * @param timeout how long a client is remembered after its last connection began
   * @param ipv4Granularity the bits of an IPv4 address by which clients are told apart
   * @param ipv6Granularity the bits of an IPv6 address by which clients are told apart
   * @param engine the engine of the kernel that tells clients apart, such as "sip"
   */
  public record Persistence(
      @DefaultValue("5m") Duration timeout,
      @DefaultValue("32") int ipv4Granularity,
      @DefaultValue("128") int ipv6Granularity,
      @Nullable String engine) {}

  /**
   * The properties of passive health.
   *
   * @param consecutiveFailures after how many failed connections in a row a server is ejected
   * @param baseEjectionTime how long a first ejection takes
   * @param maxEjectionTime how long an ejection takes at most
   * @param maxEjectionPercent how many of the servers are ejected at most
   */
  public record PassiveHealth(
      @DefaultValue("5") int consecutiveFailures,
      @DefaultValue("30s") Duration baseEjectionTime,
      @DefaultValue("5m") Duration maxEjectionTime,
      @DefaultValue("50") int maxEjectionPercent) {}
}
