package io.lvs4j.api;

import java.util.ArrayList;
import java.util.List;

/**
 * keepalived's PING_CHECK: the real server is well when it answers an ICMP echo request within the
 * connect timeout. That tells of the host and not of the service.
 *
 * <p>It takes somebody who can send such requests, an {@link io.lvs4j.api.host.EchoProvider}:
 * lvs4j-linux on the class path, and either the sysctl {@code net.ipv4.ping_group_range} with a
 * group of the process in it, or CAP_NET_RAW. Where that is missing the check is refused, with the
 * remedy. {@link HealthCheck#bindAddress}, {@link HealthCheck#bindInterface} and {@link
 * HealthCheck#firewallMark} hold for it; ports mean nothing.
 *
 * @param size how many bytes of payload a request has, 8 to 1400; they have to come back unchanged
 */
public record IcmpEcho(int size) implements Probe {
  /** keepalived's own payload. */
  private static final int USUAL = 128;

  /** Creates a probe with keepalived's payload of 128 bytes. */
  public IcmpEcho() {
    this(USUAL);
  }

  /** Returns the same with another size of payload: 8 to 1400 bytes. */
  public IcmpEcho size(int bytes) {
    return new IcmpEcho(bytes);
  }

  @Override
  public String name() {
    return "PING_CHECK";
  }

  @Override
  public List<Problem> problems() {
    var problems = new ArrayList<Problem>();
    Ranges.number(problems, "size", size, Long.BYTES, 1400);
    return problems;
  }

  @Override
  public String toString() {
    return name();
  }
}
