package io.lvs4j.api;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A host and port as somebody wrote them, resolved once: either an {@link Endpoint} or the problems
 * that kept it from being one. A name takes a DNS lookup; a literal takes none.
 */
final class HostLookup {
  private final String text;
  private final @Nullable Endpoint endpoint;
  private final List<Problem> problems;

  HostLookup(String host, int port) {
    Objects.requireNonNull(host, "host");
    this.text = (host.contains(":") ? "[" + host + "]:" : host + ":") + port;
    var found = new ArrayList<Problem>();
    // Whether 0 has a meaning, the virtual server knows.
    if (port != 0) {
      Ranges.number(found, "port", port, 1, 65_535);
    }
    InetAddress address = null;
    if (host.isBlank()) {
      found.add(new Problem("host", "\"" + host + "\"", "an IP address or a host name"));
    } else {
      try {
        address = InetAddress.getByName(host);
        if (host.indexOf(':') >= 0 && address instanceof Inet4Address) {
          found.add(new Problem("host", host, "an IPv6 address, not one that is mapped from IPv4"));
        }
      } catch (UnknownHostException unknown) {
        found.add(new Problem("host", host, "an IP address or a host name that resolves"));
      }
    }
    this.problems = List.copyOf(found);
    this.endpoint = found.isEmpty() && address != null ? new Endpoint(address, port) : null;
  }

  /** Returns the endpoint, or throws with the problems when there is none. */
  Endpoint endpoint() {
    if (endpoint == null) {
      throw new InvalidConfigurationException(problems);
    }
    return endpoint;
  }

  List<Problem> problems() {
    return problems;
  }

  @Override
  public String toString() {
    return endpoint == null ? text : endpoint.toString();
  }
}
