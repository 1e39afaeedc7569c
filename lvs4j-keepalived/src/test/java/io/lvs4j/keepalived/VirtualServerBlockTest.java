package io.lvs4j.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.HttpGet;
import io.lvs4j.api.HttpProtocol;
import io.lvs4j.api.HttpUrl;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.SchedulerName;
import io.lvs4j.api.Tunnel;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.keepalived.model.FlushOnStop;
import io.lvs4j.keepalived.script.ScriptCommand;
import io.lvs4j.keepalived.script.ServerNotification;
import io.lvs4j.keepalived.script.ServerNotification.Trigger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the keywords of virtual servers mean. */
class VirtualServerBlockTest {
  private static final String REAL = "real_server 10.0.0.2 80 {\n}\n";

  private static List<String> told(String... lines) {
    return Read.told(text(lines));
  }

  private static String text(String... lines) {
    return "virtual_server 10.0.0.1 80 {\nprotocol TCP\n" + String.join("\n", lines) + "\n}\n";
  }

  private static VirtualServer read(String... lines) {
    return Read.text(text(lines)).virtualServers().getFirst();
  }

  private static HealthCheck check(String... lines) {
    return Read.text(
            "virtual_server 10.0.0.1 80 {\nprotocol TCP\nreal_server 10.0.0.2 80 {\n"
                + String.join("\n", lines)
                + "\n}\n}\n")
        .virtualServers()
        .getFirst()
        .realServers()
        .getFirst()
        .healthChecks()
        .getFirst();
  }

  @Test
  void whatIsNotSaidIsAsInKeepalived() {
    var server = read(REAL);

    assertThat(told(REAL)).isEmpty();
    assertThat(SchedulerName.of(server.scheduler().orElseThrow()).name()).isEqualTo("wlc");
    assertThat(server.forwarding()).isEqualTo(ForwardingMethod.NAT);
    assertThat(server.persistence()).isEmpty();
    assertThat(server.quorum()).isEqualTo(1);
    assertThat(server.realServers()).containsExactly(RealServer.of("10.0.0.2", 80));
    var check = check("TCP_CHECK {", "}");
    assertThat(check)
        .isEqualTo(
            HealthCheck.tcp()
                .every(Duration.ofMinutes(1))
                .warmUp(Duration.ofMinutes(1))
                .connectTimeout(Duration.ofSeconds(5))
                .retries(1)
                .delayBeforeRetry(Duration.ofSeconds(1)));
    assertThat(check("HTTP_GET {", "url {", "path /", "}", "}").delayBeforeRetry())
        .isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void schedulersHaveNamesAndFlags() {
    assertThat(SchedulerName.of(read("lb_algo sh", "sh-port", "flag-1", REAL).scheduler().get()))
        .hasToString("SchedulerName[name=sh, flags=[sh-fallback, sh-port]]");
    assertThat(told("lvs_sched rrr", REAL))
        .containsExactly(
            "3:11: error: lvs_sched: 'rrr' (expected: one of rr wrr lc wlc lblc lblcr dh sh mh"
                + " sed nq fo ovf twos) (did you mean rr?)");
    assertThat(told("lvs_sched rr", "sh-port", REAL))
        .containsExactly(
            "4:1: error: sh-port: not a flag of rr (expected: the scheduler that has it)");
  }

  @Test
  void forwardingMayBeARealServersOwn() {
    var server =
        read(
            "lb_kind DR",
            REAL,
            "real_server 10.0.0.3 80 {",
            "lvs_method TUN type gue port 5000 csum",
            "}",
            "real_server 10.0.0.4 80 {",
            "lvs_method DR",
            "}",
            "sorry_server 127.0.0.1 80",
            "sorry_server_lvs_method NAT",
            "sorry_server_inhibit");

    assertThat(server.forwarding()).isEqualTo(ForwardingMethod.DIRECT_ROUTING);
    assertThat(server.realServers())
        .containsExactly(
            RealServer.of("10.0.0.2", 80),
            RealServer.of("10.0.0.3", 80)
                .forwarding(ForwardingMethod.TUNNEL)
                .tunnel(Tunnel.gue(5000, Tunnel.Checksum.PRESENT)),
            RealServer.of("10.0.0.4", 80));
    assertThat(server.sorryServer())
        .contains(
            RealServer.of("127.0.0.1", 80).forwarding(ForwardingMethod.NAT).inhibitOnFailure());
    assertThat(told("lb_kind DRR", "lb_kind TUN type gue", REAL))
        .allSatisfy(line -> assertThat(line).contains("(expected: NAT, DR, or TUN [type ipip"))
        .hasSize(2);
  }

  @Test
  void theVirtualServerIsTheDefaultOfRealServersAndTheseOfCheckers() {
    var server =
        read(
            "delay_loop 6",
            "retry 2",
            "connect_timeout 1.5",
            "alpha",
            "inhibit_on_failure",
            "virtualhost vs",
            "real_server 10.0.0.2 80 {",
            "retry 4",
            "inhibit_on_failure no",
            "HTTP_GET {",
            "url {",
            "path /a",
            "virtualhost url",
            "}",
            "url {",
            "path /b",
            "status_code 200-201 302",
            "}",
            "delay_loop 7",
            "}",
            "}",
            REAL.replace("0.2", "0.3"));

    var first = server.realServers().getFirst();
    assertThat(first.isInhibitedOnFailure()).isFalse();
    assertThat(first.healthChecks())
        .extracting(HealthCheck::probe)
        .containsExactly(
            HttpGet.of(
                    HttpUrl.of("/a").virtualHost("url"),
                    HttpUrl.of("/b").expectStatus(200, 201, 302).virtualHost("vs"))
                .protocol(HttpProtocol.HTTP_1_0)
                .fastRecovery(false));
    assertThat(first.healthChecks())
        .allSatisfy(check -> {
          assertThat(check.delayLoop()).isEqualTo(Duration.ofSeconds(7));
          assertThat(check.retries()).isEqualTo(4);
          assertThat(check.connectTimeout()).isEqualTo(Duration.ofMillis(1500));
          assertThat(check.isAlpha()).isTrue();
        });
    assertThat(server.realServers().get(1).isInhibitedOnFailure()).isTrue();
  }

  @Test
  void persistence() {
    assertThat(read("persistence_timeout", REAL).persistence().orElseThrow().timeout())
        .isEqualTo(Duration.ofSeconds(360));
    var granular =
        read("persistence_timeout 50", "persistence_granularity 255.255.240.0", REAL)
            .persistence()
            .orElseThrow();
    assertThat(granular.prefixV4()).isEqualTo(20);
    assertThat(told("persistence_timeout 50", "persistence_granularity 0.0.0.0", REAL)).isEmpty();
    assertThat(read("persistence_granularity 0.0.0.0", REAL).persistence().orElseThrow().prefixV4())
        .as("all clients are one")
        .isZero();
    assertThat(read("persistence_engine sip", REAL).persistence().orElseThrow().engine())
        .contains("sip");
    assertThat(told("persistence_timeout 0", "persistence_granularity 255.0.255.0", REAL))
        .containsExactly(
            "3:21: error: persistence_timeout: '0' (expected: 1-2678400)",
            "4:25: error: persistence_granularity: '255.0.255.0'"
                + " (expected: a netmask such as 255.255.255.0)");
  }

  @Test
  void quorumIsBroughtWithinReach() {
    var server = read("quorum 5", "hysteresis 3", REAL);

    assertThat(server.quorum()).isEqualTo(1);
    assertThat(server.hysteresis()).isZero();
    assertThat(told("quorum 5", "hysteresis 3", REAL))
        .containsExactly(
            "1:1: warning: quorum: 5, which is taken as 1 (expected: at most the sum of all"
                + " weights)",
            "1:1: warning: hysteresis: 3, which is taken as 0 (expected: below quorum)");
  }

  @Test
  void realServers() {
    var server =
        read(
            "real_server 10.0.0.2 {",
            "weight 0",
            "uthreshold 100",
            "lthreshold 50",
            "}",
            "real_server 10.0.0.2 80 {",
            "weight 5",
            "}");

    assertThat(server.realServers())
        .containsExactly(RealServer.of("10.0.0.2", 80).weight(0).thresholds(100, 50));
    assertThat(
            told(
                "real_server 10.0.0.2 70000 {",
                "}",
                "real_server host 80 {",
                "}",
                "real_server 2001:db8::1 80 {",
                "}",
                "real_server 10.0.0.3 80 {",
                "weight -1",
                "uthreshold 1",
                "lthreshold 5",
                "}"))
        .containsExactly(
            "3:22: error: real_server port: '70000' (expected: 0-65535)",
            "3:1: error: real_server: left out",
            "5:13: error: real_server: 'host' (expected: an IP address)",
            "5:1: error: real_server: left out",
            "7:1: error: real_server [2001:db8::1]:80: of another family than its virtual server"
                + " (expected: the same, or TUN)",
            "10:8: error: weight: '-1' (expected: 0-2147483647)",
            "9:1: warning: lthreshold: 5 (expected: not above uthreshold, which is 1)");
    assertThat(told("sorry_server 127.0.0.1 80"))
        .containsExactly(
            "1:1: error: virtual_server 10.0.0.1:80: no real server (expected: at least one)");
  }

  @Test
  void marksPortsAndGroups() {
    var read =
        Read.text(
            """
            virtual_server_group G {
              10.0.0.1 80
              10.0.0.5-7 81
              10.0.0.255-10.0.1.0 82
              10.0.9.9/31 83
              fwmark 7
            }
            virtual_server group G {
              protocol TCP
              %1$s
            }
            virtual_server fwmark 4294967295 {
              %1$s
            }
            virtual_server 10.0.0.9 {
              protocol UDP
              persistence_timeout 60
              real_server 10.0.0.2 {
              }
            }
            """
                .formatted(REAL.replace("\n", "\n  ")));

    assertThat(Read.told(read)).isEmpty();
    assertThat(read.virtualServers())
        .extracting(server -> server.id().toString())
        .containsExactly(
            "10.0.0.1:80/tcp",
            "10.0.0.5:81/tcp",
            "10.0.0.6:81/tcp",
            "10.0.0.7:81/tcp",
            "10.0.0.255:82/tcp",
            "10.0.1.0:82/tcp",
            "10.0.9.8:83/tcp",
            "10.0.9.9:83/tcp",
            "FWM 7",
            "FWM 4294967295",
            "10.0.0.9:0/udp");
    assertThat(Read.told("virtual_server group H {\nprotocol TCP\n" + REAL + "}\n"))
        .containsExactly(
            "1:22: error: virtual_server group: 'H' (expected: the name of a"
                + " virtual_server_group)");
    assertThat(Read.told("virtual_server_group G {\n10.0.0.0/8 80\njunk\n}\n"))
        .containsExactly(
            "2:1: error: virtual_server_group: '10.0.0.0/8' (expected: an address, a range of at"
                + " most 65536, or fwmark)",
            "3:1: error: virtual server: 'junk' (expected: an IP address)");
    assertThat(Read.told("virtual_server 10.0.0.1 {\nprotocol TCP\nreal_server 10.0.0.2 {\n}\n}\n"))
        .containsExactly(
            "1:1: warning: virtual_server 10.0.0.1:0: no port, which means persistence_timeout 360"
                + " too");
  }

  @Test
  void checksThatAreNotThereYetAreToldByName() {
    assertThat(
            told(
                "real_server 10.0.0.2 80 {",
                "BFD_CHECK {",
                "name b",
                "namee b",
                "}",
                "SSL_GET {",
                "url {",
                "pathh /",
                "}",
                "}",
                "MISC_CHECK {",
                "misc_path /bin/true",
                "misc_timout 5",
                "}",
                "}"))
        .containsExactly(
            "6:1: warning: unknown keyword 'namee' in BFD_CHECK (did you mean name?)",
            "4:1: error: BFD_CHECK is not supported yet: the server counts as up as far as this"
                + " check goes",
            "10:1: warning: unknown keyword 'pathh' in url (did you mean path?)",
            "9:1: error: url: no path (expected: one)",
            "8:1: error: SSL_GET: no url (expected: at least one)",
            "15:1: warning: unknown keyword 'misc_timout' in MISC_CHECK (did you mean"
                + " misc_timeout?)");
  }

  @Test
  void scriptsAreListeners() {
    var server =
        read("quorum_down \"/q.sh down\"", "real_server 10.0.0.2 80 {", "notify_up /up.sh", "}");

    assertThat(server.listeners())
        .containsExactly(
            new ServerNotification(
                Trigger.QUORUM_DOWN, Optional.empty(), new ScriptCommand(List.of("/q.sh", "down"))),
            new ServerNotification(
                Trigger.UP,
                Optional.of(server.realServers().getFirst().endpoint()),
                new ScriptCommand(List.of("/up.sh"))));
  }

  @Test
  void whatHoldsForTheDirector() {
    var read =
        Read.text(
            """
            global_defs {
              lvs_timeouts tcp 900 udp 30
              lvs_sync_daemon eth1 VI_1 id 5 maxlen 1400 port 8850 ttl 2 group 224.0.0.82
              lvs_flush
              lvs_flush_on_stop VS
            }
            """);

    assertThat(Read.told(read)).isEmpty();
    var timeouts = read.definitions().timeouts().orElseThrow();
    assertThat(timeouts.tcp()).contains(Duration.ofMinutes(15));
    assertThat(timeouts.tcpFin()).isEmpty();
    assertThat(timeouts.udp()).contains(Duration.ofSeconds(30));
    assertThat(read.definitions().syncDaemon().orElseThrow())
        .hasToString(
            "LvsSyncDaemon[networkInterface=eth1, vrrpInstance=Optional[VI_1],"
                + " syncId=OptionalInt[5], maxLength=OptionalInt[1400], port=OptionalInt[8850],"
                + " ttl=OptionalInt[2], group=Optional[/224.0.0.82]]");
    assertThat(read.definitions().flushedAtStart()).isTrue();
    assertThat(read.definitions().flushOnStop()).isEqualTo(FlushOnStop.VIRTUAL_SERVERS);
  }

  @Test
  void anAddressOfAGroupWithoutAPortMakesTheServicePersistentInAnyOrder() {
    for (var group : List.of("10.77.4.8 443\n10.77.3.1\n", "10.77.3.1\n10.77.4.8 443\n")) {
      var read =
          Read.text(
              "virtual_server_group G {\n"
                  + group
                  + "}\nvirtual_server group G {\nprotocol TCP\nlb_kind NAT\n"
                  + "real_server 10.0.0.2 443 {\n}\n}\n");
      assertThat(read.virtualServers())
          .hasSize(2)
          .allMatch(server -> server.persistence().isPresent());
      assertThat(Read.told(read))
          .contains(
              "5:1: warning: virtual_server 10.77.3.1:0: no port, which means"
                  + " persistence_timeout 360 too");
    }
  }

  @Test
  void theFirstOfANotificationThatIsGivenTwiceCounts() {
    var twice =
        "quorum_up /bin/true\nquorum_up /bin/false\nquorum_down /bin/true\nquorum_down /bin/false";
    var real = "real_server 10.0.0.2 80 {\nnotify_up /bin/true\nnotify_up /bin/false\n}";
    var read =
        Read.text("virtual_server 10.0.0.1 80 {\nprotocol TCP\n" + twice + "\n" + real + "\n}\n");
    assertThat(read.virtualServers().getFirst().listeners())
        .hasSize(3)
        .allSatisfy(each -> assertThat(each.toString()).contains("/bin/true"));
    assertThat(Read.told(read))
        .filteredOn(text -> text.contains("given twice, and left out: the first counts"))
        .hasSize(3);
  }

  @Test
  void anAddressThatIsMappedFromIpv4IsNoAddress() {
    assertThat(Read.told("virtual_server ::ffff:10.3.0.6 80 {\n" + REAL + "}\n"))
        .anyMatch(text -> text.contains("error: virtual server: '::ffff:10.3.0.6'"));
    assertThat(told("protocol TCP", "real_server ::ffff:10.3.0.6 80 {", "}"))
        .anyMatch(text -> text.contains("error: real_server: '::ffff:10.3.0.6'"));
  }
}
