package io.lvs4j.lab.ipvs;

import static io.lvs4j.lab.lvs.Family.IPV4;
import static io.lvs4j.lab.lvs.Family.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.Persistence;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.Director;
import io.lvs4j.core.scheduler.Schedulers;
import io.lvs4j.ipvs.plane.IpvsDataPlane;
import io.lvs4j.lab.lvs.Ipvsadm;
import io.lvs4j.lab.lvs.LvsSite;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.Session;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A real server leaves without a loss where the kernel doesn't let go by itself: sessions of UDP,
 * and clients that persistence keeps on a server of weight 0.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DrainInKernel {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration FAR_OFF = Duration.ofMinutes(30);
  private static final Persistence STICKY = Persistence.byClientAddress(Duration.ofHours(1));
  private static final UnaryOperator<IpvsDataPlane.Builder> AS_IT_IS = plane -> plane;

  private final LvsSite site = LvsSite.of(1, 2);
  private final Ipvsadm ipvsadm = new Ipvsadm(site.director());
  private final InetAddress vip = IPV4.virtualAddress();
  private final InetAddress stranger = InetAddress.ofLiteral("10.77.0.150");

  @BeforeAll
  void prepare() {
    site.directRouting(vip);
    site.hold(site.director(), vip);
    site.client().ip("address add " + stranger.getHostAddress() + "/24 dev eth0");
  }

  @AfterEach
  void asBefore() {
    site.director().run("ipvsadm", "--set", "900", "120", "300");
    expireQuiescentTemplates("0");
  }

  @AfterAll
  void close() {
    site.close();
  }

  /** What has ended, and sessions of UDP that are silent, shall last for no more than a second. */
  private void hurry() {
    site.director().run("ipvsadm", "--set", "0", "1", "1");
  }

  private void expireQuiescentTemplates(String yesOrNo) {
    site.director().set("net/ipv4/vs/expire_quiescent_template", yesOrNo);
  }

  private VirtualServer with(VirtualServer.Builder builder, int port) {
    builder.scheduler(Schedulers.roundRobin()).forwarding(ForwardingMethod.DIRECT_ROUTING);
    for (Host real : site.reals()) {
      site.serve(real, port, vip);
      builder.realServer(real.ipv4().getHostAddress(), port);
    }
    return builder.build();
  }

  private VirtualServer udp(int port) {
    return with(VirtualServer.udp(vip.getHostAddress(), port), port);
  }

  private VirtualServer sticky(int port, Persistence persistence) {
    return with(VirtualServer.tcp(vip.getHostAddress(), port).persistence(persistence), port);
  }

  private Director start(UnaryOperator<IpvsDataPlane.Builder> plane, VirtualServer server) {
    return KernelDirector.start(site.director(), plane, builder -> builder.virtualServer(server));
  }

  /** Begins to drain a real server, and waits until the kernel knows. */
  private CompletableFuture<Integer> drain(
      Director director, VirtualServer server, String name, int port, Duration deadline) {
    var address = site.network().host(name).ipv4().getHostAddress();
    var drained = director.realServer(server, address, port).drain(deadline);
    await().atMost(PATIENCE).until(() -> drained.isDone() || quiesced(name, port));
    return drained;
  }

  private boolean quiesced(String name, int port) {
    return lines(name, port).anyMatch(line -> line.endsWith(" -w 0"));
  }

  private Stream<String> lines(String name, int port) {
    var real = " -r " + endpoint(site.network().host(name).ipv4(), port) + " ";
    return ipvsadm.save().stream().filter(line -> line.contains(real));
  }

  private String other(String name) {
    return name.equals("real1") ? "real2" : "real1";
  }

  private static List<String> thrice(Supplier<String> ask) {
    return Stream.generate(ask).limit(3).toList();
  }

  private String datagram(int port) {
    return Session.datagram(site.client(), vip, port).orElse("").split(" ", 2)[0];
  }

  private String from(InetAddress source, int port) {
    try (var session = Session.open(site.client(), new InetSocketAddress(source, 0), vip, port)) {
      return session.server();
    }
  }

  private void ends(CompletableFuture<Integer> drained, int cut, String name, int port) {
    assertThat(drained).succeedsWithin(PATIENCE).isEqualTo(cut);
    assertThat(lines(name, port)).as("left in the table").isEmpty();
  }

  @Test
  void aSessionOfUdpStaysUntilItsClientIsSilentAndNewOnesGoElsewhere() {
    int port = 5001;
    var server = udp(port);
    try (var director = start(AS_IT_IS, server);
        var session = DatagramClient.on(site.client(), vip, port)) {
      var name = session.server();
      var drained = drain(director, server, name, port, FAR_OFF);
      assertThat(thrice(() -> datagram(port))).containsOnly(other(name));
      assertThat(session.server()).as("while it speaks").isEqualTo(name);
      assertThat(drained).isNotDone();
      hurry();
      assertThat(session.server()).as("its last datagram").isEqualTo(name);
      ends(drained, 0, name, port);
      assertThat(session.server()).as("after a while").isEqualTo(other(name));
    }
  }

  @Test
  void aSessionOfUdpThatIsLeftAtTheDeadlineIsCountedAndMoves() {
    int port = 5002;
    var server = udp(port);
    try (var director = start(IpvsDataPlane.Builder::setKernelSettings, server);
        var session = DatagramClient.on(site.client(), vip, port)) {
      var name = session.server();
      ends(drain(director, server, name, port, Duration.ofMillis(500)), 1, name, port);
      assertThat(session.server()).isEqualTo(other(name));
    }
  }

  @Test
  void aPersistentClientMovesAtOnceWhereTemplatesOfQuiescedServersExpire() {
    int port = 5003;
    var server = sticky(port, STICKY);
    try (var director = start(IpvsDataPlane.Builder::setKernelSettings, server)) {
      var session = Session.open(site.client(), vip, port);
      var name = session.server();
      var drained = drain(director, server, name, port, FAR_OFF);
      assertThat(thrice(() -> from(site.client().ipv4(), port))).containsOnly(other(name));
      assertThat(session.server()).as("its open connection").isEqualTo(name);
      assertThat(drained).isNotDone();
      hurry();
      session.close();
      // The template of an hour is still there, and leads nobody.
      ends(drained, 0, name, port);
    }
  }

  @Test
  void aPersistentClientThatKeepsComingIsWaitedFor() {
    int port = 5004;
    var server = sticky(port, STICKY);
    hurry();
    try (var director = start(AS_IT_IS, server)) {
      var name = from(site.client().ipv4(), port);
      var drained = drain(director, server, name, port, FAR_OFF);
      assertThat(thrice(() -> from(stranger, port))).as("a new client").containsOnly(other(name));
      assertThat(thrice(() -> from(site.client().ipv4(), port))).containsOnly(name);
      await("no connection left")
          .atMost(PATIENCE)
          .until(() ->
              director.virtualServer(server).snapshot().realServers().stream()
                  .allMatch(real -> real.active() + real.inactive() == 0));
      await("but a client").during(Duration.ofSeconds(1)).until(() -> !drained.isDone());
      assertThat(from(site.client().ipv4(), port)).isEqualTo(name);
      expireQuiescentTemplates("1");
      ends(drained, 0, name, port);
      assertThat(from(site.client().ipv4(), port)).isEqualTo(other(name));
    }
  }

  @Test
  void aPersistentClientThatStaysAwayIsWaitedForNoLongerThanItsPersistence() {
    int port = 5005;
    var server = sticky(port, Persistence.byClientAddress(Duration.ofSeconds(3)));
    hurry();
    try (var director = start(AS_IT_IS, server)) {
      var name = from(site.client().ipv4(), port);
      ends(drain(director, server, name, port, FAR_OFF), 0, name, port);
      assertThat(from(site.client().ipv4(), port)).isEqualTo(other(name));
    }
  }

  @Test
  void aPersistentClientIsCutAtTheDeadline() {
    int port = 5006;
    var server = sticky(port, STICKY);
    try (var director = start(AS_IT_IS, server);
        var session = Session.open(site.client(), vip, port)) {
      var name = session.server();
      ends(drain(director, server, name, port, Duration.ofMillis(500)), 1, name, port);
      assertThat(from(site.client().ipv4(), port)).isEqualTo(other(name));
    }
  }

  @Test
  void aVirtualServerThatIsRemovedTakesNoPersistentClientEither() {
    int port = 5007;
    var server = sticky(port, STICKY);
    try (var director = start(AS_IT_IS, server)) {
      var session = Session.open(site.client(), vip, port);
      var name = session.server();
      director.remove(server.id());
      assertThat(Session.once(site.client(), vip, port)).as("a new connection").isEmpty();
      assertThat(session.server()).as("the open one").isEqualTo(name);
      hurry();
      session.close();
      await().atMost(PATIENCE).until(() -> ipvsadm.save().isEmpty());
    }
  }
}
