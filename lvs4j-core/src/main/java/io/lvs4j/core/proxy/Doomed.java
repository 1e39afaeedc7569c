package io.lvs4j.core.proxy;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.VirtualServerId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which connections are to be closed.
 *
 * @param service those of this virtual server
 * @param destination those to this destination; null for all
 */
record Doomed(VirtualServerId service, @Nullable Endpoint destination) {

  /** Returns what was asked for that concerns a connection, or null when it may go on. */
  static <T> @Nullable T by(Relay relay, Map<Doomed, T> asked) {
    var id = relay.service().id();
    var whole = asked.get(new Doomed(id, null));
    var lease = relay.lease();
    return whole != null || lease == null
        ? whole
        : asked.get(new Doomed(id, lease.destination().endpoint()));
  }
}
