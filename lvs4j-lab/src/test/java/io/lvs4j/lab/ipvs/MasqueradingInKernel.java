package io.lvs4j.lab.ipvs;

import static io.lvs4j.lab.ipvs.Seen.between;
import static io.lvs4j.lab.ipvs.Seen.inner;
import static io.lvs4j.lab.ipvs.Seen.tcpFrom;
import static io.lvs4j.lab.ipvs.Seen.timeToLive;
import static io.lvs4j.lab.ipvs.Seen.toPort;
import static io.lvs4j.lab.lvs.Family.endpoint;
import static io.lvs4j.lab.lvs.LvsSite.PORT;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.scheduler.Schedulers;
import io.lvs4j.lab.lvs.Family;
import io.lvs4j.lab.lvs.Ipvsadm;
import io.lvs4j.lab.lvs.LvsSite;
import io.lvs4j.lab.network.Packet;
import io.lvs4j.lab.network.Session;
import java.net.InetAddress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** NAT, with the real servers on a link behind the director. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MasqueradingInKernel {
  private static final int BEHIND = 8080;

  private final LvsSite site = LvsSite.of(1, 2);

  @BeforeAll
  void prepare() {
    site.masquerading(BEHIND);
    for (Family family : Family.values()) {
      site.hold(site.director(), family.virtualAddress());
    }
  }

  @AfterAll
  void close() {
    site.close();
  }

  @ParameterizedTest
  @EnumSource
  void addressAndPortAreTranslatedBothWaysAndTheRealServerSeesTheClient(Family family) {
    var director = site.director();
    var vip = family.virtualAddress();
    var behind = family.behind(site.real(1));
    try (var _ =
        KernelDirector.start(
            director,
            to(behind, VirtualServer.tcp(vip.getHostAddress(), PORT)),
            to(behind, VirtualServer.udp(vip.getHostAddress(), PORT)))) {
      assertThat(new Ipvsadm(director).save())
          .containsExactly(
              "-A -t " + endpoint(vip, PORT) + " -s rr",
              "-a -t %s -r %s -m -w 1".formatted(endpoint(vip, PORT), endpoint(behind, BEHIND)),
              "-A -u " + endpoint(vip, PORT) + " -s rr",
              "-a -u %s -r %s -m -w 1".formatted(endpoint(vip, PORT), endpoint(behind, BEHIND)));
      translates(family);
    }
  }

  private static VirtualServer to(InetAddress real, VirtualServer.Builder builder) {
    return builder
        .scheduler(Schedulers.roundRobin())
        .forwarding(ForwardingMethod.NAT)
        .realServer(real.getHostAddress(), BEHIND)
        .build();
  }

  private void translates(Family family) {
    var client = site.client();
    var director = site.director();
    var real = site.real(1);
    var own = family.of(client);
    var vip = family.virtualAddress();
    var behind = family.behind(real);
    var front = site.capture();
    var back = site.network().captureBack(site.workspace(), "tcp");
    assertThat(Session.once(client, vip, PORT)).hasValue("real1 " + own.getHostAddress());

    var asked = back.awaitPackets(1, Seen::opening);
    assertThat(asked)
        .singleElement()
        .matches(packet -> packet.from().equals(director.backCard()))
        .matches(packet -> packet.to().equals(real.backCard()))
        .matches(inner(own, behind))
        .matches(toPort(BEHIND))
        .matches(timeToLive(63));
    assertThat(back.awaitPackets(1, inner(behind, own)))
        .allMatch(packet -> packet.to().equals(director.backCard()));
    assertThat(front.awaitPackets(2, tcpFrom(vip)))
        .allMatch(between(director, client))
        .allMatch(timeToLive(63));
    assertThat(front.packets(packet -> packet.tcp().isPresent()))
        .as("what the client sees of the real server")
        .noneMatch(inner(behind, own))
        .extracting(Packet::from)
        .containsOnly(client.card(), director.card());

    assertThat(Session.datagram(client, vip, PORT)).hasValue("real1 " + own.getHostAddress());
  }
}
