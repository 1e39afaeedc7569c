package io.lvs4j.core.proxy;

import io.lvs4j.api.Protocol;
import io.lvs4j.api.VirtualServerId;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How many virtual servers of this plane a connection has passed already. Where a configuration
 * doesn't show that a real server leads back to the director (by an address that came later, by the
 * host's own address translation), the connection that comes back is known by its source, which is
 * one of the plane's own sockets. Any thread may ask.
 *
 * <p>Only connections to a port that the plane serves itself are remembered, so that nearly always
 * there are none.
 */
final class Hops {
  /** More virtual servers than that, one behind the other, are a circle. */
  static final int MOST = 5;

  private record Own(Protocol protocol, InetSocketAddress local) {}

  private record Port(Protocol protocol, int number) {}

  private final Map<Port, Integer> served = new ConcurrentHashMap<>();
  private final Map<Own, Integer> passed = new ConcurrentHashMap<>();

  void serve(VirtualServerId.Address id) {
    served.merge(port(id), 1, Integer::sum);
  }

  void cease(VirtualServerId.Address id) {
    served.computeIfPresent(port(id), (port, number) -> number == 1 ? null : number - 1);
  }

  private static Port port(VirtualServerId.Address id) {
    return new Port(id.protocol(), id.endpoint().port());
  }

  /** Returns how many virtual servers a connection from this address has passed. */
  int of(Protocol protocol, InetSocketAddress from) {
    return passed.isEmpty() ? 0 : passed.getOrDefault(new Own(protocol, from), 0);
  }

  /** Says whether a connection to this address may come back. */
  boolean mayComeBack(Protocol protocol, InetSocketAddress to) {
    return served.containsKey(new Port(protocol, to.getPort()));
  }

  /** Remembers a socket of the plane's own by its local address, and how many it has passed. */
  void begin(Protocol protocol, InetSocketAddress local, int number) {
    passed.put(new Own(protocol, local), number);
  }

  /** Forgets it. */
  void end(Protocol protocol, @Nullable InetSocketAddress local) {
    if (local != null) {
      passed.remove(new Own(protocol, local));
    }
  }
}
