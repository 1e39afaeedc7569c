package io.lvs4j.lab.ipvs;

import static io.lvs4j.lab.lvs.Family.IPV4;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.core.Director;
import io.lvs4j.ipvs.plane.IpvsDataPlane;
import io.lvs4j.ipvs.plane.SyncDaemonSettings;
import io.lvs4j.lab.lvs.Ipvsadm;
import io.lvs4j.lab.lvs.LvsSite;
import io.lvs4j.lab.network.Session;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two directors with one VRRP instance: table and sync daemon follow who is master. */
class SyncDaemonInKernel {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private static Director director(LvsSite site, int number, int priority) {
    var vip = IPV4.virtualAddress().getHostAddress();
    var instance =
        VrrpInstance.builder("VI_1")
            .networkInterface("eth0")
            .virtualRouterId(51)
            .version(VrrpVersion.V3)
            .advertisementInterval(Duration.ofMillis(200))
            .priority(priority)
            .virtualAddress(vip + "/24")
            .build();
    var web = VirtualServer.tcp(vip, LvsSite.PORT).forwarding(ForwardingMethod.DIRECT_ROUTING);
    site.reals().forEach(real -> web.realServer(real.ipv4().getHostAddress(), LvsSite.PORT));
    return site.director(number)
        .call(() -> {
          var plane =
              IpvsDataPlane.builder()
                  .reconcileEvery(Duration.ofMillis(500))
                  .syncDaemon("VI_1", SyncDaemonSettings.of("eth0", 51))
                  .open();
          var director =
              Director.builder().dataPlane(plane).vrrp(instance).virtualServer(web.build()).build();
          director.start();
          return director;
        });
  }

  private static String daemons(LvsSite site, int number) {
    return new Ipvsadm(site.director(number)).run("-L --daemon").strip();
  }

  private static List<String> table(LvsSite site, int number) {
    return new Ipvsadm(site.director(number)).save();
  }

  @Test
  void tableAndDaemonFollowTheMaster() {
    try (var site = LvsSite.of(2, 2)) {
      site.directRouting(IPV4.virtualAddress());
      // Left over by an earlier life of the one that is not to be master.
      new Ipvsadm(site.director(2)).run("-A -t 10.77.0.100:80 -s rr");
      try (var first = director(site, 1, 200)) {
        await().atMost(PATIENCE).until(() -> daemons(site, 1).startsWith("master sync daemon"));
        try (var standby = director(site, 2, 100)) {
          await().atMost(PATIENCE).until(() -> daemons(site, 2).startsWith("backup sync daemon"));
          await().atMost(PATIENCE).until(() -> table(site, 2).isEmpty());
          await().atMost(PATIENCE).until(() -> table(site, 1).size() == 3);
          assertThat(daemons(site, 1)).doesNotContain("backup");
          assertThat(Session.once(site.client(), IPV4.virtualAddress(), LvsSite.PORT)).isPresent();
          assertThat(first.isRunning()).isTrue();

          first.close();
          assertThat(daemons(site, 1)).as("stopped with its director").isEmpty();
          assertThat(table(site, 1)).isEmpty();
          await().atMost(PATIENCE).until(() -> daemons(site, 2).startsWith("master sync daemon"));
          await().atMost(PATIENCE).until(() -> table(site, 2).size() == 3);
          assertThat(Session.once(site.client(), IPV4.virtualAddress(), LvsSite.PORT)).isPresent();
          assertThat(standby.isRunning()).isTrue();
        }
      }
      assertThat(table(site, 2)).isEmpty();
    }
  }
}
