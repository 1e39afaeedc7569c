package io.lvs4j.run;

import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.Problem;
import io.lvs4j.api.StartException;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.plane.DataPlane;
import io.lvs4j.core.proxy.ProxyDataPlane;
import io.lvs4j.keepalived.KeepalivedConfiguration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The data plane of a configuration and why it is that one.
 *
 * @param plane what carries the connections
 * @param reason in words
 */
record PlaneOpening(DataPlane plane, String reason) {
  /**
   * Opens the plane that was asked for.
   *
   * @throws StartException when this host can't have it
   * @throws InvalidConfigurationException when there is none that can do what is asked of it
   */
  static PlaneOpening of(PlaneChoice choice, KeepalivedConfiguration configuration) {
    return switch (choice) {
      case EBPF -> throw new InvalidConfigurationException(List.of(noEbpf()));
      case PROXY -> new PlaneOpening(ProxyDataPlane.builder().build(), "asked for by --plane");
      case IPVS -> new PlaneOpening(KernelPlane.open(configuration), "asked for by --plane");
      case AUTO -> automatic(configuration);
    };
  }

  static Problem noEbpf() {
    return new Problem(
        "--plane", "ebpf, which this version doesn't have yet", "auto, ipvs or proxy");
  }

  private static PlaneOpening automatic(KeepalivedConfiguration configuration) {
    var servers = configuration.virtualServers();
    if (servers.isEmpty()) {
      return new PlaneOpening(ProxyDataPlane.builder().build(), "there is no virtual server");
    }
    List<Problem> refused;
    try {
      var kernel = KernelPlane.open(configuration);
      refused = unsupported(servers, kernel);
      if (refused.isEmpty()) {
        return new PlaneOpening(kernel, "the kernel of this host has it");
      }
      kernel.close();
    } catch (StartException missing) {
      refused = missing.problems();
    }
    var proxy = ProxyDataPlane.builder().build();
    var beyond = unsupported(servers, proxy);
    if (beyond.isEmpty()) {
      return new PlaneOpening(
          proxy, "ipvs can't be had: " + text(refused) + "; ebpf is not in this version yet");
    }
    proxy.close();
    throw new StartException(Stream.concat(refused.stream(), beyond.stream()).toList());
  }

  /** Returns what a plane can't do of virtual servers. */
  static List<Problem> unsupported(List<VirtualServer> servers, DataPlane plane) {
    return servers.stream().flatMap(each -> plane.unsupported(each).stream()).toList();
  }

  private static String text(List<Problem> problems) {
    return problems.stream().map(Problem::toString).collect(Collectors.joining(", "));
  }
}
