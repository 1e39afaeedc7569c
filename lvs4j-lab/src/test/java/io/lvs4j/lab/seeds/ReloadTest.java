package io.lvs4j.lab.seeds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.LabNetwork;
import io.lvs4j.lab.network.Responder;
import io.lvs4j.lab.network.Session;
import io.lvs4j.lab.peer.Workspace;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * SIGHUP with one change after the other, while a connection is open: it lives through all of them,
 * and the master stays what it is.
 */
@Timeout(180)
class ReloadTest {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);
  private static final InetAddress VIP = InetAddress.ofLiteral("10.77.0.100");
  private static final InetAddress SECOND = InetAddress.ofLiteral("10.77.0.101");
  private static final int PORT = 8080;

  private Workspace workspace;
  private LabNetwork network;
  private Host client;
  private Host director;

  @BeforeEach
  void connect() {
    LabNetwork.obstacle().ifPresent(Assumptions::abort);
    workspace = Workspace.create();
    network = LabNetwork.of("client", "director", "real1", "real2");
    client = network.host("client");
    director = network.host("director");
  }

  @AfterEach
  void close() {
    Optional.ofNullable(workspace).ifPresent(Workspace::close);
    Optional.ofNullable(network).ifPresent(LabNetwork::close);
  }

  private static final String CONFIGURATION =
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
      var run = RunProgram.start(director, workspace, CONFIGURATION);
      await().atMost(LONG_ENOUGH).until(() -> director.has(VIP));
      await().atMost(LONG_ENOUGH).until(() -> Session.once(client, VIP, PORT).isPresent());
      try (var session = Session.open(client, VIP, PORT)) {
        assertThat(session.server()).isEqualTo("real1");
        change(run, session);
      }
      run.stop();
      assertThat(director.has(VIP)).isFalse();
    }
  }

  private void change(RunProgram run, Session session) {
    var next = CONFIGURATION.replace("lb_algo rr", "lb_algo wlc");
    apply(run, session, next, "virtual servers: 0 added, 0 removed, 1 changed");

    next = next.replace("weight 1", "weight 7");
    apply(run, session, next, "virtual servers: 0 added, 0 removed, 1 changed");

    next = next.replace("real_server 10.77.0.3", "real_server 10.77.0.4");
    apply(run, session, next, "virtual servers: 0 added, 0 removed, 1 changed");
    assertThat(session.server()).as("of a server that is gone").isEqualTo("real1");
    assertThat(Session.once(client, VIP, PORT))
        .hasValueSatisfying(is -> assertThat(is).startsWith("real2"));

    next = next.replace("10.77.0.100/24\n", "10.77.0.100/24\n    10.77.0.101/24\n");
    apply(run, session, next, "VRRP instances: 1 changed");
    assertThat(director.has(SECOND)).as("the second address").isTrue();

    next = next.replace("priority 150", "priority 140");
    apply(run, session, next, "VRRP instances: 1 changed");
    assertThat(run.log()).contains("140");

    next = next.replace("auth_pass 1111", "auth_pass 2222");
    apply(run, session, next, "VRRP instances: 1 changed");

    next = next.replace("    10.77.0.101/24\n", "");
    apply(run, session, next, "VRRP instances: 1 changed");
    assertThat(director.has(SECOND)).as("the second address").isFalse();

    apply(
        run,
        session,
        next.replace("virtual_router_id 51", "virtual_router_id 300"),
        "not reloaded");
    apply(run, session, next, "virtual servers: 0 added, 0 removed, 0 changed");
  }

  private void apply(RunProgram run, Session session, String configuration, String expected) {
    run.reload(configuration);
    assertThat(run.log().lines().filter(line -> line.contains("reloaded")).toList().getLast())
        .contains(expected);
    assertThat(session.server()).as("after: " + expected).isEqualTo("real1");
    assertThat(director.has(VIP)).isTrue();
    assertThat(run.log().lines().filter(line -> line.contains("VI_1: MASTER"))).hasSize(1);
    assertThat(run.log().lines().filter(line -> line.contains("VI_1: BACKUP"))).hasSize(1);
    assertThat(run.log()).doesNotContain("VI_1: stopped");
  }
}
