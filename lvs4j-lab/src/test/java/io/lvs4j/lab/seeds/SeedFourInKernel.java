package io.lvs4j.lab.seeds;

import static io.lvs4j.lab.ipvs.Seen.inner;
import static io.lvs4j.lab.ipvs.Seen.outer;
import static io.lvs4j.lab.ipvs.Seen.tcpFrom;
import static io.lvs4j.lab.seeds.TwoNetworks.CLIENT_INSIDE;
import static io.lvs4j.lab.seeds.TwoNetworks.CLIENT_OUTSIDE;
import static io.lvs4j.lab.seeds.TwoNetworks.FIRST;
import static io.lvs4j.lab.seeds.TwoNetworks.INNER;
import static io.lvs4j.lab.seeds.TwoNetworks.OUTER;
import static io.lvs4j.lab.seeds.TwoNetworks.SECOND;
import static io.lvs4j.lab.seeds.TwoNetworks.hop;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.lab.ipvs.Seen;
import io.lvs4j.lab.lvs.Ipvsadm;
import io.lvs4j.lab.lvs.LvsSite;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.Session;
import io.lvs4j.linux.realserver.RealServerSide;
import java.net.InetAddress;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * Seed 004, its chapter on LVS: NAT, tunnels and direct routing, each with the commands of ipvsadm
 * as they stand there, and where it has both, with one card of the director and with two.
 */
class SeedFourInKernel {
  private static final String ALWAYS = "always";

  private TwoNetworks networks;
  private Host client;
  private Host director;

  @BeforeEach
  void connect(TestInfo test) {
    if (!test.getTags().contains(ALWAYS)) {
      DirectRoutingSeed.assumeAskedFor();
    }
    networks = new TwoNetworks();
    client = networks.site().client();
    director = networks.director();
  }

  @AfterEach
  void close() {
    Optional.ofNullable(networks).ifPresent(TwoNetworks::close);
  }

  @Test
  void natNeedsTheRealServersToAnswerThroughTheDirector() {
    var ipvsadm = new Ipvsadm(director);
    networks.rules("004-nat.txt");
    assertThat(ipvsadm.save())
        .containsExactlyInAnyOrder(
            "-A -t 192.168.2.133:80 -s rr",
            "-a -t 192.168.2.133:80 -r 192.168.199.229:80 -m -w 1",
            "-a -t 192.168.2.133:80 -r 192.168.199.233:80 -m -w 1",
            "-A -t 192.168.2.133:0 -s rr -p 900");
    assertThat(Session.once(client, OUTER, LvsSite.PORT)).as("without a route back").isEmpty();

    networks.defaultRoute("192.168.199.205");
    var outside = networks.outside();
    var inside = networks.inside();
    networks.assertTurns(OUTER, CLIENT_OUTSIDE);

    for (var real : networks.site().reals()) {
      var own = real.number() == networks.site().real(1).number() ? FIRST : SECOND;
      inside.awaitPackets(
          2, inner(CLIENT_OUTSIDE, own).and(hop(director.backCard(), real.backCard())));
      inside.awaitPackets(
          2, inner(own, CLIENT_OUTSIDE).and(hop(real.backCard(), director.backCard())));
    }
    assertThat(outside.awaitPackets(4, tcpFrom(OUTER)))
        .as("answers, in the director's name and by way of it")
        .allMatch(hop(director.card(), client.card()));
    assertThat(outside.packets(packet -> packet.tcp().isPresent()))
        .noneMatch(tcpFrom(FIRST))
        .noneMatch(tcpFrom(SECOND));
    networks.stop();
    assertThat(ipvsadm.save()).as("after ipvsadm -C").isEmpty();
  }

  @Test
  void tunnelsWithOneCard() {
    director.ip("address add 192.168.199.10/24 dev ens33");
    networks.rules("004-tun-one-card.txt");
    networks.strictReversePaths();
    if ("run".equals(System.getProperty("lvs4j.seeds"))) {
      networks.realServerPrograms(INNER, "--tunnel");
    } else {
      networks.realServers(INNER, RealServerSide.Builder::tunnel);
    }
    tunnels(INNER, CLIENT_INSIDE);

    networks.stop();
    for (Host real : networks.site().reals()) {
      assertThat(real.ip("-oneline address show dev tunl0")).isEmpty();
      assertThat(real.ip("-oneline link show dev tunl0")).doesNotContain("UP");
      assertThat(real.run("cat", "/proc/sys/net/ipv4/conf/tunl0/rp_filter")).isEqualTo("0\n");
    }
  }

  @Test
  void tunnelsWithTwoCards() {
    networks.rules("004-tun-two-cards.txt");
    networks.strictReversePaths();
    networks.realServers(OUTER, RealServerSide.Builder::tunnel);
    networks.defaultRoute(CLIENT_INSIDE.getHostAddress());
    tunnels(OUTER, CLIENT_OUTSIDE);
  }

  private void tunnels(InetAddress vip, InetAddress from) {
    var inside = networks.inside();
    networks.assertTurns(vip, from);
    for (Host real : networks.site().reals()) {
      var own = real.number() == networks.site().real(1).number() ? FIRST : SECOND;
      var asked =
          inside.awaitPackets(
              2,
              packet ->
                  Seen.opening(packet) && hop(director.backCard(), real.backCard()).test(packet));
      assertThat(asked)
          .hasSize(2)
          .allMatch(inner(from, vip))
          .allMatch(packet -> packet.ip().orElseThrow().protocol() == 4)
          .allMatch(packet -> packet.ip().orElseThrow().destination().equals(own));
      assertThat(inside.awaitPackets(2, tcpFrom(vip).and(hop(real.backCard(), client.backCard()))))
          .as("answers of " + real + " past the director")
          .noneMatch(packet -> packet.ip().orElseThrow().protocol() == 4);
    }
    assertThat(inside.packets(tcpFrom(vip))).noneMatch(it -> it.from().equals(director.backCard()));
  }

  @Test
  @Tag(ALWAYS)
  void directRoutingWithOneCard() {
    director.ip("address add 192.168.199.10/24 dev ens33");
    networks.rules("004-dr-one-card.txt");
    networks.realServers(INNER, builder -> builder);
    directRouting(INNER, CLIENT_INSIDE);
    assertThat(client.ip("neigh show " + INNER.getHostAddress()))
        .as("who has the address")
        .contains(director.backCard().toString());
  }

  @Test
  void directRoutingWithTwoCards() {
    // "将VIP改为外网IP即可": the same commands with the outer address.
    networks.rules("004-dr-one-card.txt", INNER, OUTER);
    networks.realServers(OUTER, builder -> builder);
    networks.defaultRoute(CLIENT_INSIDE.getHostAddress());
    directRouting(OUTER, CLIENT_OUTSIDE);
  }

  private void directRouting(InetAddress vip, InetAddress from) {
    var inside = networks.inside();
    networks.assertTurns(vip, from);
    for (Host real : networks.site().reals()) {
      assertThat(
              inside.awaitPackets(
                  2,
                  packet ->
                      Seen.opening(packet)
                          && hop(director.backCard(), real.backCard()).test(packet)))
          .hasSize(2)
          .allMatch(outer(from, vip));
      inside.awaitPackets(2, tcpFrom(vip).and(hop(real.backCard(), client.backCard())));
    }
    assertThat(inside.packets(tcpFrom(vip))).noneMatch(it -> it.from().equals(director.backCard()));
  }
}
