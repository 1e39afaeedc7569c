package io.lvs4j.lab.ipvs;

import static io.lvs4j.lab.lvs.Family.IPV4;
import static io.lvs4j.lab.lvs.Family.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.lab.lvs.Ipvsadm;
import io.lvs4j.lab.lvs.LvsSite;
import io.lvs4j.lab.network.Session;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Persistence, firewall marks, thresholds and weight 0, set up by ipvsadm. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BehaviourInKernel {
  private static final int FIRST_PORT = 3000;

  private final LvsSite site = LvsSite.of(1, 2);
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

  /** Adds a service on a port that no other test has, to both real servers. */
  private String service(int port, String options, String destinationOptions) {
    var service = "-t " + endpoint(vip, port);
    var lines = new ArrayList<>(List.of("-A " + service + " -s rr" + options));
    for (var real : site.reals()) {
      site.serve(real, port);
      lines.add(destination("-a", service, real.ipv4(), port, destinationOptions));
    }
    ipvsadm.restore(lines);
    return service;
  }

  private static String destination(
      String command, String service, InetAddress real, int port, String options) {
    return "%s %s -r %s:%d -g%s".formatted(command, service, real.getHostAddress(), port, options);
  }

  private String from(InetAddress source, int port) {
    try (var session = Session.open(site.client(), new InetSocketAddress(source, 0), vip, port)) {
      return session.server();
    }
  }

  private List<String> connections(InetAddress source, int port, int count) {
    return IntStream.range(0, count).mapToObj(_ -> from(source, port)).toList();
  }

  @Test
  void aPersistentClientStaysOnItsServerAndItsNetworkWithIt() {
    int port = FIRST_PORT;
    service(port, " -p 60 -M 255.255.255.128", "");
    var first = from(site.client().ipv4(), port);
    assertThat(connections(site.client().ipv4(), port, 3)).containsOnly(first);
    assertThat(connections(neighbour, port, 3)).as("of the same /25").containsOnly(first);
    assertThat(connections(stranger, port, 3))
        .as("of the other /25, next in turn")
        .doesNotContain(first);
  }

  @Test
  void aDrainedServerKeepsItsPersistentClientsUnlessTheirTemplatesExpire() {
    int port = FIRST_PORT + 1;
    var service = service(port, " -p 60", "");
    var client = site.client().ipv4();
    var first = from(client, port);
    var drained = site.network().host(first);
    ipvsadm.run(destination("-e", service, drained.ipv4(), port, " -w 0"));
    assertThat(connections(client, port, 3)).containsOnly(first);
    site.director().set("net/ipv4/vs/expire_quiescent_template", "1");
    assertThat(connections(client, port, 3)).doesNotContain(first);
    site.director().set("net/ipv4/vs/expire_quiescent_template", "0");
  }

  @Test
  void aFirewallMarkMakesOneServiceOfSeveralPorts() {
    int one = FIRST_PORT + 2;
    int two = FIRST_PORT + 3;
    site.director()
        .run(
            "iptables-legacy -t mangle -A PREROUTING -d %s -p tcp --dport %d:%d -j MARK --set-mark 7"
                .formatted(vip.getHostAddress(), one, two)
                .split(" "));
    var lines = new ArrayList<>(List.of("-A -f 7 -s rr -p 60"));
    for (var real : site.reals()) {
      site.serve(real, one);
      site.serve(real, two);
      lines.add("-a -f 7 -r " + real.ipv4().getHostAddress() + ":0 -g");
    }
    ipvsadm.restore(lines);
    var client = site.client().ipv4();
    var first = from(client, one);
    assertThat(connections(client, two, 3)).containsOnly(first);
    assertThat(from(stranger, two)).isNotEqualTo(first);
    assertThat(from(stranger, one)).isNotEqualTo(first);
  }

  @Test
  void aServerAtItsThresholdGetsNothingUntilItIsBelowTheLowerOne() {
    int port = FIRST_PORT + 4;
    service(port, "", " -x 2 -y 1");
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

  @Test
  void weightZeroKeepsWhatIsThereAndSendsNothingNew() {
    int port = FIRST_PORT + 5;
    var service = service(port, "", "");
    try (var session = Session.open(site.client(), vip, port)) {
      assertThat(session.server()).isEqualTo("real2");
      ipvsadm.run(destination("-e", service, site.real(2).ipv4(), port, " -w 0"));
      assertThat(connections(site.client().ipv4(), port, 3)).containsOnly("real1");
      assertThat(session.server()).isEqualTo("real2");
      assertThat(active(site.real(2).ipv4(), port)).isEqualTo(1);
    }
  }

  private int active(InetAddress real, int port) {
    return ipvsadm
        .list()
        .lines()
        .map(line -> line.strip().split("\\s+"))
        .filter(fields -> fields.length == 6 && fields[1].equals(endpoint(real, port)))
        .mapToInt(fields -> Integer.parseInt(fields[4]))
        .findFirst()
        .orElseThrow();
  }
}
