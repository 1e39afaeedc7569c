package io.lvs4j.lab.ipvs;

import static io.lvs4j.lab.ipvs.Seen.between;
import static io.lvs4j.lab.ipvs.Seen.inner;
import static io.lvs4j.lab.ipvs.Seen.outer;
import static io.lvs4j.lab.ipvs.Seen.tcpFrom;
import static io.lvs4j.lab.ipvs.Seen.timeToLive;
import static io.lvs4j.lab.lvs.Family.IPV4;
import static io.lvs4j.lab.lvs.Family.IPV6;
import static io.lvs4j.lab.lvs.Family.endpoint;
import static io.lvs4j.lab.lvs.LvsSite.PORT;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.Tunnel;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.scheduler.Schedulers;
import io.lvs4j.lab.lvs.Family;
import io.lvs4j.lab.lvs.Ipvsadm;
import io.lvs4j.lab.lvs.LvsSite;
import io.lvs4j.lab.network.Capture;
import io.lvs4j.lab.network.Packet;
import io.lvs4j.lab.network.Packet.Gre;
import io.lvs4j.lab.network.Packet.Gue;
import io.lvs4j.lab.network.Packet.Udp;
import io.lvs4j.lab.network.Session;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tunnels of each kind, in one family and from one to the other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TunnelsInKernel {
  private final LvsSite site = LvsSite.of(1, 2);
  private final Ipvsadm ipvsadm = new Ipvsadm(site.director());

  @BeforeAll
  void prepare() {
    site.tunnels(IPV4.virtualAddress(), IPV6.virtualAddress());
    site.hold(site.director(), IPV4.virtualAddress());
    site.hold(site.director(), IPV6.virtualAddress());
  }

  @AfterAll
  void close() {
    site.close();
  }

  @ParameterizedTest
  @CsvSource({
    "IPV4, IPV4, ipip, ''",
    "IPV4, IPV4, gue, nocsum",
    "IPV4, IPV4, gue, csum",
    "IPV4, IPV4, gre, nocsum",
    "IPV4, IPV4, gre, csum",
    "IPV6, IPV6, ipip, ''",
    "IPV6, IPV6, gue, nocsum",
    "IPV6, IPV6, gue, csum",
    "IPV6, IPV6, gre, nocsum",
    "IPV6, IPV6, gre, csum",
    "IPV6, IPV4, ipip, ''",
    "IPV4, IPV6, ipip, ''",
  })
  void thePacketTravelsInsideAnotherAndTheRealServerAnswersTheClientItself(
      Family family, Family between, String kind, String checksum) {
    var client = site.client();
    var own = family.of(client);
    var vip = family.virtualAddress();
    var tunnel = tunnel(kind, checksum);
    var server =
        VirtualServer.tcp(vip.getHostAddress(), PORT)
            .scheduler(Schedulers.roundRobin())
            .forwarding(ForwardingMethod.TUNNEL)
            .realServer(
                RealServer.of(between.of(site.real(1)).getHostAddress(), PORT).tunnel(tunnel))
            .build();
    boolean summed = checksum.equals("csum");
    if (kind.equals("gre") && summed) {
      site.checksummedGre(site.real(1), site.director(), between);
    }
    var capture = site.capture();
    try (var _ = KernelDirector.start(site.director(), server)) {
      assertThat(ipvsadm.save())
          .containsExactly(
              "-A -t " + endpoint(vip, PORT) + " -s rr",
              "-a -t %s -r %s -i -w 1 --tun-type %s"
                  .formatted(
                      endpoint(vip, PORT),
                      endpoint(between.of(site.real(1)), PORT),
                      options(kind, checksum)));
      assertThat(Session.once(client, vip, PORT)).hasValue("real1 " + own.getHostAddress());
      verify(capture, family, between, kind, summed);
    } finally {
      if (kind.equals("gre") && summed) {
        site.plainGre(site.real(1));
      }
    }
  }

  private static Tunnel tunnel(String kind, String checksum) {
    var sum = checksum.equals("csum") ? Tunnel.Checksum.PRESENT : Tunnel.Checksum.NONE;
    return switch (kind) {
      case "ipip" -> Tunnel.ipip();
      case "gue" -> Tunnel.gue(Packet.GUE_PORT, sum);
      case "gre" -> Tunnel.gre(sum);
      default -> throw new IllegalArgumentException(kind);
    };
  }

  /** Returns how ipvsadm says it. */
  private static String options(String kind, String checksum) {
    return switch (kind) {
      case "ipip" -> "ipip";
      case "gue" -> "gue --tun-port " + Packet.GUE_PORT + " --tun-" + checksum;
      default -> "gre --tun-" + checksum;
    };
  }

  private void verify(
      Capture capture, Family family, Family between, String kind, boolean checksummed) {
    var client = site.client();
    var director = site.director();
    var vip = family.virtualAddress();
    var opening = capture.awaitPackets(2, Seen::opening);
    assertThat(opening.get(0)).matches(between(client, director));
    assertThat(opening.get(1))
        .matches(between(director, site.real(1)))
        .matches(outer(between.of(director), between.of(site.real(1))))
        .matches(inner(family.of(client), vip))
        .matches(timeToLive(63));
    switch (kind) {
      case "gue" -> {
        assertThat(opening.get(1).first(Gue.class)).isPresent();
        var udp = opening.get(1).first(Udp.class).orElseThrow();
        assertThat(udp.destinationPort()).isEqualTo(Packet.GUE_PORT);
        assertThat(udp.checksum() != 0).isEqualTo(checksummed);
      }
      case "gre" -> assertThat(opening.get(1).first(Gre.class)).contains(new Gre(checksummed));
      default -> assertThat(opening.get(1).headers()).hasSize(3);
    }
    assertThat(capture.awaitPackets(1, tcpFrom(vip))).allMatch(between(site.real(1), client));
  }
}
