package io.lvs4j.api;

import java.util.Locale;
import java.util.Objects;

/**
 * What tells one virtual server from another.
 *
 * @param protocol the transport protocol
 * @param endpoint the virtual address and port
 */
public record VirtualServerId(Protocol protocol, Endpoint endpoint) {
  public VirtualServerId {
    Objects.requireNonNull(protocol, "protocol");
    Objects.requireNonNull(endpoint, "endpoint");
  }

  /**
   * Says whether both can't be served by one host at a time: the same protocol and port, and the
   * same address or a wildcard on either side.
   */
  public boolean overlaps(VirtualServerId other) {
    return protocol == other.protocol
        && endpoint.port() == other.endpoint.port()
        && (endpoint.address().equals(other.endpoint.address())
            || endpoint.address().isAnyLocalAddress()
            || other.endpoint.address().isAnyLocalAddress());
  }

  /** Returns {@code 10.0.0.1:80/tcp}. */
  @Override
  public String toString() {
    return endpoint + "/" + protocol.name().toLowerCase(Locale.ROOT);
  }
}
