package io.lvs4j.core.proxy;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Problem;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * Virtual servers whose real servers lead back to them: the director would connect to itself until
 * no descriptor is left.
 */
final class Circles {
  private final List<VirtualServer> definitions;

  private Circles(List<VirtualServer> definitions) {
    this.definitions = definitions;
  }

  /** Returns each real server, and each sorry server, with which a connection would come back. */
  static List<Problem> in(List<VirtualServer> definitions) {
    var circles = new Circles(definitions);
    var problems = new ArrayList<Problem>();
    for (var definition : definitions) {
      for (var server : servers(definition)) {
        circles.way(definition, server).stream()
            .map(way -> problem(definition, server, way))
            .forEach(problems::add);
      }
    }
    return problems;
  }

  private static Problem problem(VirtualServer definition, RealServer server, String way) {
    boolean sorry = !definition.realServers().contains(server);
    return new Problem(
        "virtual server "
            + definition.id()
            + ": "
            + (sorry ? "sorry server " : "real server ")
            + server.endpoint(),
        "leads back to this virtual server" + way,
        "a server that is no virtual server of this director, or one that leads elsewhere");
  }

  /** Returns by way of whom a server leads back to where it came from, if it does. */
  private List<String> way(VirtualServer from, RealServer server) {
    var seen = new LinkedHashSet<VirtualServer>();
    var next = new ArrayDeque<>(reached(from, server));
    while (!next.isEmpty()) {
      var at = next.poll();
      if (at.equals(from)) {
        return List.of(seen.isEmpty() ? "" : ", by way of " + ids(seen));
      }
      if (seen.add(at)) {
        servers(at).forEach(each -> next.addAll(reached(at, each)));
      }
    }
    return List.of();
  }

  private static String ids(Collection<VirtualServer> seen) {
    return String.join(", ", seen.stream().map(each -> each.id().toString()).toList());
  }

  private static List<RealServer> servers(VirtualServer definition) {
    return Stream.concat(definition.realServers().stream(), definition.sorryServer().stream())
        .toList();
  }

  /** Returns the virtual servers that a connection to a server arrives at. */
  private List<VirtualServer> reached(VirtualServer from, RealServer server) {
    return definitions.stream().filter(each -> isAt(each, from, server.endpoint())).toList();
  }

  private static boolean isAt(VirtualServer virtual, VirtualServer from, Endpoint server) {
    if (!(virtual.id() instanceof VirtualServerId.Address listening
            && from.id() instanceof VirtualServerId.Address coming)
        || listening.protocol() != coming.protocol()
        || listening.endpoint().port() != server.port()) {
      return false;
    }
    var listens = listening.endpoint().address();
    var to = server.address();
    if (to.isAnyLocalAddress()) {
      // Who connects to no address connects to loopback.
      return isOfSameFamily(listens, to)
          && (listens.isLoopbackAddress() || listens.isAnyLocalAddress());
    }
    return listens.equals(to)
        || (listens.isAnyLocalAddress()
            && (listening.family() == AddressFamily.IPV6 || isOfSameFamily(listens, to))
            && isHere(to));
  }

  private static boolean isOfSameFamily(InetAddress one, InetAddress other) {
    return AddressFamily.of(one) == AddressFamily.of(other);
  }

  private static boolean isHere(InetAddress address) {
    try {
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException unknown) {
      // It can't be told; connections that come back are found out when they do.
      return false;
    }
  }
}
