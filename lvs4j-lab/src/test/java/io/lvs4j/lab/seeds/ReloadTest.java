package io.lvs4j.lab.seeds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.lab.network.Capture;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.LabNetwork;
import io.lvs4j.lab.network.Responder;
import io.lvs4j.lab.network.Session;
import io.lvs4j.lab.peer.Keepalived;
import io.lvs4j.lab.peer.Workspace;
import io.lvs4j.vrrp.wire.VrrpV2;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * SIGHUP with one change after the other, under load and beside a keepalived that would take over:
 * every request is answered, and nothing is seen on the link but what the change is about.
 */
@Timeout(240)
class ReloadTest {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);
  private static final InetAddress VIP = InetAddress.ofLiteral("10.77.0.100");
  private static final InetAddress SECOND = InetAddress.ofLiteral("10.77.0.101");
  private static final int PORT = 8080;

  private Workspace workspace;
  private LabNetwork network;
  private Host client;
  private Host director;
  private Capture capture;
  private SteadyLoad load;
  private RunProgram run;
  private OtherRouter other;

  @BeforeEach
  void connect() {
    LabNetwork.obstacle().ifPresent(Assumptions::abort);
    Capture.obstacle().ifPresent(Assumptions::abort);
    assumeTrue(Keepalived.find().isPresent(), "keepalived is not installed");
    workspace = Workspace.create();
    network = LabNetwork.of("client", "director", "real1", "real2", "other");
    client = network.host("client");
    director = network.host("director");
    capture = network.capture(workspace, "ip proto 112");
  }

  @AfterEach
  void close() {
    Optional.ofNullable(workspace).ifPresent(Workspace::close);
    Optional.ofNullable(network).ifPresent(LabNetwork::close);
  }

  private static final String INSTANCE =
      """
      vrrp_instance VI_1 {
        interface eth0
        virtual_router_id 51
        priority 150
        advert_int 1
        authentication {
          auth_type PASS
          auth_pass 1111
        }
        virtual_ipaddress {
          10.77.0.100/24
        }
      }
      """;
  private static final String SERVER =
      """
      virtual_server 10.77.0.100 8080 {
        protocol TCP
        lb_algo rr
        delay_loop 1
        real_server 10.77.0.3 8080 {
          weight 1
          TCP_CHECK {
          }
        }
      }
      """;

  @Test
  void eachChangeTakesEffectAndNothingElseHappens() {
    try (var _ = Responder.on(network.host("real1"), PORT);
        var _ = Responder.on(network.host("real2"), PORT)) {
      run = RunProgram.start(director, workspace, INSTANCE + SERVER);
      await().atMost(LONG_ENOUGH).until(() -> director.has(VIP));
      await().atMost(LONG_ENOUGH).until(() -> Session.once(client, VIP, PORT).isPresent());
      other = OtherRouter.start(network.host("other"), workspace, INSTANCE);
      try (var session = Session.open(client, VIP, PORT)) {
        try (var clients = SteadyLoad.start(client, new InetSocketAddress(VIP, PORT), 4)) {
          load = clients;
          assertThat(session.server()).isEqualTo("real1");
          servers(session);
          instances(session);
          refusals(session);
        }
        assertThat(load.failures()).isEmpty();
        // Four that are kept, and many that are not.
        assertThat(load.connections()).isGreaterThan(50);
      }
      nothingElseWasSeen();
      run.stop();
      assertThat(director.has(VIP)).isFalse();
    }
  }

  private String instance = INSTANCE;
  private String server = SERVER;

  private void servers(Session session) {
    server = server.replace("lb_algo rr", "lb_algo wlc");
    apply(session, "virtual servers: 0 added, 0 removed, 1 changed");

    server = server.replace("weight 1", "weight 7");
    apply(session, "virtual servers: 0 added, 0 removed, 1 changed");

    server = server.replace("real_server 10.77.0.3", "real_server 10.77.0.4");
    apply(session, "virtual servers: 0 added, 0 removed, 1 changed");
    assertThat(session.server()).as("of a server that is gone").isEqualTo("real1");
    assertThat(Session.once(client, VIP, PORT))
        .hasValueSatisfying(is -> assertThat(is).startsWith("real2"));
  }

  /** What both routers have to agree on is changed at both. */
  private void instances(Session session) {
    instance = instance.replace("10.77.0.100/24\n", "10.77.0.100/24\n    10.77.0.101/24\n");
    other.reload(instance);
    apply(session, "VRRP instances: 1 changed");
    assertThat(director.has(SECOND)).as("the second address").isTrue();
    seen("150 1111 [/10.77.0.100, /10.77.0.101]");

    instance = instance.replace("priority 150", "priority 140");
    apply(session, "VRRP instances: 1 changed");
    seen("140 1111 [/10.77.0.100, /10.77.0.101]");

    instance = instance.replace("auth_pass 1111", "auth_pass 2222");
    other.reload(instance);
    apply(session, "VRRP instances: 1 changed");
    seen("140 2222 [/10.77.0.100, /10.77.0.101]");

    instance = instance.replace("    10.77.0.101/24\n", "");
    other.reload(instance);
    apply(session, "VRRP instances: 1 changed");
    assertThat(director.has(SECOND)).as("the second address").isFalse();
    seen("140 2222 [/10.77.0.100]");
  }

  private void refusals(Session session) {
    var before = instance;
    instance = before.replace("virtual_router_id 51", "virtual_router_id 300");
    apply(session, "not reloaded");
    instance = before;
    apply(session, "virtual servers: 0 added, 0 removed, 0 changed");
  }

  private void apply(Session session, String expected) {
    run.reload(instance + server);
    assertThat(run.log().lines().filter(line -> line.contains("reloaded")).toList().getLast())
        .contains(expected);
    assertThat(session.server()).as("after: " + expected).isEqualTo("real1");
    assertThat(director.has(VIP)).isTrue();
    long before = load.answered();
    await("requests after: " + expected)
        .atMost(LONG_ENOUGH)
        .until(() -> load.answered() > before + 100);
    assertThat(load.failures()).isEmpty();
  }

  /** Waits until the last advert on the link says so. */
  private void seen(String advert) {
    await(advert).atMost(LONG_ENOUGH).until(() -> said(director).getLast().equals(advert));
  }

  private List<String> said(Host host) {
    var said = new ArrayList<String>();
    for (var heard : capture.adverts(host)) {
      var advert = (VrrpV2) heard.received().advert();
      byte[] password = ByteBuffer.allocate(8).putLong(advert.authentication().bits()).array();
      var words =
          heard.priority()
              + " "
              + new String(password, StandardCharsets.US_ASCII).trim()
              + " "
              + advert.addresses();
      if (said.isEmpty() || !said.getLast().equals(words)) {
        said.add(words);
      }
    }
    return said;
  }

  /** Each kind of advert came once, none was the last word of a master, and nobody took over. */
  private void nothingElseWasSeen() {
    assertThat(said(director))
        .containsExactly(
            "150 1111 [/10.77.0.100]",
            "150 1111 [/10.77.0.100, /10.77.0.101]",
            "140 1111 [/10.77.0.100, /10.77.0.101]",
            "140 2222 [/10.77.0.100, /10.77.0.101]",
            "140 2222 [/10.77.0.100]");
    assertThat(said(network.host("other"))).isEmpty();
    assertThat(other.log().lines().filter(line -> line.contains("Entering MASTER"))).isEmpty();
    assertThat(run.log().lines().filter(line -> line.contains("VI_1: MASTER"))).hasSize(1);
    assertThat(run.log().lines().filter(line -> line.contains("VI_1: BACKUP"))).hasSize(1);
    assertThat(run.log()).doesNotContain("VI_1: stopped");
  }
}
