package io.lvs4j.lab.ipvs;

import static io.lvs4j.lab.ipvs.Seen.between;
import static io.lvs4j.lab.ipvs.Seen.inner;
import static io.lvs4j.lab.ipvs.Seen.tcpFrom;
import static io.lvs4j.lab.ipvs.Seen.timeToLive;
import static io.lvs4j.lab.lvs.Family.endpoint;
import static io.lvs4j.lab.lvs.LvsSite.PORT;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.scheduler.Schedulers;
import io.lvs4j.lab.lvs.Family;
import io.lvs4j.lab.lvs.Ipvsadm;
import io.lvs4j.lab.lvs.LvsSite;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.Packet;
import io.lvs4j.lab.network.Session;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Direct routing, for TCP and UDP. */
class DirectRoutingInKernel {
  @ParameterizedTest
  @EnumSource
  void onlyTheFramesDestinationChangesAndTheRealServerAnswersTheClientItself(Family family) {
    InetAddress vip = family.virtualAddress();
    String host = vip.getHostAddress();
    try (var site = LvsSite.of(1, 2);
        var director =
            KernelDirector.start(
                site.director(),
                toAllOf(site, family, VirtualServer.tcp(host, PORT)),
                toAllOf(site, family, VirtualServer.udp(host, PORT)))) {
      assertThat(new Ipvsadm(site.director()).save()).isEqualTo(table(site, family));
      site.directRouting(vip);
      site.hold(site.director(), vip);
      var client = site.client();
      var own = family.of(client);
      var capture = site.capture();
      assertThat(Session.once(client, vip, PORT)).hasValue("real2 " + own.getHostAddress());
      assertThat(Session.once(client, vip, PORT)).hasValue("real1 " + own.getHostAddress());

      var opening = capture.awaitPackets(4, Seen::opening);
      assertThat(opening).hasSize(4).allMatch(inner(own, vip));
      assertThat(opening.get(0)).matches(between(client, site.director())).matches(timeToLive(64));
      assertThat(opening.get(1))
          .matches(between(site.director(), site.real(2)))
          .matches(timeToLive(63));
      for (Host real : site.reals()) {
        capture.awaitPackets(1, tcpFrom(vip).and(packet -> packet.from().equals(real.card())));
      }
      assertThat(capture.packets(tcpFrom(vip)))
          .allMatch(packet -> packet.to().equals(client.card()))
          .extracting(Packet::from)
          .doesNotContain(site.director().card());

      assertThat(Session.datagram(client, vip, PORT)).hasValue("real2 " + own.getHostAddress());
      assertThat(Session.datagram(client, vip, PORT)).hasValue("real1 " + own.getHostAddress());
      director.close();
      assertThat(new Ipvsadm(site.director()).save()).as("after the director").isEmpty();
    }
  }

  private static VirtualServer toAllOf(LvsSite site, Family family, VirtualServer.Builder builder) {
    builder.scheduler(Schedulers.roundRobin()).forwarding(ForwardingMethod.DIRECT_ROUTING);
    for (Host real : site.reals()) {
      builder.realServer(family.of(real).getHostAddress(), PORT);
    }
    return builder.build();
  }

  private static List<String> table(LvsSite site, Family family) {
    var lines = new ArrayList<String>();
    for (String protocol : new String[] {"-t", "-u"}) {
      var service = protocol + " " + endpoint(family.virtualAddress(), PORT);
      lines.add("-A " + service + " -s rr");
      for (Host real : site.reals()) {
        lines.add("-a " + service + " -r " + endpoint(family.of(real), PORT) + " -g -w 1");
      }
    }
    return lines;
  }
}
