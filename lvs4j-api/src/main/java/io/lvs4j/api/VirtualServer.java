package io.lvs4j.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An address and port that clients connect to, and what is to be done with their connections.
 *
 * <p>Immutable. {@link #toBuilder()} gives a builder with the same settings, for a change to a
 * running director.
 */
public final class VirtualServer {
  private final VirtualServerId id;
  private final Optional<Scheduler> scheduler;
  private final ForwardingMethod forwarding;
  private final Optional<Persistence> persistence;
  private final List<HealthCheck> healthChecks;
  private final List<RealServer> realServers;
  private final Optional<RealServer> sorryServer;
  private final int quorum;
  private final int hysteresis;
  private final Duration slowStart;
  private final boolean onePacket;
  private final Duration idleTimeout;
  private final Duration halfClosedTimeout;
  private final Duration connectTimeout;
  private final int connectRetries;
  private final ClientAddress clientAddress;
  private final boolean proxyProtocolAccepted;
  private final Optional<String> vrrpInstance;
  private final List<DirectorListener> listeners;

  private VirtualServer(Builder builder, VirtualServerId id) {
    this.id = id;
    this.scheduler = Optional.ofNullable(builder.scheduler);
    this.forwarding = builder.forwarding;
    this.persistence = Optional.ofNullable(builder.persistence);
    this.healthChecks = List.copyOf(builder.healthChecks);
    this.realServers = List.copyOf(builder.realServers);
    this.sorryServer = Optional.ofNullable(builder.sorryServer);
    this.quorum = builder.quorum;
    this.hysteresis = builder.hysteresis;
    this.slowStart = builder.slowStart;
    this.onePacket = builder.onePacket;
    this.idleTimeout = builder.idleTimeout();
    this.halfClosedTimeout = builder.halfClosedTimeout;
    this.connectTimeout = builder.connectTimeout;
    this.connectRetries = builder.connectRetries;
    this.clientAddress = builder.clientAddress;
    this.proxyProtocolAccepted = builder.acceptProxyProtocol;
    this.vrrpInstance = Optional.ofNullable(builder.vrrpInstance);
    this.listeners = List.copyOf(builder.listeners);
  }

  /**
   * Begins a TCP virtual server. A host name is resolved here, once.
   *
   * @param host an IP address or a name; {@code 0.0.0.0} or {@code ::} for every local address
   * @param port 1 to 65535
   */
  public static Builder tcp(String host, int port) {
    return new Builder(Protocol.TCP, new HostLookup(host, port));
  }

  /**
   * Begins a UDP virtual server. A host name is resolved here, once.
   *
   * @param host an IP address or a name
   * @param port 1 to 65535
   */
  public static Builder udp(String host, int port) {
    return new Builder(Protocol.UDP, new HostLookup(host, port));
  }

  /** Returns a builder with the settings of this virtual server. */
  public Builder toBuilder() {
    var endpoint = id.endpoint();
    var builder =
        new Builder(
            id.protocol(), new HostLookup(Endpoint.literal(endpoint.address()), endpoint.port()));
    builder.scheduler = scheduler.orElse(null);
    builder.forwarding = forwarding;
    builder.persistence = persistence.orElse(null);
    builder.healthChecks.addAll(healthChecks);
    builder.realServers.addAll(realServers);
    builder.sorryServer = sorryServer.orElse(null);
    builder.quorum = quorum;
    builder.hysteresis = hysteresis;
    builder.slowStart = slowStart;
    builder.onePacket = onePacket;
    builder.idleTimeout = idleTimeout;
    builder.halfClosedTimeout = halfClosedTimeout;
    builder.connectTimeout = connectTimeout;
    builder.connectRetries = connectRetries;
    builder.clientAddress = clientAddress;
    builder.acceptProxyProtocol = proxyProtocolAccepted;
    builder.vrrpInstance = vrrpInstance.orElse(null);
    builder.listeners.addAll(listeners);
    return builder;
  }

  /** Returns protocol, address and port. */
  public VirtualServerId id() {
    return id;
  }

  /** Returns the scheduler; empty means weighted least-connection. */
  public Optional<Scheduler> scheduler() {
    return scheduler;
  }

  /** Returns the forwarding method. */
  public ForwardingMethod forwarding() {
    return forwarding;
  }

  /** Returns how clients are kept on their server; empty means they are not. */
  public Optional<Persistence> persistence() {
    return persistence;
  }

  /** Returns the checkers of real servers that have none of their own. */
  public List<HealthCheck> healthChecks() {
    return healthChecks;
  }

  /** Returns the real servers in the order in which they were added. */
  public List<RealServer> realServers() {
    return realServers;
  }

  /** Returns the server that takes over while quorum is lost. */
  public Optional<RealServer> sorryServer() {
    return sorryServer;
  }

  /** Returns the sum of the weights of live servers below which quorum is lost. */
  public int quorum() {
    return quorum;
  }

  /** Returns by how much the sum must pass the quorum before it counts as a change. */
  public int hysteresis() {
    return hysteresis;
  }

  /** Returns the time in which a server that comes back grows to its weight; zero means none. */
  public Duration slowStart() {
    return slowStart;
  }

  /** Says whether each datagram is scheduled by itself. */
  public boolean isOnePacket() {
    return onePacket;
  }

  /** Returns how long a connection or session may be silent before it is closed. */
  public Duration idleTimeout() {
    return idleTimeout;
  }

  /** Returns how long a connection may be silent after one side has ended. */
  public Duration halfClosedTimeout() {
    return halfClosedTimeout;
  }

  /** Returns how long a connect to a real server may take. */
  public Duration connectTimeout() {
    return connectTimeout;
  }

  /** Returns on how many further servers a failed connect is tried again. */
  public int connectRetries() {
    return connectRetries;
  }

  /** Returns what real servers learn of clients. */
  public ClientAddress clientAddress() {
    return clientAddress;
  }

  /** Says whether each connection has to begin with a PROXY protocol header. */
  public boolean isProxyProtocolAccepted() {
    return proxyProtocolAccepted;
  }

  /** Returns the name of the VRRP instance without which it is not served; empty means always. */
  public Optional<String> vrrpInstance() {
    return vrrpInstance;
  }

  /** Returns those that are told of this virtual server's events. */
  public List<DirectorListener> listeners() {
    return listeners;
  }

  /** Returns the checkers that apply to one of this virtual server's real servers. */
  public List<HealthCheck> healthChecksOf(RealServer server) {
    return server.healthChecks().isEmpty() ? healthChecks : server.healthChecks();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VirtualServer that
        && id.equals(that.id)
        && scheduler.equals(that.scheduler)
        && forwarding == that.forwarding
        && persistence.equals(that.persistence)
        && healthChecks.equals(that.healthChecks)
        && realServers.equals(that.realServers)
        && sorryServer.equals(that.sorryServer)
        && quorum == that.quorum
        && hysteresis == that.hysteresis
        && slowStart.equals(that.slowStart)
        && onePacket == that.onePacket
        && idleTimeout.equals(that.idleTimeout)
        && halfClosedTimeout.equals(that.halfClosedTimeout)
        && connectTimeout.equals(that.connectTimeout)
        && connectRetries == that.connectRetries
        && clientAddress == that.clientAddress
        && proxyProtocolAccepted == that.proxyProtocolAccepted
        && vrrpInstance.equals(that.vrrpInstance)
        && listeners.equals(that.listeners);
  }

  @Override
  public int hashCode() {
    return Objects.hash(id, scheduler, realServers);
  }

  @Override
  public String toString() {
    return id + " " + scheduler.map(Scheduler::name).orElse("wlc") + " " + realServers;
  }

  /** Collects the settings of a virtual server; not safe for use by several threads at once. */
  public static final class Builder {
    private static final Duration LONGEST = Duration.ofDays(31);

    private final Protocol protocol;
    private final HostLookup host;
    private @Nullable Scheduler scheduler;
    private ForwardingMethod forwarding = ForwardingMethod.NAT;
    private @Nullable Persistence persistence;
    private final List<HealthCheck> healthChecks = new ArrayList<>();
    private final List<RealServer> realServers = new ArrayList<>();
    private @Nullable RealServer sorryServer;
    private int quorum = 1;
    private int hysteresis;
    private Duration slowStart = Duration.ZERO;
    private boolean onePacket;
    private @Nullable Duration idleTimeout;
    private Duration halfClosedTimeout = Duration.ofMinutes(2);
    private Duration connectTimeout = Duration.ofSeconds(5);
    private int connectRetries = 3;
    private ClientAddress clientAddress = ClientAddress.HIDDEN;
    private boolean acceptProxyProtocol;
    private @Nullable String vrrpInstance;
    private final List<DirectorListener> listeners = new ArrayList<>();

    private Builder(Protocol protocol, HostLookup host) {
      this.protocol = protocol;
      this.host = host;
    }

    /**
     * Sets the scheduler: one of the built-in ones or a lambda; weighted least-connection if not.
     */
    public Builder scheduler(Scheduler scheduler) {
      this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
      return this;
    }

    /** Sets the forwarding method; NAT if not. */
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
     * time.
     *
     * @param vrrpInstance the name of the instance
     */
    public Builder whileMaster(String vrrpInstance) {
      this.vrrpInstance = Objects.requireNonNull(vrrpInstance, "vrrpInstance");
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
      var problems = new ArrayList<Problem>();
      problems.addAll(host.problems());
      serverProblems(problems);
      healthChecks.forEach(check -> problems.addAll(check.problems()));
      quorumProblems(problems);
      if (persistence != null) {
        problems.addAll(persistence.problems());
      }
      timeoutProblems(problems);
      protocolProblems(problems);
      var name = "virtual server " + host + "/" + protocol.name().toLowerCase(Locale.ROOT);
      InvalidConfigurationException.throwIfAny(
          problems.stream().map(problem -> problem.within(name)).toList());
      return new VirtualServer(this, new VirtualServerId(protocol, host.endpoint()));
    }

    private void serverProblems(List<Problem> problems) {
      var seen = new HashSet<Endpoint>();
      for (var server : realServers) {
        var own = server.problems();
        problems.addAll(own);
        if (own.isEmpty() && !seen.add(server.endpoint())) {
          problems.add(
              new Problem(
                  "real server " + server.endpoint(), "given twice", "each real server once"));
        }
      }
      if (sorryServer != null) {
        sorryServer.problems().stream()
            .map(problem -> problem.within("sorry server"))
            .forEach(problems::add);
      }
    }

    private void quorumProblems(List<Problem> problems) {
      Ranges.number(problems, "quorum", quorum, 1, Integer.MAX_VALUE);
      if (quorum < 1) {
        return;
      }
      Ranges.number(problems, "hysteresis", hysteresis, 0, quorum - 1L);
      long total = realServers.stream().mapToLong(server -> Math.max(0, server.weight())).sum();
      if (quorum > 1 && quorum > total) {
        problems.add(
            new Problem(
                "quorum",
                Integer.toString(quorum),
                "at most " + total + ", the sum of all weights"));
      }
    }

    private void timeoutProblems(List<Problem> problems) {
      var shortest = Duration.ofMillis(1);
      var hour = Duration.ofHours(1);
      Ranges.duration(problems, "slow start", slowStart, Duration.ZERO, hour);
      Ranges.duration(problems, "idle timeout", idleTimeout(), shortest, LONGEST);
      Ranges.duration(problems, "half-closed timeout", halfClosedTimeout, shortest, LONGEST);
      Ranges.duration(problems, "connect timeout", connectTimeout, shortest, hour);
      Ranges.number(problems, "connect retries", connectRetries, 0, 100);
    }

    private void protocolProblems(List<Problem> problems) {
      if (protocol == Protocol.TCP && onePacket) {
        problems.add(new Problem("one-packet scheduling", "on TCP", "UDP"));
      }
      if (protocol == Protocol.UDP) {
        if (acceptProxyProtocol) {
          problems.add(new Problem("accept PROXY protocol", "on UDP", "TCP"));
        }
        if (isProxyProtocol(clientAddress)) {
          problems.add(new Problem("client address", clientAddress + " on UDP", "TCP"));
        }
        for (var server : realServers) {
          if (server.clientAddress().filter(Builder::isProxyProtocol).isPresent()) {
            problems.add(
                new Problem(
                    "real server " + server.address() + ": client address",
                    server.clientAddress().get() + " on UDP",
                    "TCP"));
          }
        }
      }
    }

    private static boolean isProxyProtocol(ClientAddress address) {
      return address == ClientAddress.PROXY_PROTOCOL_V1
          || address == ClientAddress.PROXY_PROTOCOL_V2;
    }

    private Duration idleTimeout() {
      if (idleTimeout != null) {
        return idleTimeout;
      }
      return protocol == Protocol.TCP ? Duration.ofMinutes(15) : Duration.ofMinutes(5);
    }
  }
}
