package io.lvs4j.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An address and port that clients connect to, or a mark of the firewall, and what is to be done
 * with the connections.
 *
 * <p>Immutable. {@link #toBuilder()} gives a builder with the same settings, for a change to a
 * running director.
 */
public final class VirtualServer {
  private final VirtualServerId id;
  private final VirtualServerSettings settings;

  private VirtualServer(VirtualServerId id, VirtualServerSettings settings) {
    this.id = id;
    this.settings = settings;
  }

  /**
   * Begins a TCP virtual server. A host name is resolved here, once.
   *
   * @param host an IP address or a name; {@code 0.0.0.0} for every local address of IPv4, {@code
   *     ::} for every local address
   * @param port 1 to 65535; with persistence also 0, all ports that no other virtual server has
   */
  public static Builder tcp(String host, int port) {
    return new Builder(new VirtualServerTarget.At(Protocol.TCP, new HostLookup(host, port), port));
  }

  /**
   * Begins a UDP virtual server. A host name is resolved here, once.
   *
   * @param host an IP address or a name
   * @param port 1 to 65535; with persistence also 0, all ports that no other virtual server has
   */
  public static Builder udp(String host, int port) {
    return new Builder(new VirtualServerTarget.At(Protocol.UDP, new HostLookup(host, port), port));
  }

  /**
   * Begins a virtual server of all packets that the host's firewall has marked. Connections may go
   * to any address and port that the rule lets through; a real server with port 0 keeps them.
   *
   * @param mark 1 to 4294967295
   */
  public static Builder firewallMark(long mark, AddressFamily family) {
    return new Builder(new VirtualServerTarget.Marked(mark, family));
  }

  /** Returns a builder with the settings of this virtual server. */
  public Builder toBuilder() {
    return new Builder(VirtualServerTarget.of(id), settings);
  }

  /** Returns protocol, address and port, or the mark. */
  public VirtualServerId id() {
    return id;
  }

  /** Returns the scheduler; empty means weighted least-connection. */
  public Optional<Scheduler> scheduler() {
    return settings.scheduler();
  }

  /** Returns the forwarding method of real servers that have none of their own. */
  public ForwardingMethod forwarding() {
    return settings.forwarding();
  }

  /** Returns how clients are kept on their server; empty means they are not. */
  public Optional<Persistence> persistence() {
    return settings.persistence();
  }

  /** Returns the checkers of real servers that have none of their own. */
  public List<HealthCheck> healthChecks() {
    return settings.healthChecks();
  }

  /** Returns the real servers in the order in which they were added. */
  public List<RealServer> realServers() {
    return settings.realServers();
  }

  /** Returns the server that takes over while quorum is lost. */
  public Optional<RealServer> sorryServer() {
    return settings.sorryServer();
  }

  /** Returns the sum of the weights of live servers below which quorum is lost. */
  public int quorum() {
    return settings.quorum();
  }

  /** Returns by how much the sum must pass the quorum before it counts as a change. */
  public int hysteresis() {
    return settings.hysteresis();
  }

  /** Returns the time in which a server that comes back grows to its weight; zero means none. */
  public Duration slowStart() {
    return settings.slowStart();
  }

  /** Says whether each datagram is scheduled by itself. */
  public boolean isOnePacket() {
    return settings.onePacket();
  }

  /** Returns how long a connection or session may be silent before it is closed. */
  public Duration idleTimeout() {
    return settings.idleTimeout();
  }

  /** Returns how long a connection may be silent after one side has ended. */
  public Duration halfClosedTimeout() {
    return settings.halfClosedTimeout();
  }

  /** Returns how long a connect to a real server may take. */
  public Duration connectTimeout() {
    return settings.connectTimeout();
  }

  /** Returns on how many further servers a failed connect is tried again. */
  public int connectRetries() {
    return settings.connectRetries();
  }

  /** Returns what real servers learn of clients. */
  public ClientAddress clientAddress() {
    return settings.clientAddress();
  }

  /** Says whether each connection has to begin with a PROXY protocol header. */
  public boolean isProxyProtocolAccepted() {
    return settings.proxyProtocolAccepted();
  }

  /**
   * Returns the names of the VRRP instances of which one has to be master for it to be served, in
   * their order; none means always.
   */
  public List<String> vrrpInstances() {
    return settings.vrrpInstances();
  }

  /** Says whether all real servers that are checked are down until their first good check. */
  public boolean isAlpha() {
    return settings.alpha();
  }

  /** Says whether the end of its service is told as the end of its real servers and its quorum. */
  public boolean isOmega() {
    return settings.omega();
  }

  /** Says whether checks pause while the virtual address isn't on this host. */
  public boolean isHaSuspended() {
    return settings.haSuspend();
  }

  /** Says whether real servers that are up at the start are told of, and quorum. */
  public boolean isNotifyingAtStart() {
    return settings.initialNotifications();
  }

  /** Returns when real servers that fail connections are ejected; empty means never. */
  public Optional<PassiveHealth> passiveHealth() {
    return settings.passiveHealth();
  }

  /** Returns at which losses of a real server its open connections are reset; empty means never. */
  public Set<ServerLoss> shutdownSessions() {
    return settings.shutdownSessions();
  }

  /** Returns those that are told of this virtual server's events. */
  public List<DirectorListener> listeners() {
    return settings.listeners();
  }

  /** Returns the checkers that apply to one of this virtual server's real servers. */
  public List<HealthCheck> healthChecksOf(RealServer server) {
    var checks = server.healthChecks().isEmpty() ? healthChecks() : server.healthChecks();
    return isAlpha() ? checks.stream().map(HealthCheck::alpha).toList() : checks;
  }

  /** Returns the forwarding method that applies to one of this virtual server's real servers. */
  public ForwardingMethod forwardingOf(RealServer server) {
    return server.forwarding().orElse(forwarding());
  }

  /**
   * Returns what is wrong with a real server if it were one of this virtual server's; empty when
   * nothing is.
   */
  public List<Problem> problemsOf(RealServer server) {
    return VirtualServerChecks.of(toBuilder(), server);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VirtualServer that
        && id.equals(that.id)
        && settings.equals(that.settings);
  }

  @Override
  public int hashCode() {
    return Objects.hash(id, settings.scheduler(), settings.realServers());
  }

  @Override
  public String toString() {
    return id + " " + scheduler().map(Scheduler::name).orElse("wlc") + " " + realServers();
  }

  /** Collects the settings of a virtual server; not safe for use by several threads at once. */
  public static final class Builder {
    final VirtualServerTarget target;
    private @Nullable Scheduler scheduler;
    ForwardingMethod forwarding = ForwardingMethod.NAT;
    @Nullable Persistence persistence;
    final List<HealthCheck> healthChecks = new ArrayList<>();
    final List<RealServer> realServers = new ArrayList<>();
    @Nullable RealServer sorryServer;
    int quorum = 1;
    int hysteresis;
    Duration slowStart = Duration.ZERO;
    boolean onePacket;
    private @Nullable Duration idleTimeout;
    Duration halfClosedTimeout = Duration.ofMinutes(2);
    Duration connectTimeout = Duration.ofSeconds(5);
    int connectRetries = 3;
    ClientAddress clientAddress = ClientAddress.HIDDEN;
    boolean acceptProxyProtocol;
    List<String> vrrpInstances = List.of();
    private boolean alpha;
    private boolean omega;
    boolean haSuspend;
    private boolean initialNotifications;
    @Nullable PassiveHealth passiveHealth;
    private Set<ServerLoss> shutdownSessions = Set.of();
    private final List<DirectorListener> listeners = new ArrayList<>();

    private Builder(VirtualServerTarget target) {
      this.target = target;
    }

    private Builder(VirtualServerTarget target, VirtualServerSettings settings) {
      this.target = target;
      scheduler = settings.scheduler().orElse(null);
      forwarding = settings.forwarding();
      persistence = settings.persistence().orElse(null);
      healthChecks.addAll(settings.healthChecks());
      realServers.addAll(settings.realServers());
      sorryServer = settings.sorryServer().orElse(null);
      quorum = settings.quorum();
      hysteresis = settings.hysteresis();
      slowStart = settings.slowStart();
      onePacket = settings.onePacket();
      idleTimeout = settings.idleTimeout();
      halfClosedTimeout = settings.halfClosedTimeout();
      connectTimeout = settings.connectTimeout();
      connectRetries = settings.connectRetries();
      clientAddress = settings.clientAddress();
      acceptProxyProtocol = settings.proxyProtocolAccepted();
      vrrpInstances = settings.vrrpInstances();
      alpha = settings.alpha();
      omega = settings.omega();
      haSuspend = settings.haSuspend();
      initialNotifications = settings.initialNotifications();
      passiveHealth = settings.passiveHealth().orElse(null);
      shutdownSessions = settings.shutdownSessions();
      listeners.addAll(settings.listeners());
    }

    /**
     * Sets the scheduler: one of the built-in ones or a lambda; weighted least-connection if not.
     */
    public Builder scheduler(Scheduler scheduler) {
      this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
      return this;
    }

    /** Sets the forwarding method of real servers that have none of their own; NAT if not. */
    public Builder forwarding(ForwardingMethod forwarding) {
      this.forwarding = Objects.requireNonNull(forwarding, "forwarding");
      return this;
    }

    /** Keeps clients on the server that they had before. */
    public Builder persistence(Persistence persistence) {
      this.persistence = Objects.requireNonNull(persistence, "persistence");
      return this;
    }

    /** Adds a checker for all real servers that have none of their own. */
    public Builder healthCheck(HealthCheck check) {
      healthChecks.add(Objects.requireNonNull(check, "check"));
      return this;
    }

    /** Adds a real server of weight 1. */
    public Builder realServer(String host, int port) {
      return realServer(RealServer.of(host, port));
    }

    /** Adds a real server. */
    public Builder realServer(RealServer server) {
      realServers.add(Objects.requireNonNull(server, "server"));
      return this;
    }

    /** Replaces all real servers. */
    public Builder realServers(List<RealServer> servers) {
      realServers.clear();
      realServers.addAll(servers);
      return this;
    }

    /** Sets the server that gets all connections while quorum is lost. */
    public Builder sorryServer(String host, int port) {
      return sorryServer(RealServer.of(host, port));
    }

    /** Sets the server that gets all connections while quorum is lost. */
    public Builder sorryServer(RealServer server) {
      this.sorryServer = Objects.requireNonNull(server, "server");
      return this;
    }

    /**
     * Sets the quorum: the least sum of weights of live servers, 1 to 2147483647; 1 if not set. It
     * must not be above what all servers together weigh.
     */
    public Builder quorum(int quorum) {
      this.quorum = quorum;
      return this;
    }

    /**
     * Sets the hysteresis: quorum is won at {@code quorum + hysteresis} and lost below {@code
     * quorum - hysteresis}; 0 (if not set) to {@code quorum - 1}.
     */
    public Builder hysteresis(int hysteresis) {
      this.hysteresis = hysteresis;
      return this;
    }

    /** Lets a server that comes back grow to its weight in this time: 0 (if not set) to 1 h. */
    public Builder slowStart(Duration slowStart) {
      this.slowStart = Objects.requireNonNull(slowStart, "slowStart");
      return this;
    }

    /** Schedules each datagram by itself. UDP only. */
    public Builder onePacket() {
      this.onePacket = true;
      return this;
    }

    /**
     * Sets how long a connection or session may be silent: 1 ms to 31 days; 15 min for TCP and 5
     * min for UDP if not set, as in the kernel.
     */
    public Builder idleTimeout(Duration timeout) {
      this.idleTimeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /** Sets how long a half-closed connection may be silent: 1 ms to 31 days; 2 min if not set. */
    public Builder halfClosedTimeout(Duration timeout) {
      this.halfClosedTimeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /** Sets how long a connect to a real server may take: 1 ms to 1 h; 5 s if not set. */
    public Builder connectTimeout(Duration timeout) {
      this.connectTimeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /** Sets on how many further servers a failed connect is tried: 0 to 100; 3 if not set. */
    public Builder connectRetries(int retries) {
      this.connectRetries = retries;
      return this;
    }

    /** Sets what real servers learn of clients; nothing if not set. */
    public Builder clientAddress(ClientAddress clientAddress) {
      this.clientAddress = Objects.requireNonNull(clientAddress, "clientAddress");
      return this;
    }

    /**
     * Expects each connection to begin with a PROXY protocol header, version 1 or 2, and takes the
     * client's address from it. A connection without one is reset. TCP only.
     */
    public Builder acceptProxyProtocol() {
      this.acceptProxyProtocol = true;
      return this;
    }

    /**
     * Serves only while this VRRP instance of the same director is master. When it ceases to be,
     * the open connections are closed: their address is another host's. A virtual server at one of
     * the instance's virtual addresses does so without being told. Real servers are checked all the
     * time, unless {@link #haSuspend} says otherwise.
     *
     * @param vrrpInstance the name of the instance
     */
    public Builder whileMaster(String vrrpInstance) {
      this.vrrpInstances = List.of(Objects.requireNonNull(vrrpInstance, "vrrpInstance"));
      return this;
    }

    /**
     * Serves only while any of these VRRP instances of the same director is master, and otherwise
     * as {@link #whileMaster} does. A virtual server at an address that several instances have does
     * so without being told.
     *
     * @param vrrpInstances the names of the instances; none means always
     */
    public Builder whileMasterOfAny(Collection<String> vrrpInstances) {
      this.vrrpInstances = vrrpInstances.stream().distinct().toList();
      return this;
    }

    /** Serves it always, whoever is master: the opposite of {@link #whileMaster}. */
    public Builder always() {
      this.vrrpInstances = List.of();
      return this;
    }

    /**
     * Starts pessimistic, as keepalived's alpha mode: every real server that is checked is down
     * until its first good check, whatever its checks say themselves. So quorum is lost at first
     * and the sorry server, if there is one, has all connections until enough servers have been
     * seen.
     */
    public Builder alpha() {
      this.alpha = true;
      return this;
    }

    /**
     * Tells of the end, as keepalived's omega mode: when the director stops or the virtual server
     * is removed, listeners hear of each real server that was up that it is down, and of quorum, if
     * there was, that it is lost, at the moment when too few are left. Without it the end is
     * silent.
     */
    public Builder omega() {
      this.omega = true;
      return this;
    }

    /**
     * Pauses all checks while the virtual address isn't on this host; what is known of the real
     * servers stays as it is meanwhile. A virtual server that follows a VRRP instance has its
     * address while that is master; for others the host's addresses are looked at each second. A
     * virtual server at the wildcard address is never paused; one of a firewall mark has to follow
     * an instance.
     *
     * <p>It spares the real servers the checks of the directors that stand by. The price is that a
     * new master begins with what was known when it last was one.
     */
    public Builder haSuspend() {
      this.haSuspend = true;
      return this;
    }

    /**
     * Tells of each real server that is up when the service begins, as if it had come up then, and
     * of quorum after them, if there is (keepalived's {@code rs_init_notifies}).
     */
    public Builder notifyAtStart() {
      this.initialNotifications = true;
      return this;
    }

    /** Ejects real servers that fail connections; they are not if not set. */
    public Builder passiveHealth(PassiveHealth passiveHealth) {
      this.passiveHealth = Objects.requireNonNull(passiveHealth, "passiveHealth");
      return this;
    }

    /**
     * Resets the open connections and sessions of a real server when it is lost in one of these
     * ways, as HAProxy's {@code on-marked-down shutdown-sessions} does, so that clients needn't
     * wait for their timeouts. None if not set: connections go on until they end. Needs a data
     * plane that can close connections.
     */
    public Builder shutdownSessions(ServerLoss first, ServerLoss... more) {
      this.shutdownSessions = Set.copyOf(EnumSet.of(first, more));
      return this;
    }

    /** Tells this listener of the virtual server's events. */
    public Builder listener(DirectorListener listener) {
      listeners.add(Objects.requireNonNull(listener, "listener"));
      return this;
    }

    /** Runs this when quorum is won. */
    public Builder onQuorumUp(Runnable action) {
      return listener(event -> {
        if (event instanceof DirectorEvent.QuorumUp) {
          action.run();
        }
      });
    }

    /** Runs this when quorum is lost. */
    public Builder onQuorumDown(Runnable action) {
      return listener(event -> {
        if (event instanceof DirectorEvent.QuorumDown) {
          action.run();
        }
      });
    }

    /**
     * Returns the virtual server.
     *
     * @throws InvalidConfigurationException with every problem there is
     */
    public VirtualServer build() {
      InvalidConfigurationException.throwIfAny(VirtualServerChecks.of(this));
      return new VirtualServer(
          target.id(),
          new VirtualServerSettings(
              Optional.ofNullable(scheduler),
              forwarding,
              Optional.ofNullable(persistence),
              healthChecks,
              realServers,
              Optional.ofNullable(sorryServer),
              quorum,
              hysteresis,
              slowStart,
              onePacket,
              idleTimeout(),
              halfClosedTimeout,
              connectTimeout,
              connectRetries,
              clientAddress,
              acceptProxyProtocol,
              vrrpInstances,
              alpha,
              omega,
              haSuspend,
              initialNotifications,
              Optional.ofNullable(passiveHealth),
              shutdownSessions,
              listeners));
    }

    Duration idleTimeout() {
      if (idleTimeout != null) {
        return idleTimeout;
      }
      return Duration.ofMinutes(target.isOnly(Protocol.UDP) ? 5 : 15);
    }
  }
}
