package io.lvs4j.lab.seeds;

import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.Director;
import io.lvs4j.core.scheduler.Schedulers;
import io.lvs4j.ipvs.plane.IpvsDataPlane;
import io.lvs4j.keepalived.KeepalivedReader;
import io.lvs4j.lab.network.Host;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/** A director of this JVM on a host of the lab, put together as {@code lvs4j run} does it. */
final class InnerDirector implements RunningSeed {
  private final Host host;
  private final Director director;

  private InnerDirector(Host host, Director director) {
    this.host = host;
    this.director = director;
  }

  /** Starts one that a keepalived.conf describes. */
  static InnerDirector start(Host host, String configuration) {
    var read =
        KeepalivedReader.builder()
            .schedulers(Schedulers::byName)
            .build()
            .read("keepalived.conf", configuration, Path.of("."));
    return start(
        host,
        builder -> {
          read.virtualServers().forEach(builder::virtualServer);
          read.vrrpInstances().forEach(builder::vrrp);
          read.syncGroups().forEach(builder::syncGroup);
          return builder;
        });
  }

  /** Starts one with these virtual servers, whose addresses the host has already. */
  static InnerDirector start(Host host, List<VirtualServer> virtualServers) {
    return start(
        host,
        builder -> {
          virtualServers.forEach(builder::virtualServer);
          return builder;
        });
  }

  /** Its threads are on the host, for they come from one that is. */
  private static InnerDirector start(Host host, UnaryOperator<Director.Builder> settings) {
    return host.call(() -> {
      var plane = IpvsDataPlane.open();
      try {
        var director = settings.apply(Director.builder().dataPlane(plane)).build();
        director.start();
        return new InnerDirector(host, director);
      } catch (RuntimeException refused) {
        plane.close();
        throw refused;
      }
    });
  }

  @Override
  public void stop() {
    host.call(() -> {
      director.close();
      return director;
    });
  }
}
