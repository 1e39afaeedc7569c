package io.lvs4j.lab.seeds;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.LabNetwork;
import io.lvs4j.lab.peer.Keepalived;
import io.lvs4j.lab.peer.Nginx;
import io.lvs4j.lab.peer.Workspace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Seed 004, its chapter on keepalived: two nodes with a web server each, a script that starts the
 * server again when it is gone, and notify scripts. All files are as they stand there; lvs4j and
 * keepalived do the same with them.
 */
@Timeout(240)
class SeedFourScriptsTest {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final InetAddress VIP = InetAddress.ofLiteral("192.168.199.10");

  private Workspace workspace;
  private LabNetwork network;
  private Host client;

  @BeforeEach
  void connect() {
    LabNetwork.obstacle().ifPresent(Assumptions::abort);
    Machine.obstacle().ifPresent(Assumptions::abort);
    DirectRoutingSeed.assumeAskedFor();
    Assumptions.assumeTrue(Nginx.find().isPresent(), "nginx is not installed");
    workspace = Workspace.create();
    network = LabNetwork.of("client", "node1", "node2");
    client = network.host("client");
    int last = 1;
    for (Host host : network.hosts()) {
      host.ip(
          List.of(
              "address flush dev eth0",
              "link set eth0 down",
              "link set eth0 name ens33",
              "link set ens33 up",
              "address add 192.168.199." + last++ + "/24 dev ens33"));
    }
  }

  @AfterEach
  void close() {
    Optional.ofNullable(workspace).ifPresent(Workspace::close);
    Optional.ofNullable(network).ifPresent(LabNetwork::close);
  }

  private SeedRouter node(int number, SeedRouter.Reader reader, String configuration) {
    var machine =
        new Machine(workspace)
            .file("keepalived.conf", configuration)
            .file("ck_httpd.sh", Seed.file("004-ck_httpd.sh"))
            .file("start_haproxy.sh", Seed.file("004-start_haproxy.sh"))
            .website("This is node" + number);
    return new SeedRouter(workspace, network.host("node" + number), reader, machine);
  }

  @ParameterizedTest
  @EnumSource
  void theServerIsStartedAgainAndTheScriptsTellOfEachState(SeedRouter.Reader reader) {
    if (reader == SeedRouter.Reader.KEEPALIVED) {
      Assumptions.assumeTrue(Keepalived.find().isPresent(), "keepalived is not installed");
    }
    var master = Seed.file("004-vrrp.conf");
    var backup =
        master.replace("state MASTER", "state BACKUP").replace("priority 100", "priority 50");
    assertThat(backup).isNotEqualTo(master);
    var node1 = node(1, reader, master);
    var node2 = node(2, reader, backup);

    // Nobody has started httpd: the first run of the script finds it missing.
    node1.start();
    awaitAnswer("This is node1");
    node2.start();
    await("httpd of node 2").atMost(LONG_ENOUGH).until(() -> !node2.processes("httpd").isEmpty());
    awaitLog(node1, "Now, the node is master");

    node1.kill("httpd");
    awaitAnswer("This is node1");
    assertThat(node1.processes("httpd")).as("started again").isNotEmpty();
    assertThat(node1.host().has(VIP)).as("still master").isTrue();

    node1.stop();
    awaitAnswer("This is node2");
    awaitLog(node2, "Now, the node is master");

    node1.start();
    awaitAnswer("This is node1");
    awaitLog(node2, "Now, the node is backup");
    node1.stop();
    node2.stop();
  }

  /** Waits until the last line of a node's log ends with this. */
  private static void awaitLog(SeedRouter node, String expected) {
    await(expected)
        .atMost(LONG_ENOUGH)
        .untilAsserted(() ->
            assertThat(node.machine().written("haproxy.log"))
                .last(as(STRING))
                .matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d: " + expected));
  }

  private void awaitAnswer(String expected) {
    await(expected)
        .atMost(LONG_ENOUGH)
        .untilAsserted(() -> assertThat(answer()).isEqualTo(expected));
  }

  /** What {@code curl} of the virtual address prints; empty when nobody answers. */
  private String answer() {
    return client.call(() -> {
      try (var socket = new Socket()) {
        int patience = Math.toIntExact(PATIENCE.toMillis());
        socket.connect(new InetSocketAddress(VIP, 80), patience);
        socket.setSoTimeout(patience);
        socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(US_ASCII));
        var page = new String(socket.getInputStream().readAllBytes(), US_ASCII);
        return page.substring(page.indexOf("\r\n\r\n") + 4).strip();
      } catch (IOException nobody) {
        return "";
      }
    });
  }
}
