package io.lvs4j.vrrp.router;

import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpListener;
import java.util.List;

/** Where events go on their way to the listeners. */
interface Notifications {
  /** Tells listeners of an event, after all that were published before. Doesn't wait for them. */
  void publish(VrrpEvent event, List<VrrpListener> listeners);
}
