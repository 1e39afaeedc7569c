package io.lvs4j.ipvs.plane;

import io.lvs4j.ipvs.client.IpvsException;
import io.lvs4j.ipvs.client.IpvsTimeouts;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;

/** Sets the kernel's timeouts when that was asked for, and puts back at the end what was there. */
final class TimeoutsKeeper {
  private static final Logger LOG = System.getLogger("io.lvs4j.ipvs");

  private final KernelTable table;
  private Optional<IpvsTimeouts> before = Optional.empty();

  TimeoutsKeeper(KernelTable table) {
    this.table = table;
  }

  void set(IpvsTimeouts wanted) throws IpvsException {
    var found = table.timeouts();
    if (!found.equals(wanted)) {
      table.timeouts(wanted);
      before = Optional.of(found);
    }
  }

  void restore() {
    before.ifPresent(found -> {
      try {
        table.timeouts(found);
      } catch (IpvsException refused) {
        LOG.log(Level.WARNING, refused.getMessage());
      }
    });
  }
}
