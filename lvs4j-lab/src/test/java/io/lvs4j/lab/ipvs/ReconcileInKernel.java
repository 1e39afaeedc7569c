package io.lvs4j.lab.ipvs;

import static io.lvs4j.lab.lvs.Family.IPV4;
import static io.lvs4j.lab.lvs.Family.IPV6;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.Persistence;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.Tunnel;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.core.scheduler.HashFlag;
import io.lvs4j.core.scheduler.Schedulers;
import io.lvs4j.ipvs.plane.ForeignEdit;
import io.lvs4j.ipvs.plane.ForeignEdits;
import io.lvs4j.ipvs.plane.ForeignServices;
import io.lvs4j.ipvs.plane.IpvsDataPlane;
import io.lvs4j.lab.lvs.Ipvsadm;
import io.lvs4j.lab.lvs.LvsSite;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the plane does with what it finds in the kernel's table. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReconcileInKernel {
  private final LvsSite site = LvsSite.of(1, 2);
  private final Ipvsadm ipvsadm = new Ipvsadm(site.director());
  private final List<ForeignEdit> told = new CopyOnWriteArrayList<>();

  @AfterEach
  void clear() {
    ipvsadm.run("-C");
    told.clear();
  }

  @AfterAll
  void close() {
    site.close();
  }

  private IpvsDataPlane open(IpvsDataPlane.Builder builder) {
    var settings = builder.reconcileEvery(Duration.ofMillis(200)).foreignEditListener(told::add);
    return site.director().call(settings::open);
  }

  private static void serve(IpvsDataPlane plane, VirtualServer definition) {
    var destinations =
        definition.realServers().stream()
            .map(server -> new Destination(server, server.weight()))
            .toList();
    assertThat(plane.unsupported(definition)).isEmpty();
    plane.add(definition, destinations).toCompletableFuture().join();
  }

  private static RealServer real(int number, int port) {
    return RealServer.of("10.77.0." + number, port);
  }

  private VirtualServer.Builder web() {
    return VirtualServer.tcp(IPV4.virtualAddress().getHostAddress(), 80)
        .realServer(real(2, 80))
        .realServer(real(3, 80).weight(3));
  }

  /** One of everything that a virtual server can ask the kernel for. */
  private static List<VirtualServer> everything() {
    var vip = IPV4.virtualAddress().getHostAddress();
    var vip6 = IPV6.virtualAddress().getHostAddress();
    var sticky = Persistence.byClientAddress(Duration.ofMinutes(6));
    var all = new ArrayList<VirtualServer>();
    int port = 1000;
    for (String name : Schedulers.names()) {
      if (!name.equals("twos")) {
        all.add(
            VirtualServer.tcp(vip, ++port)
                .scheduler(Schedulers.byName(name, Set.of()))
                .realServer(real(2, 80).weight(0))
                .realServer(real(3, 81).weight(70_000).thresholds(100, 50))
                .build());
      }
    }
    all.add(
        VirtualServer.udp(vip, 53)
            .scheduler(Schedulers.sourceHashing(HashFlag.PORT, HashFlag.FALLBACK))
            .onePacket()
            .realServer(real(2, 5353))
            .build());
    all.add(
        VirtualServer.tcp(vip6, 80)
            .scheduler(Schedulers.maglevHashing(HashFlag.PORT))
            .persistence(sticky.granularity(24, 64))
            .forwarding(ForwardingMethod.DIRECT_ROUTING)
            .realServer("2001:db8:77::2", 80)
            .realServer(RealServer.of("10.77.0.3", 80).forwarding(ForwardingMethod.TUNNEL))
            .build());
    all.add(
        VirtualServer.tcp(vip, 0)
            .persistence(sticky.granularity(20, 128))
            .forwarding(ForwardingMethod.TUNNEL)
            .realServer(real(2, 0).tunnel(Tunnel.gue(6080, Tunnel.Checksum.PRESENT)))
            .realServer(real(3, 0).tunnel(Tunnel.gre()))
            .build());
    all.add(
        VirtualServer.firewallMark(0xffff_fff0L, AddressFamily.IPV4)
            .realServer(real(2, 0))
            .realServer(real(3, 8080).forwarding(ForwardingMethod.DIRECT_ROUTING))
            .build());
    all.add(
        VirtualServer.firewallMark(7, AddressFamily.IPV6)
            .forwarding(ForwardingMethod.DIRECT_ROUTING)
            .realServer("2001:db8:77::2", 0)
            .build());
    return all;
  }

  @Test
  void aRestartChangesNothing() {
    try (var plane = open(IpvsDataPlane.builder().leaveOnClose())) {
      everything().forEach(each -> serve(plane, each));
    }
    var before = ipvsadm.save();
    var order = ipvsadm.order();
    assertThat(before).hasSizeGreaterThan(2 * everything().size());
    try (var log = LogLines.of("io.lvs4j.ipvs");
        var plane = open(IpvsDataPlane.builder().leaveOnClose())) {
      everything().forEach(each -> serve(plane, each));
      assertThat(log.take("found in the kernel"))
          .hasSize(everything().size())
          .allMatch(line -> line.endsWith("taken over with 0 changes"));
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> plane.age(everything().getLast().id()).isPresent());
    }
    assertThat(ipvsadm.save()).containsExactlyInAnyOrderElementsOf(before);
    assertThat(ipvsadm.order()).isEqualTo(order);
    assertThat(told).isEmpty();
    try (var plane = open(IpvsDataPlane.builder())) {
      everything().forEach(each -> serve(plane, each));
    }
    assertThat(ipvsadm.save()).isEmpty();
  }

  @Test
  void whatIsWrongIsChangedInPlaceAndTheKernelBeginsWithTheLastConfigured() {
    var vip = IPV4.virtualAddress().getHostAddress() + ":80";
    ipvsadm.restore(
        List.of(
            "-A -t " + vip + " -s rr -p 99",
            "-a -t " + vip + " -r 10.77.0.9:80 -m",
            "-a -t " + vip + " -r 10.77.0.2:80 -g -w 9 -x 7"));
    try (var plane = open(IpvsDataPlane.builder())) {
      serve(plane, web().build());
      assertThat(ipvsadm.save())
          .containsExactlyInAnyOrder(
              "-A -t " + vip + " -s wlc",
              "-a -t " + vip + " -r 10.77.0.2:80 -m -w 1",
              "-a -t " + vip + " -r 10.77.0.3:80 -m -w 3");
      assertThat(ipvsadm.order())
          .containsEntry("TCP " + vip, List.of("10.77.0.3:80", "10.77.0.2:80"));
    }
  }

  @Test
  void servicesOfOthersAreLeftAloneUnlessToldOtherwise() {
    ipvsadm.restore(List.of("-A -u 10.77.0.200:53 -s rr", "-A -f 9 -s rr"));
    try (var log = LogLines.of("io.lvs4j.ipvs");
        var plane = open(IpvsDataPlane.builder())) {
      serve(plane, web().build());
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() ->
              assertThat(log.all())
                  .contains(
                      "service UDP 10.77.0.200:53: not this director's, but somebody else's or left"
                          + " by an earlier life; left alone",
                      "service FWM 9: not this director's, but somebody else's or left by an earlier"
                          + " life; left alone"));
    }
    assertThat(ipvsadm.save())
        .containsExactlyInAnyOrder("-A -u 10.77.0.200:53 -s rr", "-A -f 9 -s rr");
    try (var plane = open(IpvsDataPlane.builder().foreignServices(ForeignServices.REMOVE))) {
      serve(plane, web().build());
      await().atMost(Duration.ofSeconds(60)).until(() -> ipvsadm.save().size() == 3);
      assertThat(told).hasSize(2);
    }
  }

  @Test
  void editsByIpvsadmAreSeenAndPutRight() {
    var vip = IPV4.virtualAddress().getHostAddress() + ":80";
    try (var plane = open(IpvsDataPlane.builder())) {
      serve(plane, web().build());
      var right = ipvsadm.save();
      ipvsadm.run("-e -t " + vip + " -r 10.77.0.2:80 -m -w 9");
      ipvsadm.run("-E -t " + vip + " -s rr");
      await().atMost(Duration.ofSeconds(60)).until(() -> ipvsadm.save().equals(right));
      ipvsadm.run("-d -t " + vip + " -r 10.77.0.3:80");
      await().atMost(Duration.ofSeconds(60)).until(() -> ipvsadm.save().equals(right));
      ipvsadm.run("-D -t " + vip);
      await().atMost(Duration.ofSeconds(60)).until(() -> ipvsadm.save().equals(right));
      assertThat(told).isNotEmpty().allMatch(ForeignEdit::restored);
      assertThat(told)
          .extracting(ForeignEdit::toString)
          .contains(
              "TCP " + vip + ": changed by somebody else: 10.77.0.3:80 deleted; put right",
              "TCP " + vip + ": changed by somebody else: service deleted; put right");
    }
  }

  @Test
  void editsByIpvsadmAreLeftAloneWhereThatIsWanted() {
    var vip = IPV4.virtualAddress().getHostAddress() + ":80";
    var web = web().build();
    try (var plane = open(IpvsDataPlane.builder().onForeignEdit(ForeignEdits.KEEP))) {
      serve(plane, web);
      ipvsadm.run("-e -t " + vip + " -r 10.77.0.2:80 -m -w 9");
      await().atMost(Duration.ofSeconds(60)).until(() -> told.size() == 1);
      assertThat(told.getFirst())
          .hasToString(
              "TCP "
                  + vip
                  + ": changed by somebody else: 10.77.0.2:80: Masq weight 9, not Masq weight 1;"
                  + " left alone");
      plane
          .updateDestination(web.id(), new Destination(real(3, 80), 0))
          .toCompletableFuture()
          .join();
      assertThat(ipvsadm.save())
          .containsExactlyInAnyOrder(
              "-A -t " + vip + " -s wlc",
              "-a -t " + vip + " -r 10.77.0.3:80 -m -w 0",
              "-a -t " + vip + " -r 10.77.0.2:80 -m -w 9");
    }
  }

  @Test
  void aHundredServicesOfTwentyServersAreThereAndUntouchedASecondTime() {
    var services =
        IntStream.rangeClosed(1, 100)
            .mapToObj(number -> {
              var builder = VirtualServer.tcp("10.77.1." + number, 80);
              IntStream.rangeClosed(1, 20)
                  .forEach(server -> builder.realServer("10.77.2." + server, 80));
              return builder.build();
            })
            .toList();
    try (var plane = open(IpvsDataPlane.builder().leaveOnClose())) {
      services.forEach(each -> serve(plane, each));
      assertThat(ipvsadm.save()).hasSize(2100);
    }
    try (var log = LogLines.of("io.lvs4j.ipvs");
        var plane = open(IpvsDataPlane.builder())) {
      services.forEach(each -> serve(plane, each));
      assertThat(log.take("found in the kernel with 20 real servers"))
          .hasSize(100)
          .allMatch(line -> line.endsWith("taken over with 0 changes"));
    }
    assertThat(ipvsadm.save()).isEmpty();
  }
}
