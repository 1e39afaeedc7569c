package io.lvs4j.core.proxy;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.ClientAddress;
import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.LvsScheduler;
import io.lvs4j.api.Persistence;
import io.lvs4j.api.Problem;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.core.scheduler.Schedulers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Names what a relay of bytes can't do of a virtual server. */
final class Unsupported {
  private Unsupported() {}

  static List<Problem> of(VirtualServer definition, SocketTransport transport) {
    var problems = new ArrayList<Problem>();
    target(definition, problems);
    scheduler(definition, problems);
    forwarding("forwarding", definition.forwarding(), problems);
    for (var server : servers(definition)) {
      var subject = "real server " + server.endpoint() + ": ";
      server.forwarding().ifPresent(method -> forwarding(subject + "forwarding", method, problems));
      server
          .tunnel()
          .map(tunnel ->
              new Problem(
                  subject + "tunnel",
                  tunnel + " with the proxy data plane",
                  "no tunnel; or the ipvs data plane, which has them"))
          .ifPresent(problems::add);
    }
    if (definition.clientAddress() == ClientAddress.TRANSPARENT) {
      transparency("client address", definition, definition.realServers(), transport, problems);
    } else {
      for (var server : servers(definition)) {
        if (server.clientAddress().filter(ClientAddress.TRANSPARENT::equals).isPresent()) {
          transparency(
              "real server " + server.endpoint() + ": client address",
              definition,
              List.of(server),
              transport,
              problems);
        }
      }
    }
    return problems.stream()
        .distinct()
        .map(problem -> problem.within("virtual server " + definition.id()))
        .toList();
  }

  private static void target(VirtualServer definition, List<Problem> problems) {
    switch (definition.id()) {
      case VirtualServerId.FirewallMark _ ->
          problems.add(
              new Problem(
                  "firewall mark",
                  "with the proxy data plane",
                  "an address and port; or the ipvs data plane, which sees the firewall's marks"));
      case VirtualServerId.Address address -> {
        if (address.isAllPorts()) {
          problems.add(
              new Problem(
                  "port",
                  "0, all ports, with the proxy data plane",
                  "1-65535; or the ipvs data plane, which can serve all ports"));
        }
      }
    }
    definition
        .persistence()
        .flatMap(Persistence::engine)
        .map(engine ->
            new Problem(
                "persistence engine",
                engine + " with the proxy data plane",
                "none; or the ipvs data plane, which has the kernel's engines"))
        .ifPresent(problems::add);
  }

  private static void scheduler(VirtualServer definition, List<Problem> problems) {
    if (definition.scheduler().orElse(null) instanceof LvsScheduler named) {
      try {
        var _ = Schedulers.byName(named.name(), named.flags());
      } catch (InvalidConfigurationException unknown) {
        problems.addAll(unknown.problems());
      }
    }
  }

  private static void forwarding(String subject, ForwardingMethod method, List<Problem> problems) {
    if (method == ForwardingMethod.DIRECT_ROUTING || method == ForwardingMethod.TUNNEL) {
      problems.add(
          new Problem(
              subject,
              method + " with the proxy data plane",
              "NAT or FULL_NAT; or the ipvs or ebpf data plane, which can do " + method));
    }
  }

  private static List<RealServer> servers(VirtualServer definition) {
    return Stream.concat(definition.realServers().stream(), definition.sorryServer().stream())
        .toList();
  }

  private static void transparency(
      String subject,
      VirtualServer definition,
      List<RealServer> servers,
      SocketTransport transport,
      List<Problem> problems) {
    if (!transport.isTransparencySupported()) {
      problems.add(
          new Problem(
              subject,
              "TRANSPARENT without epoll",
              "the proxy data plane's epoll transport, or the ipvs or ebpf data plane, or the"
                  + " PROXY protocol"));
    }
    for (var server : servers) {
      if (AddressFamily.of(server.endpoint().address()) != definition.id().family()) {
        problems.add(
            new Problem(
                subject,
                "TRANSPARENT from " + definition.id() + " to " + server.endpoint(),
                "addresses of one family"));
      }
    }
  }
}
