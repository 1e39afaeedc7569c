package io.lvs4j.lab.peer;

import java.util.List;

/**
 * A port of the loopback address that a proxy listens on, and where it sends the connections.
 *
 * @param name what the proxy's configuration calls it
 * @param port where it listens
 * @param backends the ports of the real servers, each in turn
 */
public record ProxiedPort(String name, int port, List<Integer> backends) {
  public ProxiedPort {
    backends = List.copyOf(backends);
  }
}
