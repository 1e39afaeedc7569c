package io.lvs4j.ipvs.plane;

import io.lvs4j.ipvs.client.IpvsException;
import io.lvs4j.ipvs.client.SyncDaemon;
import io.lvs4j.ipvs.client.SyncRole;
import java.lang.System.Logger.Level;

/**
 * Lets the sync daemon of one side run, and never both. One that an earlier life has left is taken
 * over when it is the right one. On the plane's thread only.
 */
final class SyncFollower {
  private final KernelTable table;
  private final String vrrpInstance;
  private final SyncDaemonSettings settings;
  private final PlaneLog log;
  private SyncRole role = SyncRole.BACKUP;
  private String trouble = "";
  private boolean settled;

  /**
   * What was asked for.
   *
   * @param vrrpInstance the instance to follow
   */
  record Wanted(String vrrpInstance, SyncDaemonSettings settings) {}

  SyncFollower(KernelTable table, Wanted wanted, PlaneLog log) {
    this.table = table;
    this.vrrpInstance = wanted.vrrpInstance();
    this.settings = wanted.settings();
    this.log = log;
  }

  /** Returns the instance that is followed. */
  String vrrpInstance() {
    return vrrpInstance;
  }

  void master(String instance, boolean master) {
    if (instance.equals(vrrpInstance)) {
      role = master ? SyncRole.MASTER : SyncRole.BACKUP;
      settle();
    }
  }

  /** Stops what shouldn't run, then starts what should; what fails is tried again at each look. */
  void settle() {
    settled = true;
    try {
      boolean runs = false;
      for (var daemon : table.daemons()) {
        if (daemon.role() == role && settings.matches(daemon)) {
          runs = true;
        } else {
          stop(daemon);
        }
      }
      if (!runs) {
        table.startDaemon(settings.as(role));
        log.repeat(
            Level.INFO,
            "sync daemon " + role,
            () ->
                "sync daemon: "
                    + role
                    + " on "
                    + settings.networkInterface()
                    + ", sync id "
                    + settings.syncId());
      }
      trouble = "";
    } catch (IpvsException refused) {
      trouble(refused);
    }
  }

  private void stop(SyncDaemon daemon) throws IpvsException {
    try {
      table.stopDaemon(daemon.role());
    } catch (IpvsException refused) {
      if (refused.kind() != IpvsException.Kind.NO_SUCH_DAEMON) {
        throw refused;
      }
    }
  }

  /** Stops the daemon of this director; one that it has never come to follow is not its own. */
  void close() {
    if (!settled) {
      return;
    }
    try {
      for (var daemon : table.daemons()) {
        if (settings.matches(daemon)) {
          stop(daemon);
        }
      }
    } catch (IpvsException refused) {
      trouble(refused);
    }
  }

  private void trouble(IpvsException refused) {
    var text = String.valueOf(refused.getMessage());
    if (!trouble.equals(text)) {
      trouble = text;
      log.repeat(Level.ERROR, "sync daemon", () -> "sync daemon: " + text);
    }
  }
}
