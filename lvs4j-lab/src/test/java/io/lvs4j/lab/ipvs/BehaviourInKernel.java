package io.lvs4j.lab.ipvs;

import static io.lvs4j.lab.lvs.Family.IPV4;
import static io.lvs4j.lab.lvs.Family.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.Persistence;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.Director;
import io.lvs4j.core.scheduler.Schedulers;
import io.lvs4j.lab.lvs.Ipvsadm;
import io.lvs4j.lab.lvs.LvsSite;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.Session;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Persistence, firewall marks, thresholds, draining and sorry servers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BehaviourInKernel {
  private static final int FIRST_PORT = 3000;

  private final LvsSite site = LvsSite.of(1, 3);
  private final Ipvsadm ipvsadm = new Ipvsadm(site.director());
  private final InetAddress vip = IPV4.virtualAddress();
  private final InetAddress neighbour = InetAddress.ofLiteral("10.77.0.65");
  private final InetAddress stranger = InetAddress.ofLiteral("10.77.0.130");

  @BeforeAll
  void prepare() {
    site.directRouting(vip);
    site.hold(site.director(), vip);
    site.client()
        .ip(
            List.of(
                "address add %s/24 dev eth0".formatted(neighbour.getHostAddress()),
                "address add %s/24 dev eth0".formatted(stranger.getHostAddress())));
  }

  @AfterAll
  void close() {
    site.close();
  }

  /**
   * Describes a virtual server on a port that no other test has, as real servers that come back
   * find their connections again, with the first two real servers.
   */
  private VirtualServer.Builder server(int port, UnaryOperator<RealServer> settings) {
    return with(VirtualServer.tcp(vip.getHostAddress(), port), port, settings);
  }

  private VirtualServer.Builder with(
      VirtualServer.Builder builder, int port, UnaryOperator<RealServer> settings) {
    builder.scheduler(Schedulers.roundRobin()).forwarding(ForwardingMethod.DIRECT_ROUTING);
    for (int number = 1; number <= 2; number++) {
      builder.realServer(settings.apply(real(number, port)));
    }
    return builder;
  }

  private RealServer real(int number, int port) {
    return RealServer.of(site.real(number).ipv4().getHostAddress(), port);
  }

  private void serve(int port) {
    site.reals().forEach(real -> site.serve(real, port));
  }

  private String from(InetAddress source, int port) {
    try (var session = Session.open(site.client(), new InetSocketAddress(source, 0), vip, port)) {
      return session.server();
    }
  }

  private List<String> connections(InetAddress source, int port, int count) {
    return IntStream.range(0, count).mapToObj(_ -> from(source, port)).toList();
  }

  private void awaitTable(String line) {
    await("the kernel to know " + line).until(() -> ipvsadm.save().contains(line));
  }

  @Test
  void aPersistentClientStaysOnItsServerAndItsNetworkWithIt() {
    int port = FIRST_PORT;
    serve(port);
    var server =
        server(port, real -> real)
            .persistence(Persistence.byClientAddress(Duration.ofMinutes(1)).granularity(25, 128))
            .build();
    try (var _ = KernelDirector.start(site.director(), server)) {
      assertThat(ipvsadm.save().getFirst())
          .isEqualTo("-A -t " + endpoint(vip, port) + " -s rr -p 60 -M 255.255.255.128");
      var first = from(site.client().ipv4(), port);
      assertThat(connections(site.client().ipv4(), port, 3)).containsOnly(first);
      assertThat(connections(neighbour, port, 3)).as("of the same /25").containsOnly(first);
      assertThat(connections(stranger, port, 3))
          .as("of the other /25, next in turn")
          .doesNotContain(first);
    }
  }

  @Test
  void allClientsAsOneStayOnOneServer() {
    int port = FIRST_PORT + 9;
    serve(port);
    var server =
        server(port, real -> real)
            .persistence(Persistence.byClientAddress(Duration.ofMinutes(1)).granularity(0, 128))
            .build();
    try (var _ = KernelDirector.start(site.director(), server)) {
      assertThat(ipvsadm.save().getFirst())
          .isEqualTo("-A -t " + endpoint(vip, port) + " -s rr -p 60 -M 0.0.0.0");
      var first = from(site.client().ipv4(), port);
      assertThat(connections(neighbour, port, 3)).containsOnly(first);
      assertThat(connections(stranger, port, 3)).containsOnly(first);
    }
  }

  @Test
  void aQuiescedServerKeepsItsPersistentClients() {
    int port = FIRST_PORT + 1;
    serve(port);
    var server = persistent(port);
    try (var director = KernelDirector.start(site.director(), server)) {
      assertThat(setting("expire_quiescent_template")).isEqualTo("0");
      var first = quiesceTheFirst(director, server, port);
      assertThat(connections(site.client().ipv4(), port, 3)).containsOnly(first);
    }
  }

  @Test
  void aQuiescedServerLosesItsPersistentClientsWhereTheDirectorMaySetTheKernel() {
    int port = FIRST_PORT + 2;
    serve(port);
    var server = persistent(port);
    try (var director =
        KernelDirector.start(
            site.director(),
            plane -> plane.setKernelSettings(),
            builder -> builder.virtualServer(server))) {
      assertThat(setting("expire_quiescent_template")).isEqualTo("1");
      var first = quiesceTheFirst(director, server, port);
      assertThat(connections(site.client().ipv4(), port, 3)).doesNotContain(first);
    }
    assertThat(setting("expire_quiescent_template")).as("put back").isEqualTo("0");
  }

  private VirtualServer persistent(int port) {
    return server(port, real -> real)
        .persistence(Persistence.byClientAddress(Duration.ofMinutes(1)))
        .build();
  }

  private String quiesceTheFirst(Director director, VirtualServer server, int port) {
    var first = from(site.client().ipv4(), port);
    var address = site.network().host(first).ipv4();
    director.realServer(server, address.getHostAddress(), port).quiesce();
    awaitTable("-a -t %s -r %s -g -w 0".formatted(endpoint(vip, port), endpoint(address, port)));
    return first;
  }

  private String setting(String name) {
    return site.director().run("sysctl", "-n", "net.ipv4.vs." + name).strip();
  }

  @Test
  void aFirewallMarkMakesOneServiceOfSeveralPorts() {
    int one = FIRST_PORT + 3;
    int two = FIRST_PORT + 4;
    serve(one);
    serve(two);
    site.director()
        .run(
            "iptables-legacy -t mangle -A PREROUTING -d %s -p tcp --dport %d:%d -j MARK --set-mark 7"
                .formatted(vip.getHostAddress(), one, two)
                .split(" "));
    var server =
        with(VirtualServer.firewallMark(7, AddressFamily.IPV4), 0, real -> real)
            .persistence(Persistence.byClientAddress(Duration.ofMinutes(1)))
            .build();
    try (var _ = KernelDirector.start(site.director(), server)) {
      assertThat(ipvsadm.save().getFirst()).isEqualTo("-A -f 7 -s rr -p 60");
      var first = from(site.client().ipv4(), one);
      assertThat(connections(site.client().ipv4(), two, 3)).containsOnly(first);
      assertThat(from(stranger, two)).isNotEqualTo(first);
      assertThat(from(stranger, one)).isNotEqualTo(first);
    }
  }

  @Test
  void aServerAtItsThresholdGetsNothing() {
    int port = FIRST_PORT + 5;
    serve(port);
    var server = server(port, real -> real.thresholds(2, 1)).build();
    try (var _ = KernelDirector.start(site.director(), server)) {
      var sessions = new ArrayList<Session>();
      for (int i = 0; i < 4; i++) {
        sessions.add(Session.open(site.client(), vip, port));
      }
      assertThat(sessions.stream().map(Session::server).toList())
          .containsExactly("real2", "real1", "real2", "real1");
      assertThatThrownBy(() -> Session.open(site.client(), vip, port))
          .as("nobody is left")
          .isInstanceOf(UncheckedIOException.class);
      sessions.forEach(Session::close);
    }
  }

  @Test
  void aDrainedServerKeepsItsConnectionsAndLeavesWithTheLast() {
    int port = FIRST_PORT + 6;
    serve(port);
    // A connection that has ended stays for so long, and a drain waits for it.
    var ended = Duration.ofSeconds(2);
    var server = server(port, real -> real).halfClosedTimeout(ended).build();
    try (var director =
            KernelDirector.start(
                site.director(),
                plane -> plane.timeouts(Duration.ofMinutes(15), ended, Duration.ofMinutes(5)),
                builder -> builder.virtualServer(server));
        var session = Session.open(site.client(), vip, port)) {
      assertThat(session.server()).isEqualTo("real2");
      var drained =
          director
              .realServer(server, site.real(2).ipv4().getHostAddress(), port)
              .drain(Duration.ofMinutes(1));
      awaitTable(destination(site.real(2), port) + " -g -w 0");
      assertThat(connections(site.client().ipv4(), port, 3)).containsOnly("real1");
      assertThat(session.server()).isEqualTo("real2");
      assertThat(drained).isNotDone();
      session.close();
      assertThat(drained).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(0);
      await()
          .until(() ->
              ipvsadm.save().stream()
                  .noneMatch(line -> line.startsWith(destination(site.real(2), port))));
    }
  }

  private String destination(Host real, int port) {
    return "-a -t %s -r %s".formatted(endpoint(vip, port), endpoint(real.ipv4(), port));
  }

  @Test
  void theSorryServerAnswersWhileAllOthersAreDown() {
    int port = FIRST_PORT + 7;
    site.serve(site.real(3), port);
    var one = site.serve(site.real(1), port);
    var two = site.serve(site.real(2), port);
    var server =
        server(port, real -> real)
            .healthCheck(HealthCheck.tcp().every(Duration.ofMillis(500)).retries(0))
            .sorryServer(real(3, port))
            .build();
    try (var _ = KernelDirector.start(site.director(), server)) {
      assertThat(connections(site.client().ipv4(), port, 2))
          .containsExactlyInAnyOrder("real1", "real2");
      one.close();
      two.close();
      awaitTable(destination(site.real(3), port) + " -g -w 1");
      assertThat(connections(site.client().ipv4(), port, 2)).containsOnly("real3");
      site.serve(site.real(1), port);
      awaitTable(destination(site.real(1), port) + " -g -w 1");
      await().until(() -> ipvsadm.save().size() == 2);
      assertThat(connections(site.client().ipv4(), port, 2)).containsOnly("real1");
    }
  }
}
