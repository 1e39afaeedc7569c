package io.lvs4j.lab.ipvs;

import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.Director;
import io.lvs4j.ipvs.plane.IpvsDataPlane;
import io.lvs4j.lab.network.Host;
import java.util.List;
import java.util.function.UnaryOperator;

/** Directors of lvs4j on hosts, with the kernel's own table as their data plane. */
final class KernelDirector {
  private KernelDirector() {}

  /** Starts one with these virtual servers. */
  static Director start(Host host, VirtualServer... virtualServers) {
    return start(
        host,
        plane -> plane,
        director -> {
          List.of(virtualServers).forEach(director::virtualServer);
          return director;
        });
  }

  /** Starts one with these settings; all of its threads and sockets are on the host. */
  static Director start(
      Host host,
      UnaryOperator<IpvsDataPlane.Builder> plane,
      UnaryOperator<Director.Builder> settings) {
    return host.call(() -> {
      var kernel = plane.apply(IpvsDataPlane.builder()).open();
      try {
        var director = settings.apply(Director.builder().dataPlane(kernel)).build();
        director.start();
        return director;
      } catch (RuntimeException refused) {
        kernel.close();
        throw refused;
      }
    });
  }
}
