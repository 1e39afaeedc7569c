package io.lvs4j.ipvs.client;

import java.net.InetAddress;
import java.util.Objects;

/**
 * What tells one real server of a service from another.
 *
 * @param address its address
 * @param port 0 to 65535; 0 keeps the port that the client asked for
 */
public record DestinationKey(InetAddress address, int port) {
  /** Checks the port. */
  public DestinationKey {
    Objects.requireNonNull(address, "address");
    Numbers.check("port", port, 0, 0xffff);
  }

  /** Returns {@code 10.0.0.1:80} or {@code [2001:db8::1]:80}. */
  @Override
  public String toString() {
    return Numbers.endpoint(address, port);
  }
}
