package io.lvs4j.run;

import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.Problem;
import io.lvs4j.api.StartException;
import io.lvs4j.api.plane.DataPlane;
import io.lvs4j.ipvs.client.IpvsClient;
import io.lvs4j.ipvs.client.IpvsException;
import io.lvs4j.ipvs.plane.ForeignServices;
import io.lvs4j.ipvs.plane.IpvsDataPlane;
import io.lvs4j.ipvs.plane.SyncDaemonSettings;
import io.lvs4j.keepalived.KeepalivedConfiguration;
import io.lvs4j.keepalived.model.LvsSyncDaemon;
import io.lvs4j.keepalived.model.LvsTimeouts;
import java.util.List;
import java.util.OptionalInt;

/** The kernel's IPVS as the global definitions of a keepalived.conf want it. */
final class KernelPlane {
  private KernelPlane() {}

  /**
   * Opens it.
   *
   * @throws StartException when this host can't have it
   */
  static DataPlane open(KeepalivedConfiguration configuration) {
    return builder(configuration).open();
  }

  /**
   * Opens it to be asked what it can do; nothing that the kernel has is changed.
   *
   * @throws StartException when this host can't have it
   */
  static DataPlane inspect(KeepalivedConfiguration configuration) {
    return builder(configuration).inspect();
  }

  private static IpvsDataPlane.Builder builder(KeepalivedConfiguration configuration) {
    check(configuration);
    var definitions = configuration.definitions();
    var builder = IpvsDataPlane.builder();
    if (definitions.flushedAtStart()) {
      builder.foreignServices(ForeignServices.REMOVE);
    }
    definitions.timeouts().ifPresent(timeouts -> set(builder, timeouts));
    definitions
        .syncDaemon()
        .ifPresent(
            daemon -> builder.syncDaemon(daemon.vrrpInstance().orElseThrow(), settings(daemon)));
    return builder;
  }

  /**
   * Looks whether the file says all that has to be said.
   *
   * @throws InvalidConfigurationException when not
   */
  private static void check(KeepalivedConfiguration configuration) {
    configuration
        .definitions()
        .syncDaemon()
        .filter(daemon -> daemon.vrrpInstance().isEmpty())
        .ifPresent(daemon -> {
          throw new InvalidConfigurationException(
              List.of(
                  new Problem(
                      "lvs_sync_daemon",
                      "without a VRRP instance",
                      "the one whose state it follows")));
        });
  }

  /** What the file doesn't say stays as the kernel has it. */
  private static void set(IpvsDataPlane.Builder builder, LvsTimeouts timeouts) {
    try (var client = IpvsClient.open()) {
      var present = client.timeouts();
      builder.timeouts(
          timeouts.tcp().orElse(present.tcp()),
          timeouts.tcpFin().orElse(present.tcpFin()),
          timeouts.udp().orElse(present.udp()));
    } catch (IpvsException refused) {
      throw new StartException(
          List.of(
              new Problem(
                  "lvs_timeouts", String.valueOf(refused.getMessage()), "a kernel with ip_vs")));
    }
  }

  private static SyncDaemonSettings settings(LvsSyncDaemon daemon) {
    return new SyncDaemonSettings(
        daemon.networkInterface(),
        daemon.syncId().orElse(0),
        daemon.maxLength(),
        daemon.group(),
        daemon.port(),
        daemon.ttl().isPresent() ? daemon.ttl() : OptionalInt.empty());
  }
}
