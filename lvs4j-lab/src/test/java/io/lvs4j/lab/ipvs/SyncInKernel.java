package io.lvs4j.lab.ipvs;

import static io.lvs4j.lab.lvs.Family.IPV4;
import static io.lvs4j.lab.lvs.Family.endpoint;
import static io.lvs4j.lab.lvs.LvsSite.PORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.lab.lvs.Ipvsadm;
import io.lvs4j.lab.lvs.LvsSite;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.Session;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a second director knows of connections, and what it is good for. */
@Order(5)
class SyncInKernel {
  private final InetAddress vip = IPV4.virtualAddress();

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anEstablishedConnectionSurvivesTheFailoverIfItWasSynchronized(boolean synchronizing) {
    try (var site = LvsSite.of(2, 2)) {
      site.directRouting(vip);
      site.hold(site.director(1), vip);
      for (int number = 1; number <= 2; number++) {
        new Ipvsadm(site.director(number)).restore(rules(site));
      }
      if (synchronizing) {
        daemon(site.director(1), "master");
        daemon(site.director(2), "backup");
      }
      try (var session = Session.open(site.client(), vip, PORT)) {
        var server = session.server();
        // A connection is told of from its third packet on.
        session.ask();
        session.ask();
        if (synchronizing) {
          await("the connection at the second director")
              .until(() -> knows(site.director(2), session.port()));
        }
        failOver(site);
        assertThat(session.server()).isEqualTo(synchronizing ? server : "");
        assertThat(Session.once(site.client(), vip, PORT)).as("a new connection").isPresent();
      }
    }
  }

  private List<String> rules(LvsSite site) {
    var service = "-t " + endpoint(vip, PORT);
    return List.of(
        "-A " + service + " -s rr",
        "-a " + service + " -r " + endpoint(site.real(1).ipv4(), PORT) + " -g",
        "-a " + service + " -r " + endpoint(site.real(2).ipv4(), PORT) + " -g");
  }

  private static void daemon(Host director, String role) {
    new Ipvsadm(director).run("--start-daemon " + role + " --mcast-interface eth0 --syncid 7");
  }

  private static boolean knows(Host director, int clientPort) {
    return new Ipvsadm(director)
        .connections().stream()
            .anyMatch(
                line -> line.contains(":" + clientPort + " ") && line.contains("ESTABLISHED"));
  }

  private void failOver(LvsSite site) {
    site.director(1).ip("address delete " + vip.getHostAddress() + "/32 dev eth0");
    site.hold(site.director(2), vip);
    site.client()
        .ip(
            "neigh replace %s lladdr %s dev eth0"
                .formatted(vip.getHostAddress(), site.director(2).card()));
  }
}
