package io.lvs4j.api;

import java.util.List;

/**
 * keepalived's PING_CHECK: the real server is well when it answers an ICMP echo request within the
 * connect timeout. That tells of the host and not of the service.
 *
 * <p>The requests are sent by {@link java.net.InetAddress#isReachable}, which sends ICMP only where
 * the JVM may open raw sockets (root or CAP_NET_RAW). Elsewhere it connects to TCP port 7 and takes
 * a refusal for an answer, so that a host which drops such packets looks dead; a failure says so.
 */
public record IcmpEcho() implements Probe {
  @Override
  public String name() {
    return "PING_CHECK";
  }

  @Override
  public List<Problem> problems() {
    return List.of();
  }

  @Override
  public String toString() {
    return name();
  }
}
