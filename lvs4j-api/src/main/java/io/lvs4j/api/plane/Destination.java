package io.lvs4j.api.plane;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.RealServer;

/**
 * A real server as a data plane is to treat it now.
 *
 * @param server the configured server: address, thresholds, how it learns of clients
 * @param weight the weight in effect, which may differ from the configured one; 0 is quiesced
 */
public record Destination(RealServer server, int weight) {
  /** Returns the address and port, which tell one destination from another. */
  public Endpoint endpoint() {
    return server.endpoint();
  }
}
