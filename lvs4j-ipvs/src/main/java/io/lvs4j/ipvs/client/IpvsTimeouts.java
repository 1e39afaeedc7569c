package io.lvs4j.ipvs.client;

import java.time.Duration;

/**
 * How long connections without traffic are kept, for all services of a network namespace. In whole
 * seconds, 0 to 2147483647; when they are set, zero leaves one as it is.
 *
 * @param tcp established TCP connections; 900 s unless changed
 * @param tcpFin TCP connections after a FIN; 120 s unless changed
 * @param udp UDP; 300 s unless changed
 */
public record IpvsTimeouts(Duration tcp, Duration tcpFin, Duration udp) {
  /** Checks that they are whole seconds. */
  public IpvsTimeouts {
    Numbers.checkSeconds("timeout of TCP", tcp, Integer.MAX_VALUE);
    Numbers.checkSeconds("timeout of TCP after FIN", tcpFin, Integer.MAX_VALUE);
    Numbers.checkSeconds("timeout of UDP", udp, Integer.MAX_VALUE);
  }
}
