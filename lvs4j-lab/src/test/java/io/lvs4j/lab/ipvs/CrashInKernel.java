package io.lvs4j.lab.ipvs;

import static io.lvs4j.lab.lvs.Family.IPV4;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.Director;
import io.lvs4j.core.scheduler.Schedulers;
import io.lvs4j.ipvs.plane.IpvsDataPlane;
import io.lvs4j.lab.lvs.Ipvsadm;
import io.lvs4j.lab.lvs.LvsSite;
import io.lvs4j.lab.network.Session;
import io.lvs4j.lab.peer.Jvm;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A director that is killed in the middle of a thousand changes. */
@Order(4)
class CrashInKernel {
  /** Two real servers that are there, and 200 that are names in a table. */
  static VirtualServer web() {
    var builder =
        VirtualServer.tcp(IPV4.virtualAddress().getHostAddress(), LvsSite.PORT)
            .scheduler(Schedulers.weightedFailover())
            .forwarding(ForwardingMethod.DIRECT_ROUTING)
            .realServer(RealServer.of("10.77.0.3", LvsSite.PORT).weight(2_000_000))
            .realServer(RealServer.of("10.77.0.4", LvsSite.PORT).weight(1_000_000));
    for (int i = 1; i <= 200; i++) {
      builder.realServer(RealServer.of("10.77.9." + i, LvsSite.PORT));
    }
    return builder.build();
  }

  @Test
  void theNextLifeConvergesAndNoConnectionThroughASurvivorBreaks() {
    var vip = IPV4.virtualAddress();
    try (var site = LvsSite.of(1, 2)) {
      site.directRouting(vip);
      site.hold(site.director(), vip);
      var ipvsadm = new Ipvsadm(site.director());
      var process =
          site.director()
              .start(
                  site.workspace(),
                  Jvm.command(
                      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m"),
                      UpdatingDirector.class));
      assertThat(process.line()).isEqualTo("update 1");
      try (var session = Session.open(site.client(), vip, LvsSite.PORT)) {
        assertThat(session.server()).isEqualTo("real1");
        var line = "";
        while (!line.equals("update 500")) {
          line = process.line();
        }
        process.kill();
        var left = ipvsadm.save();
        assertThat(left).as("in the middle of it").hasSizeGreaterThan(300);
        var order = survivors(ipvsadm);
        assertThat(session.server()).as("nobody is at home").isEqualTo("real1");
        assertThat(Session.once(site.client(), vip, LvsSite.PORT)).isPresent();

        try (var log = LogLines.of("io.lvs4j.ipvs");
            var director = start(site)) {
          assertThat(new TreeSet<>(ipvsadm.save())).isEqualTo(new TreeSet<>(wanted()));
          assertThat(session.server()).isEqualTo("real1");
          assertThat(survivors(ipvsadm))
              .as("those that stay have kept their places")
              .hasSize(202)
              .isEqualTo(order);
          assertThat(log.all()).anyMatch(each -> each.contains("taken over with "));
          assertThat(director.isRunning()).isTrue();
        }
      }
    }
  }

  private static Director start(LvsSite site) {
    return site.director()
        .call(() -> {
          var director =
              Director.builder().virtualServer(web()).dataPlane(IpvsDataPlane.open()).build();
          director.start();
          return director;
        });
  }

  private static List<String> wanted() {
    var lines = new ArrayList<String>();
    lines.add("-A -t 10.77.0.100:80 -s fo");
    for (var server : web().realServers()) {
      lines.add("-a -t 10.77.0.100:80 -r " + server.endpoint() + " -g -w " + server.weight());
    }
    return lines;
  }

  /** Returns the real servers of the configuration in the kernel's order. */
  private static List<String> survivors(Ipvsadm ipvsadm) {
    return ipvsadm.order().getOrDefault("TCP 10.77.0.100:80", List.of()).stream()
        .filter(server -> !server.startsWith("10.77.8."))
        .toList();
  }
}
