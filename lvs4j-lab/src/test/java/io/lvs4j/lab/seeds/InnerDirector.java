package io.lvs4j.lab.seeds;

import io.lvs4j.core.Director;
import io.lvs4j.core.scheduler.Schedulers;
import io.lvs4j.ipvs.plane.IpvsDataPlane;
import io.lvs4j.keepalived.KeepalivedReader;
import io.lvs4j.lab.network.Host;
import java.nio.file.Path;

/** A director of this JVM on a host of the lab, put together as {@code lvs4j run} does it. */
final class InnerDirector implements RunningSeed {
  private final Host host;
  private final Director director;

  private InnerDirector(Host host, Director director) {
    this.host = host;
    this.director = director;
  }

  /** Its threads are on the host, for they come from one that is. */
  static InnerDirector start(Host host, String configuration) {
    return host.call(() -> {
      var read =
          KeepalivedReader.builder()
              .schedulers(Schedulers::byName)
              .build()
              .read("keepalived.conf", configuration, Path.of("."));
      var builder = Director.builder().dataPlane(IpvsDataPlane.open());
      read.virtualServers().forEach(builder::virtualServer);
      read.vrrpInstances().forEach(builder::vrrp);
      read.syncGroups().forEach(builder::syncGroup);
      var director = builder.build();
      director.start();
      return new InnerDirector(host, director);
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
