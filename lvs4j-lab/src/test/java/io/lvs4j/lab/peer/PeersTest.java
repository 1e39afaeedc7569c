package io.lvs4j.lab.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The peers themselves do what they are started for. */
class PeersTest {
  private static final int CONNECTIONS = 256;

  private final Workspace workspace = Workspace.create();

  @AfterEach
  void close() {
    workspace.close();
  }

  @Test
  void wrkIsAnsweredByNginx() {
    var nginx = installed(Nginx.find(), "nginx");
    var wrk = installed(Wrk.find(), "wrk");
    int port = FreePorts.next();
    nginx.realServer(workspace, "one", port, CONNECTIONS, 100);
    var report = wrk.run(workspace, new Wrk.Load(port, 4, Duration.ofSeconds(1), true));
    assertThat(report.requests()).isPositive();
    assertThat(report.failures()).isZero();
    assertThat(report.p99()).isGreaterThanOrEqualTo(report.median());
  }

  @Test
  void haproxySpreadsOverAllBackends() throws IOException {
    var nginx = installed(Nginx.find(), "nginx");
    var haproxy = installed(HAProxy.find(), "haproxy");
    var proxied = proxied(nginx);
    haproxy
        .start(workspace, "haproxy", HAProxy.configuration(List.of(proxied), 1, 1000))
        .awaitListening(proxied.port());
    assertThat(answeringServers(proxied.port())).containsExactlyInAnyOrder("one", "two");
  }

  @Test
  void nginxStreamSpreadsOverAllBackends() throws IOException {
    var nginx = installed(Nginx.find(), "nginx");
    assumeTrue(nginx.hasStream(), "nginx's stream module is not installed");
    var proxied = proxied(nginx);
    nginx
        .start(workspace, "stream", nginx.streamConfiguration(List.of(proxied), 1000))
        .awaitListening(proxied.port());
    assertThat(answeringServers(proxied.port())).containsExactlyInAnyOrder("one", "two");
  }

  @Test
  void iperfTransfersBothWays() {
    var iperf = installed(Iperf3.find(), "iperf3");
    int port = FreePorts.next();
    iperf.server(workspace, port);
    for (var direction : Iperf3.Direction.values()) {
      var report = iperf.transfer(workspace, port, direction, 2, Duration.ofSeconds(1));
      assertThat(report.bytes()).isPositive();
      assertThat(report.bitsPerSecond()).isPositive();
    }
  }

  private ProxiedPort proxied(Nginx nginx) {
    int one = FreePorts.next();
    int two = FreePorts.next();
    nginx.realServer(workspace, "one", one, CONNECTIONS, 10);
    nginx.realServer(workspace, "two", two, CONNECTIONS, 10);
    return new ProxiedPort("web", FreePorts.next(), List.of(one, two));
  }

  private static Set<String> answeringServers(int port) throws IOException {
    var servers = new HashSet<String>();
    for (int request = 0; request < 50; request++) {
      servers.add(HttpExchange.answeringServer(port));
    }
    return servers;
  }

  private static <T> T installed(Optional<T> peer, String name) {
    assumeTrue(peer.isPresent(), name + " is not installed");
    return peer.orElseThrow();
  }
}
