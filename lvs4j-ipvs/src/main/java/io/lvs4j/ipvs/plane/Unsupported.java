package io.lvs4j.ipvs.plane;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.ClientAddress;
import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.LvsScheduler;
import io.lvs4j.api.Problem;
import io.lvs4j.api.Protocol;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.ipvs.client.IpvsTimeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Names what the kernel can't do of a virtual server, and which plane can. */
final class Unsupported {
  private static final Set<String> SCHEDULERS =
      Set.of(
          "rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh",
          "twos");
  private static final VirtualServer UNSET = VirtualServer.tcp("192.0.2.1", 1).build();
  private static final VirtualServer UNSET_UDP = VirtualServer.udp("192.0.2.1", 1).build();

  private final VirtualServer definition;
  private final IpvsTimeouts timeouts;
  private final List<Problem> problems = new ArrayList<>();

  private Unsupported(VirtualServer definition, IpvsTimeouts timeouts) {
    this.definition = definition;
    this.timeouts = timeouts;
  }

  /**
   * Returns what can't be done.
   *
   * @param timeouts the kernel's timeouts, as far as the plane was told of them
   */
  static List<Problem> of(VirtualServer definition, IpvsTimeouts timeouts) {
    var unsupported = new Unsupported(definition, timeouts);
    unsupported.address();
    unsupported.sessions();
    unsupported.scheduler();
    unsupported.persistence();
    unsupported.method("forwarding", definition.forwarding());
    unsupported.clients("client address", definition.clientAddress());
    if (definition.isProxyProtocolAccepted()) {
      unsupported.add("accept PROXY protocol", "", "none, or the proxy data plane, which reads it");
    }
    unsupported.times();
    Stream.concat(definition.realServers().stream(), definition.sorryServer().stream())
        .forEach(unsupported::server);
    return unsupported.problems.stream()
        .distinct()
        .map(problem -> problem.within("virtual server " + definition.id()))
        .toList();
  }

  private void add(String subject, String value, String expected) {
    problems.add(
        new Problem(
            subject, (value.isEmpty() ? "" : value + " ") + "with the ipvs data plane", expected));
  }

  private void address() {
    if (definition.id() instanceof VirtualServerId.Address at
        && at.endpoint().address().isAnyLocalAddress()) {
      add(
          "address",
          "any",
          "an address; a firewall mark for many; or the proxy data plane, which listens on all");
    }
  }

  private void sessions() {
    if (!definition.shutdownSessions().isEmpty()) {
      add(
          "shutdown sessions",
          definition.shutdownSessions().stream().sorted().toList().toString(),
          "none, and sysctl net.ipv4.vs.expire_nodest_conn 1, which ends the connections of removed"
              + " servers; or the proxy data plane");
    }
  }

  private void scheduler() {
    String name = Translation.schedulerName(definition);
    var own = definition.scheduler().filter(chosen -> !(chosen instanceof LvsScheduler));
    if (own.isPresent() || !SCHEDULERS.contains(name)) {
      add(
          "scheduler",
          // A lambda's class says nothing to anybody.
          own.<Class<?>>map(Object::getClass)
              .filter(type -> !type.isHidden())
              .map(type -> name + " of " + type.getName())
              .orElse(name),
          "one of the kernel's: "
              + SCHEDULERS.stream().sorted().toList()
              + "; or the proxy or ebpf data plane, which call your own");
      return;
    }
    try {
      Translation.scheduler(definition);
    } catch (IllegalArgumentException flag) {
      add("scheduler", name, String.valueOf(flag.getMessage()));
    }
  }

  private void persistence() {
    definition
        .persistence()
        .filter(kept -> kept.timeout().toNanosPart() != 0)
        .ifPresent(kept -> add("persistence timeout", kept.timeout().toString(), "whole seconds"));
    // An IPv4 mask may be empty, but the kernel wants one bit of IPv6 at least (ip_vs_ctl.c).
    definition
        .persistence()
        .filter(kept -> definition.id().family() == AddressFamily.IPV6 && kept.prefixV6() == 0)
        .ifPresent(_ ->
            add(
                "persistence granularity for IPv6",
                "0",
                "1-128; or the proxy data plane, which takes all clients as one"));
  }

  private void method(String subject, ForwardingMethod method) {
    if (method == ForwardingMethod.FULL_NAT) {
      add(
          subject,
          method.toString(),
          "NAT, DIRECT_ROUTING or TUNNEL; or the proxy data plane, which can do FULL_NAT");
    }
  }

  /**
   * The real servers of a kernel see their clients as they are, so TRANSPARENT asks for nothing.
   */
  private void clients(String subject, ClientAddress told) {
    if (told == ClientAddress.PROXY_PROTOCOL_V1 || told == ClientAddress.PROXY_PROTOCOL_V2) {
      add(
          subject,
          told.toString(),
          "none, for real servers see the client's address; or the proxy data plane, which sends"
              + " the header");
    }
  }

  /** Connections are the client's own: there is no connect to time or to try again. */
  private void times() {
    var id = definition.id();
    boolean datagrams =
        id instanceof VirtualServerId.Address(Protocol protocol, _) && protocol == Protocol.UDP;
    time(
        "idle timeout",
        definition.idleTimeout(),
        (datagrams ? UNSET_UDP : UNSET).idleTimeout(),
        datagrams ? timeouts.udp() : timeouts.tcp());
    time(
        "half-closed timeout",
        definition.halfClosedTimeout(),
        UNSET.halfClosedTimeout(),
        timeouts.tcpFin());
    if (!definition.connectTimeout().equals(UNSET.connectTimeout())) {
      add(
          "connect timeout",
          definition.connectTimeout().toString(),
          "unset, for the client connects itself; or the proxy data plane");
    }
    if (definition.connectRetries() != UNSET.connectRetries()) {
      add(
          "connect retries",
          Integer.toString(definition.connectRetries()),
          "unset, for the client connects itself; or the proxy data plane");
    }
  }

  /** One that was left at its default takes what the kernel has, as it does with keepalived. */
  private void time(String subject, Duration asked, Duration unset, Duration kernel) {
    if (!asked.equals(kernel) && !asked.equals(unset)) {
      add(
          subject,
          asked.toString(),
          kernel
              + ", for the kernel has one for all, which IpvsDataPlane.builder().timeouts sets; or"
              + " the proxy data plane");
    }
  }

  private void server(RealServer server) {
    var subject = "real server " + server.endpoint();
    server.forwarding().ifPresent(method -> method(subject + ": forwarding", method));
    server.clientAddress().ifPresent(told -> clients(subject + ": client address", told));
    var method = definition.forwardingOf(server);
    if (method != ForwardingMethod.TUNNEL
        && AddressFamily.of(server.endpoint().address()) != definition.id().family()) {
      add(
          subject,
          method + " from " + definition.id().family(),
          "an address of the same family, or a tunnel; or the proxy data plane, which takes any");
    }
    if (definition.id() instanceof VirtualServerId.Address at
        && !at.isAllPorts()
        && (method == ForwardingMethod.DIRECT_ROUTING || method == ForwardingMethod.TUNNEL)
        && server.endpoint().port() != at.endpoint().port()) {
      add(
          subject + ": port",
          server.endpoint().port() + " with " + method,
          at.endpoint().port() + ", the virtual server's, for only NAT rewrites ports");
    }
  }
}
