package io.lvs4j.keepalived.ipvsadm;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.Tunnel;
import io.lvs4j.keepalived.diagnostic.Diagnostics;
import io.lvs4j.keepalived.diagnostic.Position;
import java.util.Optional;

/**
 * A real server of the table.
 *
 * @param server all but how it is reached
 * @param method how it is reached
 */
record RuleServer(RealServer server, ForwardingMethod method) {

  static Optional<RuleServer> of(
      Endpoint endpoint, Options options, Diagnostics diagnostics, Position position) {
    var reader = new NumberReader(options, diagnostics, position);
    int weight = reader.number("--weight", 1, 0, Integer.MAX_VALUE);
    int upper = reader.number("--u-threshold", 0, 0, Integer.MAX_VALUE);
    int lower = reader.number("--l-threshold", 0, 0, Integer.MAX_VALUE);
    int port = reader.number("--tun-port", 0, 1, 65_535);
    var server = RealServer.of(endpoint).weight(weight).thresholds(upper, lower);
    var method =
        options.has("--masquerading")
            ? ForwardingMethod.NAT
            : options.has("--ipip") ? ForwardingMethod.TUNNEL : ForwardingMethod.DIRECT_ROUTING;
    var type = options.value("--tun-type").orElse("ipip");
    switch (type) {
      case "ipip" -> {
        // The kernel's own default.
      }
      case "gue" -> server = server.tunnel(Tunnel.gue(port, checksum(options)));
      case "gre" -> server = server.tunnel(Tunnel.gre(checksum(options)));
      default -> reader.wrong("--tun-type", type, "ipip, gue or gre");
    }
    return reader.good() ? Optional.of(new RuleServer(server, method)) : Optional.empty();
  }

  private static Tunnel.Checksum checksum(Options options) {
    if (options.has("--tun-remcsum")) {
      return Tunnel.Checksum.REMOTE;
    }
    return options.has("--tun-csum") ? Tunnel.Checksum.PRESENT : Tunnel.Checksum.NONE;
  }
}
