package io.lvs4j.run;

import io.lvs4j.ipvs.client.IpvsClient;
import io.lvs4j.ipvs.client.IpvsException;
import io.lvs4j.keepalived.KeepalivedConfiguration;
import io.lvs4j.keepalived.model.FlushOnStop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Empties the kernel's table when the file says so: {@code lvs_flush_on_stop}.
 *
 * @param configuration what the file says
 * @param plane the name of the plane that there was
 */
record FlushInTheEnd(KeepalivedConfiguration configuration, String plane) {
  private static final Logger LOG = System.getLogger("io.lvs4j.run");

  void run() {
    if (configuration.definitions().flushOnStop() != FlushOnStop.EVERYTHING
        || !plane.equals("ipvs")) {
      return;
    }
    try (var client = IpvsClient.open()) {
      client.flush();
    } catch (IpvsException refused) {
      LOG.log(Level.WARNING, "lvs_flush_on_stop: {0}", refused.getMessage());
    }
  }
}
