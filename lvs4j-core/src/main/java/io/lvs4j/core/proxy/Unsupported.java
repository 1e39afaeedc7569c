package io.lvs4j.core.proxy;

import io.lvs4j.api.ClientAddress;
import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.Problem;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.VirtualServer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Names what a relay of bytes can't do of a virtual server. */
final class Unsupported {
  private Unsupported() {}

  static List<Problem> of(VirtualServer definition, SocketTransport transport) {
    var problems = new ArrayList<Problem>();
    ForwardingMethod method = definition.forwarding();
    if (method == ForwardingMethod.DIRECT_ROUTING || method == ForwardingMethod.TUNNEL) {
      problems.add(
          new Problem(
              "forwarding",
              method + " with the proxy data plane",
              "NAT or FULL_NAT; or the ipvs or ebpf data plane, which can do " + method));
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
        .map(problem -> problem.within("virtual server " + definition.id()))
        .toList();
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
    var virtual = definition.id().endpoint().address();
    for (var server : servers) {
      if (server.endpoint().address().getClass() != virtual.getClass()) {
        problems.add(
            new Problem(
                subject,
                "TRANSPARENT from " + definition.id() + " to " + server.endpoint(),
                "addresses of one family"));
      }
    }
  }
}
