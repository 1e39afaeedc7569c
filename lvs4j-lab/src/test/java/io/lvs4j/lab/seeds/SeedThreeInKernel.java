package io.lvs4j.lab.seeds;

import static io.lvs4j.lab.ipvs.Seen.between;
import static io.lvs4j.lab.ipvs.Seen.inner;
import static io.lvs4j.lab.ipvs.Seen.tcpFrom;
import static io.lvs4j.lab.lvs.Family.IPV4;
import static io.lvs4j.lab.lvs.LvsSite.PORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.lab.ipvs.Seen;
import io.lvs4j.lab.lvs.Ipvsadm;
import io.lvs4j.lab.lvs.LvsSite;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.Packet;
import io.lvs4j.lab.network.Session;
import io.lvs4j.linux.realserver.RealServerSide;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Seed 003, its LocalNode: directors that are real servers too, one by NAT and by direct routing,
 * and two with one address, where what one forwards the other must not forward again.
 */
class SeedThreeInKernel {
  private static final Duration LONG_ENOUGH = Duration.ofMinutes(3);
  private static final InetAddress VIP = IPV4.virtualAddress();

  private static final Predicate<Packet> OPENING = Seen::opening;

  private static String virtualServer(String kind, Stream<InetAddress> realServers) {
    return realServers
        .map(real ->
            """
              real_server %s 80 {
                weight 1
                TCP_CHECK {
                  connect_timeout 3
                }
              }
            """
                .formatted(real.getHostAddress()))
        .collect(
            Collectors.joining(
                "",
                """
                virtual_server 10.77.0.100 80 {
                  delay_loop 1
                  lb_algo rr
                  lb_kind %s
                  protocol TCP
                """
                    .formatted(kind),
                "}\n"));
  }

  private static String instance(String state, int priority) {
    return """
    vrrp_instance VI_1 {
      state %s
      interface eth0
      virtual_router_id 51
      priority %d
      advert_int 1
      virtual_ipaddress {
        10.77.0.100
      }
    }
    """
        .formatted(state, priority);
  }

  private static List<String> ask(LvsSite site, int times) {
    return IntStream.range(0, times)
        .mapToObj(_ -> Session.once(site.client(), VIP, PORT))
        .flatMap(answer -> answer.stream())
        .map(answer -> answer.substring(0, answer.indexOf(' ')))
        .toList();
  }

  private static void awaitAnswersOf(LvsSite site, String... names) {
    await("answers of " + List.of(names))
        .atMost(LONG_ENOUGH)
        .untilAsserted(
            () -> assertThat(new TreeSet<>(ask(site, names.length))).containsExactly(names));
  }

  @Test
  void oneDirectorByDirectRouting() {
    try (var site = LvsSite.of(1, 1)) {
      var director = site.director();
      site.hold(director, VIP);
      site.serve(director, PORT);
      site.directRouting(VIP);
      var running =
          InnerDirector.start(
              director, virtualServer("DR", Stream.of(director.ipv4(), site.real(1).ipv4())));
      awaitAnswersOf(site, "director1", "real1");
      var capture = site.capture();
      assertThat(ask(site, 4)).isSubsetOf("director1", "real1").hasSize(4);
      for (Host own : List.of(director, site.real(1))) {
        capture.awaitPackets(2, tcpFrom(VIP).and(between(own, site.client())));
      }
      running.stop();
    }
  }

  @Test
  void oneDirectorByNat() {
    DirectRoutingSeed.assumeAskedFor();
    try (var site = LvsSite.of(1, 1)) {
      var director = site.director();
      site.hold(director, VIP);
      site.masquerading(PORT);
      site.serve(director, PORT);
      var running =
          InnerDirector.start(
              director, virtualServer("NAT", Stream.of(director.ipv4(), site.real(1).backIpv4())));
      awaitAnswersOf(site, "director1", "real1");

      var behind = site.network().captureBack(site.workspace(), "tcp");
      var answers = ask(site, 4);
      assertThat(answers).isSubsetOf("director1", "real1").hasSize(4);
      // Checks are from the director's own address: these are the client's.
      assertThat(
              behind.awaitPackets(
                  2, OPENING.and(inner(site.client().ipv4(), site.real(1).backIpv4()))))
          .as("what went on to the real server; the other half stayed")
          .hasSize(2);
      running.stop();
    }
  }

  @Test
  void twoDirectorsWithTheirRulesAtTheMasterOnly() {
    DirectRoutingSeed.assumeAskedFor();
    try (var site = LvsSite.of(2, 1)) {
      var all = List.of(site.director(1), site.director(2), site.real(1));
      all.forEach(host -> site.serve(host, PORT));
      var sides = new ArrayList<Runnable>();
      all.stream().skip(1).forEach(host -> sides.add(side(site, host)));

      theLoop(site, all);

      sides.add(side(site, site.director(1)));
      var configuration = virtualServer("DR", all.stream().map(Host::ipv4));
      var first =
          RunningSeed.start(site, site.director(1), instance("MASTER", 100) + configuration);
      var second =
          RunningSeed.start(site, site.director(2), instance("BACKUP", 99) + configuration);
      awaitAddressAt(site.director(1));
      awaitAnswersOf(site, "director1", "director2", "real1");
      nothingGoesBack(site, site.director(1), site.director(2));

      // The other one takes over; the first is a real server still.
      first.stop();
      awaitAddressAt(site.director(2));
      awaitAnswersOf(site, "director1", "director2", "real1");
      nothingGoesBack(site, site.director(2), site.director(1));
      second.stop();
      sides.forEach(Runnable::run);
    }
  }

  private static Runnable side(LvsSite site, Host host) {
    var memory = site.workspace().directory("memory");
    var side = host.call(RealServerSide.of(VIP).memory(memory)::open);
    return () ->
        host.call(() -> {
          side.close();
          return side;
        });
  }

  /** On eth0: on lo it is all the time. */
  private static void awaitAddressAt(Host host) {
    await("address at " + host)
        .atMost(LONG_ENOUGH)
        .until(() -> host.ip("-oneline address show dev eth0").contains(VIP.getHostAddress()));
  }

  /** The same rules on both, as keepalived has them, whoever is master. */
  private static void theLoop(LvsSite site, List<Host> realServers) {
    site.hold(site.director(1), VIP);
    var rules = new ArrayList<>(List.of("-A -t 10.77.0.100:80 -s rr"));
    realServers.forEach(
        real -> rules.add("-a -t 10.77.0.100:80 -r " + real.ipv4().getHostAddress() + ":80 -g"));
    var directors = List.of(site.director(1), site.director(2));
    directors.forEach(director -> new Ipvsadm(director).restore(rules));
    var capture = site.capture();
    assertThat(ask(site, 6)).as("some of them, for some come through after a detour").isNotEmpty();
    capture.awaitPackets(1, OPENING.and(from(site.director(2))));
    directors.forEach(director -> new Ipvsadm(director).run("-C"));
    site.director(1).ip("address delete 10.77.0.100/32 dev eth0");
  }

  private static Predicate<Packet> from(Host host) {
    return packet -> packet.from().equals(host.card());
  }

  private static void nothingGoesBack(LvsSite site, Host master, Host backup) {
    assertThat(new Ipvsadm(backup).save()).as("rules of the backup").isEmpty();
    var capture = site.capture();
    assertThat(ask(site, 6)).hasSize(6);
    var asked = inner(site.client().ipv4(), VIP);
    for (Host real : List.of(backup, site.real(1))) {
      capture.awaitPackets(2, OPENING.and(asked).and(between(master, real)));
    }
    assertThat(capture.packets(OPENING.and(asked))).noneMatch(from(backup)).hasSize(6 + 4);
  }
}
