package io.lvs4j.lab.ipvs;

import static io.lvs4j.lab.lvs.Family.IPV4;
import static io.lvs4j.lab.lvs.Family.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.Protocol;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.core.balance.Balancer;
import io.lvs4j.core.balance.ConnectionFlow;
import io.lvs4j.core.balance.Overhead;
import io.lvs4j.core.scheduler.Schedulers;
import io.lvs4j.lab.lvs.Ipvsadm;
import io.lvs4j.lab.lvs.LvsSite;
import io.lvs4j.lab.network.Session;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Live connections go where lvs4j's own scheduler of the same name says, one after another; all are
 * held, so that each weighs on the next. The kernel has no twos here.
 */
@Order(1)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SchedulersInKernel {
  private static final int REAL_SERVERS = 4;
  private static final int CLIENTS = 6;
  private static final int ROUNDS = 3;
  private static final String NOBODY = "nobody";

  private final AtomicInteger port = new AtomicInteger(2000);
  private final AtomicInteger clientPort = new AtomicInteger(40_000);
  private final LvsSite site = LvsSite.of(1, REAL_SERVERS);
  private final Ipvsadm ipvsadm = new Ipvsadm(site.director());
  private final InetAddress vip = IPV4.virtualAddress();

  @BeforeAll
  void prepare() {
    site.directRouting(vip);
    site.hold(site.director(), vip);
    var addresses = new ArrayList<String>();
    for (int client = 1; client < CLIENTS; client++) {
      addresses.add("address add " + client(client).getHostAddress() + "/24 dev eth0");
    }
    site.client().ip(addresses);
  }

  @AfterAll
  void close() {
    site.close();
  }

  @ParameterizedTest
  @CsvSource({
    "rr, ''",
    "wrr, ''",
    "lc, ''",
    "wlc, ''",
    "lblc, ''",
    "lblcr, ''",
    "dh, ''",
    "sh, ''",
    "sh, sh-port",
    "sh, sh-fallback",
    "mh, ''",
    "mh, mh-port",
    "sed, ''",
    "nq, ''",
    "fo, ''",
    "ovf, ''",
  })
  void liveConnectionsGoWhereOurOwnSchedulerSays(String scheduler, String flag) {
    // Real servers that come back find their connections again, so each scheduler has its port.
    int port = this.port.incrementAndGet();
    var flags = flag.isEmpty() ? Set.<String>of() : Set.of(flag);
    var builder =
        VirtualServer.tcp(vip.getHostAddress(), port)
            .scheduler(Schedulers.byName(scheduler, flags))
            .forwarding(ForwardingMethod.DIRECT_ROUTING);
    for (int number = 1; number <= REAL_SERVERS; number++) {
      site.serve(site.real(number), port);
      builder.realServer(server(number, port).weight(number));
    }
    var definition = builder.build();
    var balancer =
        new Balancer(
            definition,
            definition.realServers().stream()
                .map(server -> new Destination(server, server.weight()))
                .toList(),
            Overhead.CLASSIC,
            System::nanoTime);
    var sessions = new ArrayList<Session>();
    try (var director = KernelDirector.start(site.director(), definition)) {
      assertThat(ipvsadm.save().getFirst())
          .isEqualTo(
              "-A -t "
                  + endpoint(vip, port)
                  + " -s "
                  + scheduler
                  + (flag.isEmpty() ? "" : " -b " + flag));
      var expected = new ArrayList<String>();
      var found = new ArrayList<String>();
      for (int round = 0; round < ROUNDS; round++) {
        for (int client = 0; client < CLIENTS; client++) {
          var from = new InetSocketAddress(client(client), clientPort.incrementAndGet());
          expected.add(predicted(balancer, from, port));
          found.add(found(sessions, from, port));
        }
        // From round to round another one is drained.
        var drained = server(REAL_SERVERS - round, port);
        director.realServer(definition.id(), drained.endpoint()).quiesce();
        await("the kernel to know").until(() -> table().contains(drained.endpoint() + " -g -w 0"));
        balancer.update(new Destination(drained, 0));
      }
      assertThat(found).containsExactlyElementsOf(expected);
    } finally {
      sessions.forEach(Session::close);
    }
  }

  private String found(List<Session> sessions, InetSocketAddress from, int port) {
    try {
      var session = Session.open(site.client(), from, vip, port);
      sessions.add(session);
      return session.server();
    } catch (UncheckedIOException failed) {
      // The kernel found no server, and says so by ICMP.
      assertThat(failed).hasCauseInstanceOf(ConnectException.class);
      return NOBODY;
    }
  }

  private String predicted(Balancer balancer, InetSocketAddress from, int port) {
    var lease =
        balancer.assign(
            new ConnectionFlow(
                Protocol.TCP,
                from,
                new InetSocketAddress(vip, port),
                System.nanoTime(),
                new Random(1)));
    if (lease == null) {
      return NOBODY;
    }
    var chosen = lease.address().getAddress();
    return site.reals().stream()
        .filter(real -> real.ipv4().equals(chosen))
        .findFirst()
        .orElseThrow()
        .name();
  }

  private InetAddress client(int number) {
    return number == 0 ? site.client().ipv4() : InetAddress.ofLiteral("10.77.0." + (200 + number));
  }

  private RealServer server(int number, int port) {
    return RealServer.of(site.real(number).ipv4().getHostAddress(), port);
  }

  private String table() {
    return String.join("\n", ipvsadm.save());
  }
}
