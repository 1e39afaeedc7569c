package io.lvs4j.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.Problem;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.vrrp.Authentication;
import io.lvs4j.keepalived.diagnostic.Severity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole file, and the mistakes that people make most. */
class KeepalivedConfigurationTest {
  private static final String DIRECTOR =
      """
      ! a director
      global_defs {
        router_id LVS_1   # who
      }
      vrrp_instance VI_1
      {
        state MASTER
        interface eth0
        virtual_router_id 51
        priority 100
        advert_int 1
        authentication {
          auth_type PASS
          auth_pass 1111
        }
        virtual_ipaddress { 192.0.2.10/24
        }
      }
      virtual_server 192.0.2.10 80 {
        delay_loop 6
        lb_algo rr
        lb_kind DR
        persistence_timeout 50
        protocol TCP
        sorry_server 127.0.0.1 80
        real_server 192.0.2.21 80 {
          weight 1
          TCP_CHECK {
            connect_timeout 8
            retry 3
            delay_before_retry 3
            connect_port 81
          }
        }
        real_server 192.0.2.22 80 {
          weight 2
        }
      }
      """;

  @Test
  void aFileBecomesWhatJavaCodeBuilds(@TempDir Path directory) throws Exception {
    var file = Files.writeString(directory.resolve("keepalived.conf"), DIRECTOR);

    var read = KeepalivedConfiguration.read(file);

    assertThat(read.diagnostics()).isEmpty();
    assertThat(read.definitions().routerId()).contains("LVS_1");
    var instance = read.vrrpInstances().getFirst();
    assertThat(instance.name()).isEqualTo("VI_1");
    assertThat(instance.networkInterface()).contains("eth0");
    assertThat(instance.virtualRouterId().value()).isEqualTo(51);
    assertThat(instance.priority().value()).isEqualTo(100);
    assertThat(instance.authentication()).contains(Authentication.password("1111"));
    assertThat(instance.virtualAddresses()).hasToString("[192.0.2.10/24]");
    var server = read.virtualServers().getFirst();
    assertThat(server.id()).hasToString("192.0.2.10:80/tcp");
    assertThat(server.scheduler().map(Scheduler::name)).contains("rr");
    assertThat(server.forwarding()).isEqualTo(ForwardingMethod.DIRECT_ROUTING);
    assertThat(server.persistence().orElseThrow().timeout()).isEqualTo(Duration.ofSeconds(50));
    assertThat(server.sorryServer().orElseThrow().endpoint()).hasToString("127.0.0.1:80");
    var first = server.realServers().getFirst();
    assertThat(first.endpoint()).hasToString("192.0.2.21:80");
    var check = first.healthChecks().getFirst();
    assertThat(check.probe().name()).isEqualTo("TCP_CHECK");
    assertThat(check.delayLoop()).isEqualTo(Duration.ofSeconds(6));
    assertThat(check.warmUp()).isEqualTo(Duration.ofSeconds(6));
    assertThat(check.connectTimeout()).isEqualTo(Duration.ofSeconds(8));
    assertThat(check.retries()).isEqualTo(3);
    assertThat(check.delayBeforeRetry()).isEqualTo(Duration.ofSeconds(3));
    assertThat(check.port()).hasValue(81);
    assertThat(server.realServers().get(1).weight()).isEqualTo(2);
    assertThat(server.realServers().get(1).healthChecks()).isEmpty();
  }

  @Test
  void misspeltKeywordsAreToldWithWhatWasMeant() {
    assertThat(
            Read.told(
                """
                global_defs {
                  lvs_id director1 # the id
                }
                virtual_server 10.0.0.1 80 {
                  protocol TCP
                  persistence_time 1
                  net_mask 255.255.255.255
                  real_server 10.0.0.2 80 {
                    TCP_CHECK {
                      connection_timeout 10
                      nb_get_retry 3
                    }
                  }
                }
                """))
        .containsExactly(
            "2:3: warning: unknown keyword 'lvs_id' in global_defs (did you mean router_id?)",
            "6:3: warning: unknown keyword 'persistence_time' in virtual_server"
                + " (did you mean persistence_timeout?)",
            "7:3: warning: unknown keyword 'net_mask' in virtual_server (did you mean"
                + " persistence_granularity, or a prefix length in virtual_ipaddress?)",
            "10:7: warning: unknown keyword 'connection_timeout' in TCP_CHECK"
                + " (did you mean connect_timeout?)",
            "11:7: warning: unknown keyword 'nb_get_retry' in TCP_CHECK (did you mean retry?)");
  }

  @Test
  void aDashApartFromItsNumberIsNoNumber() {
    var read =
        Read.text(
            """
            vrrp_script chk {
              script "killall -0 nginx"
              weight - 2
              fall 2
            }
            """
                + Read.instanceText("track_script {", "chk", "}"));

    assertThat(Read.told(read))
        .containsExactly("3:10: warning: weight: '-' (expected: -253-253) (did you mean -2?)");
    var tracker = read.vrrpInstances().getFirst().trackers().getFirst();
    assertThat(tracker.weight()).isZero();
    assertThat(tracker.fall()).isEqualTo(2);
  }

  @Test
  void anUnknownBlockIsLeftOutAsAWhole() {
    var read =
        Read.text(
            """
            global_defs {
              strange_block {
                router_id X
                another {
                  vrrp_version 3
                }
              }
              router_id R1
            }
            """
                + Read.instanceText());

    assertThat(Read.told(read))
        .containsExactly(
            "2:3: error: unknown block 'strange_block' in global_defs: left out to its end");
    assertThat(read.definitions().routerId()).contains("R1");
    assertThat(read.vrrpInstances().getFirst().version().number()).isEqualTo(2);
  }

  @Test
  void aBraceThatIsMissingIsLookedForWhereItWasForgotten() {
    assertThat(
            Read.told(
                """
                virtual_server 10.0.0.1 80 {
                  protocol TCP
                  real_server 10.0.0.2 80 {
                    weight 1
                }
                virtual_server 10.0.0.9 80 {
                  protocol TCP
                  real_server 10.0.0.2 80 {
                  }
                }
                """))
        .containsExactly(
            "1:1: error: block 'virtual_server' has no end (expected: '}' before the end of the"
                + " file)",
            "6:1: error: unknown block 'virtual_server' in virtual_server: left out to its end"
                + " (did you mean '}' before it?)");
  }

  @Test
  void aSecondKeywordOnALineIsToldOf() {
    var read = Read.text(Read.instanceText("priority 150 nopreempt"));

    assertThat(Read.told(read))
        .containsExactly(
            "7:14: error: priority: 'nopreempt' and what follows is left out"
                + " (expected: one keyword on a line)");
    assertThat(read.vrrpInstances().getFirst().priority().value()).isEqualTo(150);
    assertThat(read.vrrpInstances().getFirst().isPreempting()).isTrue();
  }

  @Test
  void fullWidthPunctuationIsToldWithWhatWasMeant() {
    var read = Read.text(Read.instanceText("priority １５０", "advert_int　1"));

    assertThat(Read.told(read))
        .containsExactly(
            "7:10: warning: '１' (U+FF11): full-width or typographic, and part of a word here"
                + " (did you mean 'priority 150'?)",
            "8:11: warning: '　' (U+3000): full-width or typographic, and part of a word here"
                + " (did you mean 'advert_int 1'?)",
            "7:10: error: priority: '１５０' (expected: 1-255) (did you mean 150?)",
            "7:1: warning: priority: 100 is taken",
            "8:1: warning: unknown keyword 'advert_int　1' in vrrp_instance"
                + " (did you mean advert_int?)");
  }

  @Test
  void aFullWidthBraceClosesNothingElse() {
    var read =
        Read.text(
            """
            vrrp_instance VI_0 ｛
              virtual_router_id 1
            ｝
            """
                + Read.instanceText());

    assertThat(read.vrrpInstances()).extracting(i -> i.name()).containsExactly("VI_1");
    assertThat(Read.told(read))
        .containsExactly(
            "1:20: error: '｛': a full-width brace (did you mean {?)",
            "3:1: error: '｝': a full-width brace (did you mean }?)");
  }

  @Test
  void aStrictReaderRefusesWithAllThatThereIsToSay() {
    var strict = Read.reader().strict().build();

    assertThatThrownBy(() ->
            strict.read(
                "k.conf", "global_defs {\n lvs_id a\n smtp_alert\n foo b\n}\n", Path.of(".")))
        .isInstanceOfSatisfying(
            InvalidConfigurationException.class,
            refusal -> assertThat(refusal.problems()).hasSize(2))
        .hasMessageContaining("k.conf:2:2: unknown keyword 'lvs_id' in global_defs")
        .hasMessageContaining("expected: router_id");
    assertThat(strict.read("k.conf", "global_defs {\n smtp_alert\n}\n", Path.of(".")).diagnostics())
        .extracting(d -> d.severity())
        .containsExactly(Severity.NOTE);
  }

  @Test
  void aMissingFileIsOneProblem(@TempDir Path directory) {
    assertThatThrownBy(() -> KeepalivedConfiguration.read(directory.resolve("none.conf")))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageMatching("keepalived.conf: .*none.conf \\(expected: a file that is there\\)");
  }

  @Test
  void withoutAProtocolItIsUdp() {
    var server = Read.virtualServer("real_server 10.0.0.2 80 {", "}");

    assertThat(server.id()).hasToString("10.0.0.1:80/udp");
  }

  @Test
  void whatIsOddButAllowedIsToldWithItsLineAndInKeywords() {
    var script = "vrrp_script S {\nscript /bin/true\nweight 5\n}\n";
    var member = Read.instanceText("track_script {\nS\n}");
    var read =
        Read.text(
            script
                + member
                + member
                    .replace("VI_1", "VI_2")
                    .replace("id 51", "id 52")
                    .replace("10.0.0.1", "10.0.0.2")
                + "vrrp_sync_group G {\ngroup {\nVI_1\nVI_2\n}\n}\n");
    assertThat(Read.told(read))
        .containsExactly(
            "25:1: warning: vrrp_sync_group G: tracker S: weight 5 is ignored in a sync group"
                + " (expected: no weight, or sync_group_tracking_weight)");
    assertThat(
            Read.told(
                script + Read.instanceText("nopreempt", "state BACKUP", "track_script {\nS\n}")))
        .singleElement()
        .asString()
        .startsWith("5:1: warning: vrrp_instance VI_1: tracker S: weight 5 with nopreempt: ");
    assertThat(Read.told(Read.instanceText().replace("10.0.0.1", "2001:db8::1")))
        .singleElement()
        .asString()
        .contains("the first, but not link-local");
    assertThat(Read.told(Read.instanceText("version 3", "advert_int 0.05", "down_timer_adverts 5")))
        .anyMatch(text -> text.contains("vrrp_instance VI_1: advert_int: 50ms"))
        .anyMatch(text -> text.contains("vrrp_instance VI_1: down_timer_adverts: 5"));
  }

  @Test
  void aProblemThatIsFoundLaterHasTheLineOfWhatItIsAbout() {
    var ten = Read.instanceText().replace("VI_1", "VI_10");
    var read =
        Read.text(
            ten + Read.instanceText().replace("id 51", "id 52").replace("10.0.0.1", "10.0.0.2"));
    var problem =
        new Problem("VRRP instance VI_1: advertisement interval", "x", "noVirtualAddress()");
    assertThat(read.located(problem))
        .hasToString(
            "k.conf:9:1: vrrp_instance VI_1: advert_int: x (expected: no_virtual_ipaddress)");
    assertThat(read.located(new Problem("other", "x", "y"))).hasToString("other: x (expected: y)");
  }
}
