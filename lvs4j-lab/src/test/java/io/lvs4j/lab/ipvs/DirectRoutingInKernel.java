package io.lvs4j.lab.ipvs;

import static io.lvs4j.lab.ipvs.Seen.between;
import static io.lvs4j.lab.ipvs.Seen.inner;
import static io.lvs4j.lab.ipvs.Seen.tcpFrom;
import static io.lvs4j.lab.ipvs.Seen.timeToLive;
import static io.lvs4j.lab.lvs.Family.endpoint;
import static io.lvs4j.lab.lvs.LvsSite.PORT;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.lab.lvs.Family;
import io.lvs4j.lab.lvs.Ipvsadm;
import io.lvs4j.lab.lvs.LvsSite;
import io.lvs4j.lab.network.Packet;
import io.lvs4j.lab.network.Session;
import java.net.InetAddress;
import java.util.ArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Direct routing set up by ipvsadm: the hosts of the lab are right for it. */
class DirectRoutingInKernel {
  @ParameterizedTest
  @EnumSource
  void onlyTheFramesDestinationChangesAndTheRealServerAnswersTheClientItself(Family family) {
    InetAddress vip = family.virtualAddress();
    try (var site = LvsSite.of(1, 2)) {
      site.directRouting(vip);
      site.hold(site.director(), vip);
      var client = site.client();
      var own = family.of(client);
      rules(site, family);
      var capture = site.capture();
      assertThat(Session.once(client, vip, PORT)).hasValue("real2 " + own.getHostAddress());
      assertThat(Session.once(client, vip, PORT)).hasValue("real1 " + own.getHostAddress());

      var opening = capture.awaitPackets(4, Seen::opening);
      assertThat(opening).hasSize(4).allMatch(inner(own, vip));
      assertThat(opening.get(0)).matches(between(client, site.director())).matches(timeToLive(64));
      assertThat(opening.get(1))
          .matches(between(site.director(), site.real(2)))
          .matches(timeToLive(63));
      assertThat(capture.packets(tcpFrom(vip)))
          .allMatch(packet -> packet.to().equals(client.card()))
          .extracting(Packet::from)
          .contains(site.real(1).card(), site.real(2).card())
          .doesNotContain(site.director().card());

      assertThat(Session.datagram(client, vip, PORT)).hasValue("real2 " + own.getHostAddress());
      assertThat(Session.datagram(client, vip, PORT)).hasValue("real1 " + own.getHostAddress());
    }
  }

  private static void rules(LvsSite site, Family family) {
    var lines = new ArrayList<String>();
    for (String protocol : new String[] {"-t", "-u"}) {
      var service = protocol + " " + endpoint(family.virtualAddress(), PORT);
      lines.add("-A " + service + " -s rr");
      for (var real : site.reals()) {
        lines.add("-a " + service + " -r " + endpoint(family.of(real), PORT) + " -g");
      }
    }
    new Ipvsadm(site.director()).restore(lines);
  }
}
