package io.lvs4j.lab.ipvs;

import static io.lvs4j.lab.lvs.Family.IPV4;
import static io.lvs4j.lab.lvs.LvsSite.PORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.core.Director;
import io.lvs4j.core.scheduler.Schedulers;
import io.lvs4j.ipvs.plane.SyncDaemonSettings;
import io.lvs4j.lab.lvs.Ipvsadm;
import io.lvs4j.lab.lvs.LvsSite;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.Session;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Two directors of lvs4j under VRRP: the table of each follows its state. */
@Order(6)
class FailoverInKernel {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final InetAddress vip = IPV4.virtualAddress();

  private Director director(Host host, int priority, List<Host> reals) {
    var instance =
        VrrpInstance.builder("VI_1")
            .networkInterface(Host.CARD)
            .virtualRouterId(51)
            .version(VrrpVersion.V3)
            .advertisementInterval(Duration.ofMillis(500))
            .priority(priority)
            .virtualAddress(vip.getHostAddress() + "/32")
            .build();
    var server =
        VirtualServer.tcp(vip.getHostAddress(), PORT)
            .scheduler(Schedulers.roundRobin())
            .forwarding(ForwardingMethod.DIRECT_ROUTING);
    reals.forEach(real -> server.realServer(real.ipv4().getHostAddress(), PORT));
    return KernelDirector.start(
        host,
        plane -> plane.syncDaemon("VI_1", SyncDaemonSettings.of(Host.CARD, 7)),
        builder -> builder.vrrp(instance).virtualServer(server.build()));
  }

  private static List<String> table(Host host) {
    return new Ipvsadm(host).save();
  }

  private static void awaitDaemon(Host host, String role) {
    await(role + " on " + host)
        .atMost(PATIENCE)
        .until(() -> new Ipvsadm(host).run("-L --daemon").contains(role + " sync daemon"));
  }

  private static boolean knows(Host director, int clientPort) {
    return new Ipvsadm(director)
        .connections().stream()
            .anyMatch(
                line -> line.contains(":" + clientPort + " ") && line.contains("ESTABLISHED"));
  }

  @Test
  void rulesFollowTheMasterAndAnEstablishedConnectionSurvives() {
    try (var site = LvsSite.of(2, 2)) {
      site.directRouting(vip);
      Host first = site.director(1);
      Host second = site.director(2);
      try (var _ = director(first, 150, site.reals());
          var _ = director(second, 100, site.reals())) {
        await("the first is master").atMost(PATIENCE).until(() -> table(first).size() == 3);
        awaitDaemon(first, "master");
        awaitDaemon(second, "backup");
        assertThat(table(second)).as("of the backup").isEmpty();
        try (var session = Session.open(site.client(), vip, PORT)) {
          var server = session.server();
          session.ask();
          session.ask();
          await("the connection at the second director")
              .atMost(PATIENCE)
              .until(() -> knows(second, session.port()));
          first.cutOff();
          await("the second takes over").atMost(PATIENCE).until(() -> table(second).size() == 3);
          await("the link to learn of it")
              .atMost(PATIENCE)
              .until(() -> Session.once(site.client(), vip, PORT).isPresent());
          assertThat(session.server()).as("the connection from before").isEqualTo(server);
          awaitDaemon(second, "master");
          first.rejoin();
          await("the second gives way").atMost(PATIENCE).until(() -> table(second).isEmpty());
          assertThat(session.server()).as("back through the first").isEqualTo(server);
        }
      }
    }
  }

  @Test
  void directorsThatAreEachOthersRealServersDoNotLoop() {
    try (var site = LvsSite.of(2, 0)) {
      Host first = site.director(1);
      Host second = site.director(2);
      List<Host> both = List.of(first, second);
      both.forEach(host -> site.acceptDirect(host, vip));
      try (var _ = director(first, 150, both);
          var _ = director(second, 100, both)) {
        await("the first is master").atMost(PATIENCE).until(() -> table(first).size() == 3);
        await("the second is backup").atMost(PATIENCE).until(() -> table(second).isEmpty());
        assertBothAnswer(site, first, second);
        first.cutOff();
        await("the second takes over").atMost(PATIENCE).until(() -> table(second).size() == 3);
        first.rejoin();
        await("the second gives way").atMost(PATIENCE).until(() -> table(second).isEmpty());
        assertBothAnswer(site, first, second);
      }
    }
  }

  private void assertBothAnswer(LvsSite site, Host master, Host backup) {
    var capture = site.capture();
    var answers =
        IntStream.range(0, 8)
            .mapToObj(_ -> Session.once(site.client(), vip, PORT))
            .flatMap(answer -> answer.stream())
            .map(answer -> answer.substring(0, answer.indexOf(' ')))
            .toList();
    assertThat(answers).hasSize(8).containsOnly(master.name(), backup.name());
    int forwarded = Collections.frequency(answers, backup.name());
    capture.awaitPackets(
        forwarded, packet -> Seen.opening(packet) && Seen.between(master, backup).test(packet));
    assertThat(capture.packets(Seen::opening)).noneMatch(Seen.between(backup, master));
  }
}
