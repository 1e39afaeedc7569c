package io.lvs4j.lab.ipvs;

import static io.lvs4j.lab.lvs.Family.IPV4;
import static io.lvs4j.lab.lvs.Family.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.Persistence;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.Director;
import io.lvs4j.core.scheduler.Schedulers;
import io.lvs4j.core.status.IpvsadmTable;
import io.lvs4j.ipvs.plane.IpvsDataPlane;
import io.lvs4j.lab.lvs.Ipvsadm;
import io.lvs4j.lab.lvs.LvsSite;
import io.lvs4j.lab.network.Responder;
import io.lvs4j.lab.network.Session;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A director whose connections the kernel carries: clients see it, ipvsadm sees it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DirectorInKernel {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final LvsSite site = LvsSite.of(1, 3);
  private final Ipvsadm ipvsadm = new Ipvsadm(site.director());
  private final InetAddress vip = IPV4.virtualAddress();
  private final List<Responder> responders = new ArrayList<>();

  @BeforeAll
  void prepare() {
    site.directRouting(vip);
    site.hold(site.director(), vip);
  }

  @AfterEach
  void stopServers() {
    responders.forEach(Responder::close);
    responders.clear();
    assertThat(ipvsadm.save()).as("a director leaves nothing").isEmpty();
  }

  @AfterAll
  void close() {
    site.close();
  }

  private void answer(int... ports) {
    for (var real : site.reals()) {
      for (int port : ports) {
        responders.add(site.serve(real, port));
      }
    }
  }

  private VirtualServer.Builder web(int port, UnaryOperator<RealServer> each) {
    var builder =
        VirtualServer.tcp(vip.getHostAddress(), port)
            .scheduler(Schedulers.roundRobin())
            .forwarding(ForwardingMethod.DIRECT_ROUTING);
    site.reals().stream()
        .limit(2)
        .map(real -> each.apply(RealServer.of(real.ipv4().getHostAddress(), port)))
        .forEach(builder::realServer);
    return builder;
  }

  private Director start(VirtualServer... virtualServers) {
    return site.director()
        .call(() -> {
          var builder =
              Director.builder()
                  .dataPlane(IpvsDataPlane.builder().reconcileEvery(Duration.ofMillis(300)).open());
          List.of(virtualServers).forEach(builder::virtualServer);
          var director = builder.build();
          director.start();
          return director;
        });
  }

  private Set<String> table(int port) {
    return ipvsadm.save().stream()
        .filter(line -> line.contains(":" + port + " "))
        .collect(Collectors.toSet());
  }

  /** Returns the real servers as the kernel looks at them. */
  private List<String> order(int port) {
    return ipvsadm.order().getOrDefault("TCP " + endpoint(vip, port), List.of());
  }

  private String to(int real, int port, String rest) {
    return "-a -t %s -r %s %s"
        .formatted(endpoint(vip, port), endpoint(site.real(real).ipv4(), port), rest);
  }

  private String service(int port, String rest) {
    return "-A -t " + endpoint(vip, port) + " " + rest;
  }

  private String once(int port) {
    return Session.once(site.client(), vip, port).map(answer -> answer.split(" ", 2)[0]).orElse("");
  }

  @Test
  void clientsAreServedCountedAndListed() {
    answer(4001);
    var web = web(4001, server -> server).build();
    try (var director = start(web)) {
      assertThat(List.of(once(4001), once(4001), once(4001), once(4001)))
          .as("the kernel begins with the last")
          .containsExactly("real2", "real1", "real2", "real1");
      try (var session = Session.open(site.client(), vip, 4001)) {
        assertThat(session.server()).isEqualTo("real2");
        await()
            .atMost(PATIENCE)
            .untilAsserted(() -> {
              var shown = director.snapshot().virtualServers().getFirst();
              assertThat(shown.traffic().connections()).isEqualTo(5);
              assertThat(shown.traffic().inPackets()).isPositive();
              assertThat(shown.realServers().getLast().active()).isEqualTo(1);
              assertThat(shown.plane()).isEqualTo("ipvs");
            });
        assertThat(director.connections())
            .anySatisfy(connection -> {
              assertThat(connection.client().port()).isEqualTo(session.port());
              assertThat(connection.virtual().port()).isEqualTo(4001);
              assertThat(connection.state()).hasToString("ESTABLISHED");
            });
        var printed = IpvsadmTable.connectionCounts(director.snapshot());
        assertThat(printed).contains("TCP  10.77.0.100:4001 rr", "Route   1      1");
      }
    }
  }

  @Test
  void aServerThatDiesLeavesAndComesBackByOneEditEach() {
    answer(4002);
    var check = HealthCheck.tcp().every(Duration.ofMillis(300)).retries(0);
    try (var director = start(web(4002, server -> server).healthCheck(check).build())) {
      var one = endpoint(site.real(1).ipv4(), 4002);
      var two = endpoint(site.real(2).ipv4(), 4002);
      assertThat(order(4002)).containsExactly(two, one);
      responders.getFirst().close();
      await().atMost(PATIENCE).until(() -> order(4002).equals(List.of(two)));
      assertThat(List.of(once(4002), once(4002))).containsOnly("real2");
      responders.set(0, site.serve(site.real(1), 4002));
      await().atMost(PATIENCE).until(() -> order(4002).equals(List.of(one, two)));
      assertThat(director.snapshot().virtualServers().getFirst().realServers())
          .allMatch(server -> server.up());
    }
  }

  @Test
  void aServerThatIsInhibitedKeepsItsConnections() {
    answer(4003);
    try (var director = start(web(4003, server -> server.inhibitOnFailure()).build());
        var session = Session.open(site.client(), vip, 4003)) {
      var name = session.server();
      var real = site.network().host(name).ipv4();
      var control =
          director.realServer(
              director.snapshot().virtualServers().getFirst().id(), new Endpoint(real, 4003));
      control.weight(0);
      assertThat(table(4003)).anyMatch(line -> line.contains(endpoint(real, 4003) + " -g -w 0"));
      assertThat(IntStream.range(0, 3).mapToObj(_ -> once(4003)).toList()).doesNotContain(name);
      assertThat(session.server()).isEqualTo(name);
    }
  }

  @Test
  void aDrainWaitsForTheLastConnectionAndBreaksNone()
      throws InterruptedException, ExecutionException {
    answer(4004);
    var web = web(4004, server -> server).build();
    try (var director = start(web)) {
      var session = Session.open(site.client(), vip, 4004);
      var name = session.server();
      var address = site.network().host(name).ipv4();
      var drained =
          director.realServer(web, address.getHostAddress(), 4004).drain(Duration.ofMinutes(5));
      await()
          .atMost(PATIENCE)
          .until(() ->
              table(4004).stream()
                  .anyMatch(line -> line.contains(endpoint(address, 4004) + " -g -w 0")));
      assertThat(IntStream.range(0, 3).mapToObj(_ -> once(4004)).toList()).doesNotContain(name);
      assertThat(session.server()).as("still there").isEqualTo(name);
      assertThat(drained).isNotDone();
      // What is left is inactive, FIN_WAIT of two minutes; the lab doesn't wait for it.
      site.director().run("ipvsadm", "--set", "0", "1", "0");
      session.close();
      try (var other = Session.open(site.client(), vip, 4004)) {
        assertThat(other.server()).isNotEqualTo(name);
        await().atMost(PATIENCE).until(drained::isDone);
        assertThat(drained.get()).isZero();
        assertThat(table(4004)).noneMatch(line -> line.contains(endpoint(address, 4004)));
        assertThat(other.server()).isNotEmpty();
      }
    } finally {
      site.director().run("ipvsadm", "--set", "900", "120", "300");
    }
  }

  @Test
  void theSorryServerTakesOverAndHandsBack() {
    answer(4005);
    var check = HealthCheck.tcp().every(Duration.ofMillis(300)).retries(0);
    var web =
        web(4005, server -> server)
            .healthCheck(check)
            .sorryServer(site.real(3).ipv4().getHostAddress(), 4005)
            .build();
    try (var director = start(web)) {
      responders.get(0).close();
      responders.get(1).close();
      await()
          .atMost(PATIENCE)
          .until(() -> table(4005).equals(Set.of(service(4005, "-s rr"), to(3, 4005, "-g -w 1"))));
      assertThat(once(4005)).isEqualTo("real3");
      responders.set(0, site.serve(site.real(1), 4005));
      await()
          .atMost(PATIENCE)
          .until(() -> table(4005).equals(Set.of(service(4005, "-s rr"), to(1, 4005, "-g -w 1"))));
      assertThat(once(4005)).isEqualTo("real1");
      assertThat(director.snapshot().virtualServers().getFirst().sorryServerActive()).isFalse();
    }
  }

  @Test
  void thresholdsHold() {
    answer(4006);
    try (var director = start(web(4006, server -> server.thresholds(2, 1)).build())) {
      assertThat(ipvsadm.run("-L -n --thresholds"))
          .containsPattern(endpoint(site.real(1).ipv4(), 4006) + "\\s+2\\s+1\\s");
      var sessions = new ArrayList<Session>();
      for (int i = 0; i < 4; i++) {
        sessions.add(Session.open(site.client(), vip, 4006));
      }
      assertThat(once(4006)).as("nobody is left").isEmpty();
      sessions.forEach(Session::close);
      assertThat(director.isRunning()).isTrue();
    }
  }

  @Test
  void aFirewallMarkIsOneVirtualServerOfManyPorts() {
    answer(4007, 4008);
    var rule =
        "-t mangle %s PREROUTING -d "
            + vip.getHostAddress()
            + " -p tcp --dport 4007:4008 -j MARK --set-mark 11";
    site.director().run(("iptables-legacy " + rule.formatted("-A")).split(" "));
    var marked =
        VirtualServer.firewallMark(11, AddressFamily.IPV4)
            .scheduler(Schedulers.roundRobin())
            .persistence(Persistence.byClientAddress(Duration.ofMinutes(1)))
            .forwarding(ForwardingMethod.DIRECT_ROUTING)
            .healthCheck(HealthCheck.tcp().port(4007).every(Duration.ofMillis(300)))
            .realServer(site.real(1).ipv4().getHostAddress(), 0)
            .realServer(site.real(2).ipv4().getHostAddress(), 0)
            .build();
    try (var director = start(marked)) {
      var first = once(4007);
      assertThat(first).isNotEmpty();
      assertThat(List.of(once(4008), once(4007), once(4008))).containsOnly(first);
      var printed = IpvsadmTable.connectionCounts(director.snapshot()).lines().toList();
      assertThat(printed)
          .contains("FWM  11 rr persistent 60")
          .anyMatch(line -> line.startsWith("  -> 10.77.0." + site.real(1).number() + ":0 "));
      assertThat(ipvsadm.list()).contains("FWM  11 rr persistent 60");
      assertThat(director.connections())
          .isNotEmpty()
          .allMatch(connection -> connection.virtualServer().equals(marked.id()));
    } finally {
      site.director().run(("iptables-legacy " + rule.formatted("-D")).split(" "));
    }
  }
}
