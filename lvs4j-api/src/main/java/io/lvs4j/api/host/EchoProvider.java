package io.lvs4j.api.host;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.Problem;
import java.util.List;

/**
 * Opens channels for ICMP echo requests on hosts that can have them.
 *
 * <p>A provider that is named in {@code META-INF/services} is found by {@link
 * java.util.ServiceLoader} when a health check needs it. lvs4j-linux has one for Linux.
 */
public interface EchoProvider {
  /**
   * Returns what keeps this process from sending echo requests, each with its remedy; empty when
   * nothing does. Leaves nothing open.
   */
  List<Problem> obstacles(AddressFamily family);

  /** Returns a channel; it opens sockets and starts a thread when it is first used. */
  EchoChannel open();
}
