package io.lvs4j.run;

import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.Problem;
import io.lvs4j.api.StartException;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.plane.DataPlane;
import io.lvs4j.core.proxy.ProxyDataPlane;
import io.lvs4j.keepalived.KeepalivedConfiguration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The data plane of a configuration and why it is that one.
 *
 * @param plane what carries the connections
 * @param reason in words
 */
record PlaneOpening(DataPlane plane, String reason) implements AutoCloseable {
  /**
   * Opens the plane that was asked for, to be used.
   *
   * @throws StartException when this host can't have it
   * @throws InvalidConfigurationException when there is none that can do what is asked of it
   */
  static PlaneOpening of(PlaneChoice choice, KeepalivedConfiguration configuration) {
    return of(choice, configuration, () -> KernelPlane.open(configuration));
  }

  /**
   * Opens the plane that was asked for, to see what it can do: nothing that the kernel has is
   * changed, whatever the file says of that.
   *
   * @throws StartException when this host can't have it
   * @throws InvalidConfigurationException when there is none that can do what is asked of it
   */
  static PlaneOpening asked(PlaneChoice choice, KeepalivedConfiguration configuration) {
    var opening = of(choice, configuration, () -> KernelPlane.inspect(configuration));
    var beyond = unsupported(configuration.virtualServers(), opening.plane);
    if (!beyond.isEmpty()) {
      opening.close();
      throw new InvalidConfigurationException(beyond);
    }
    return opening;
  }

  private static PlaneOpening of(
      PlaneChoice choice, KeepalivedConfiguration configuration, Supplier<DataPlane> kernel) {
    return switch (choice) {
      case ANY -> new PlaneOpening(new AnyPlane(), "not asked what this host can do");
      case EBPF -> throw new InvalidConfigurationException(List.of(noEbpf()));
      case PROXY -> new PlaneOpening(ProxyDataPlane.builder().build(), "asked for by --plane");
      case IPVS -> new PlaneOpening(kernel.get(), "asked for by --plane");
      case AUTO -> automatic(configuration, kernel);
    };
  }

  private static Problem noEbpf() {
    return new Problem(
        "--plane", "ebpf, which this version doesn't have yet", "auto, ipvs or proxy");
  }

  private static PlaneOpening automatic(
      KeepalivedConfiguration configuration, Supplier<DataPlane> ipvs) {
    var servers = configuration.virtualServers();
    if (servers.isEmpty()) {
      return new PlaneOpening(ProxyDataPlane.builder().build(), "there is no virtual server");
    }
    List<Problem> refused;
    try {
      var kernel = ipvs.get();
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

  @Override
  public void close() {
    plane.close();
  }

  /** Returns what a plane can't do of virtual servers. */
  private static List<Problem> unsupported(List<VirtualServer> servers, DataPlane plane) {
    return servers.stream().flatMap(each -> plane.unsupported(each).stream()).toList();
  }

  private static String text(List<Problem> problems) {
    return problems.stream().map(Problem::toString).collect(Collectors.joining(", "));
  }
}
