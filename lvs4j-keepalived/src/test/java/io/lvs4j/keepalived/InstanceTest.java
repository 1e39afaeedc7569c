package io.lvs4j.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.Program;
import io.lvs4j.api.host.AddressScope;
import io.lvs4j.api.vrrp.Authentication;
import io.lvs4j.api.vrrp.ChecksumDialect;
import io.lvs4j.api.vrrp.HmacAuthentication;
import io.lvs4j.api.vrrp.Tracker;
import io.lvs4j.api.vrrp.UnicastPeer;
import io.lvs4j.api.vrrp.VirtualAddress;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.keepalived.script.ScriptCommand;
import io.lvs4j.keepalived.script.VrrpNotification;
import io.lvs4j.keepalived.script.VrrpNotification.Trigger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the keywords of VRRP mean, and what is done about settings that don't go together. */
class InstanceTest {
  private static List<String> told(String... lines) {
    return Read.told(Read.instanceText(lines));
  }

  @Test
  void whatIsNotSaidIsAsInKeepalived() {
    var instance = Read.instance();

    assertThat(told()).isEmpty();
    assertThat(instance.priority().value()).isEqualTo(100);
    assertThat(instance.version()).isEqualTo(VrrpVersion.V2);
    assertThat(instance.advertisementInterval()).isEqualTo(Duration.ofSeconds(1));
    assertThat(instance.isPreempting()).isTrue();
    assertThat(instance.isStartingAsMaster()).isTrue();
    assertThat(instance.isAdvertisingBeforeSteppingDown()).isFalse();
    assertThat(instance.isAnsweringLowerPriority()).isTrue();
    assertThat(instance.announcements().refresh()).isZero();
    assertThat(instance.announcements().repeat()).isEqualTo(5);
    assertThat(instance.announcements().delay()).isEqualTo(Duration.ofSeconds(5));
    assertThat(instance.virtualAddresses()).containsExactly(VirtualAddress.of("10.0.0.1/32"));
  }

  @Test
  void theStateMattersToAnOwnerOnly() {
    assertThat(Read.instance("priority 255", "state BACKUP").isStartingAsMaster()).isFalse();
    assertThat(Read.instance("priority 255", "state MASTER").isStartingAsMaster()).isTrue();
    assertThat(Read.instance("state MASTER").priority().value()).isEqualTo(255);
    assertThat(told("state MASTER"))
        .containsExactly(
            "1:1: warning: vrrp_instance VI_1: no priority and state MASTER, which means 255, the"
                + " address owner");
    assertThat(told("state Master"))
        .containsExactly(
            "7:7: error: state: 'Master' (expected: MASTER or BACKUP, which is taken)");
  }

  @Test
  void aMasterPreempts() {
    var instance = Read.instance("state MASTER", "priority 150", "nopreempt", "preempt_delay 5");

    assertThat(instance.isPreempting()).isTrue();
    assertThat(instance.preemptDelay()).isZero();
    assertThat(told("state MASTER", "priority 150", "nopreempt", "preempt_delay 5"))
        .containsExactly(
            "1:1: warning: vrrp_instance VI_1: nopreempt with state MASTER: preemption stays on"
                + " (expected: state BACKUP)",
            "1:1: warning: vrrp_instance VI_1: preempt_delay with state MASTER: there is none"
                + " (expected: state BACKUP)");
    assertThat(Read.instance("state BACKUP", "nopreempt").isPreempting()).isFalse();
    assertThat(Read.instance("preempt_delay 4.5").preemptDelay())
        .isEqualTo(Duration.ofMillis(4500));
    assertThat(Read.instance("nopreempt", "preempt_delay 4").preemptDelay()).isZero();
  }

  @Test
  void theIntervalIsRoundedToWhatTheVersionHas() {
    assertThat(Read.instance("advert_int 1.5").advertisementInterval())
        .isEqualTo(Duration.ofSeconds(2));
    assertThat(Read.instance("advert_int 0.2").advertisementInterval())
        .isEqualTo(Duration.ofSeconds(1));
    assertThat(Read.instance("version 3", "advert_int 0.2").advertisementInterval())
        .isEqualTo(Duration.ofMillis(200));
    assertThat(Read.instance("version 3", "advert_int 50").advertisementInterval())
        .isEqualTo(Duration.ofMillis(40_950));
    assertThat(told("advert_int 1.5"))
        .containsExactly(
            "1:1: warning: vrrp_instance VI_1: advert_int 1.5, which is taken as 2"
                + " (expected: whole seconds in version 2)");
    assertThat(told("advert_int 0"))
        .containsExactly("7:12: error: advert_int: '0' (expected: 0.01-255 seconds)");
  }

  @Test
  void aPriorityThatIsNoneIsAHundred() {
    assertThat(Read.instance("priority 300").priority().value()).isEqualTo(100);
    assertThat(told("priority 300"))
        .containsExactly(
            "7:10: error: priority: '300' (expected: 1-255)",
            "7:1: warning: priority: 100 is taken");
  }

  @Test
  void passwordsHaveEightBytes() {
    assertThat(
            Read.instance("authentication {", "auth_type PASS", "auth_pass 123456789", "}")
                .authentication())
        .contains(Authentication.password("12345678"));
    assertThat(told("authentication {", "auth_type PASS", "auth_pass 123456789", "}"))
        .containsExactly("9:11: warning: auth_pass: more than 8 bytes, of which the first 8 count");
    assertThat(
            Read.instance("authentication {", "auth_type PASS", "auth_pass abcdefgü", "}")
                .authentication())
        .contains(Authentication.password("abcdefg"));
    assertThat(told("authentication {", "auth_type PASS", "}"))
        .containsExactly(
            "7:1: error: authentication: no auth_pass, so there is none (expected: one)");
    assertThat(told("version 3", "authentication {", "auth_type PASS", "auth_pass a", "}"))
        .containsExactly(
            "1:1: warning: vrrp_instance VI_1: authentication in version 3: there is none"
                + " (expected: version 2, or auth_hmac)");
  }

  @Test
  void whatCantBeAuthenticatedAsAskedIsLeftOut() {
    var header = Read.instanceText("authentication {", "auth_type AH", "auth_pass a", "}");
    assertThat(Read.text(header).vrrpInstances()).isEmpty();
    assertThat(Read.told(header)).singleElement().asString().contains("auth_type: AH");
    var keyless = Read.instanceText("auth_hmac {", "mode enforce", "}");
    assertThat(Read.text(keyless).vrrpInstances()).isEmpty();
    assertThat(Read.told(keyless))
        .containsExactly(
            "7:1: error: auth_hmac: no key (expected: at least one)",
            "1:1: error: vrrp_instance VI_1: left out");
  }

  @Test
  void keysComeAsHexAsTextOrFromAFile(@TempDir Path directory) throws Exception {
    var file = Files.writeString(directory.resolve("key"), "f".repeat(40) + "\n");

    var authentication =
        (HmacAuthentication)
            Read.instance(
                    "version 3",
                    "auth_hmac {",
                    "key 1 hex:" + "61".repeat(32),
                    "key 2 " + "b".repeat(33),
                    "key 3 file:" + file,
                    "active_key 2",
                    "anti_replay monotonic",
                    "time_window 9",
                    "mode receive-only",
                    "}")
                .authentication()
                .orElseThrow();

    assertThat(authentication.keys())
        .extracting(key -> key.id() + " " + new String(key.secret(), "US-ASCII").charAt(0))
        .containsExactly("1 a", "2 b", "3 f");
    assertThat(authentication.keys().getLast().secret()).hasSize(40);
    assertThat(authentication.activeKey()).isEqualTo(2);
    assertThat(authentication.antiReplay()).isEqualTo(HmacAuthentication.AntiReplay.MONOTONIC);
    assertThat(authentication.timeWindow()).contains(Duration.ofSeconds(9));
    assertThat(authentication.mode()).isEqualTo(HmacAuthentication.Mode.RECEIVE_ONLY);
  }

  @Test
  void aKeyWithoutAPrefixIsWhatStandsThere() {
    var authentication =
        (HmacAuthentication)
            Read.instance(
                    "version 3",
                    "auth_hmac {",
                    "key 1 0123456789abcdef0123456789abcdef",
                    "key 2 ascii:" + "b".repeat(33),
                    "}")
                .authentication()
                .orElseThrow();
    assertThat(authentication.keys())
        .extracting(key -> new String(key.secret(), StandardCharsets.US_ASCII))
        .containsExactly("0123456789abcdef0123456789abcdef", "ascii:" + "b".repeat(33));
  }

  @Test
  void aKeyIsReadFromARegularFileOnly() {
    assertThat(told("version 3", "auth_hmac {", "key 1 file:/proc/kmsg", "}"))
        .anyMatch(text -> text.contains("key: can't be read"));
    assertThat(told("version 3", "auth_hmac {", "key 1 file:/dev/zero", "}"))
        .anyMatch(text -> text.contains("key: can't be read"));
  }

  @Test
  void strictModeKnowsNoPasswordAsInKeepalived() {
    var password = "authentication {\nauth_type PASS\nauth_pass a\n}\n";
    var globally = "global_defs {\nvrrp_strict\n}\n";
    var strict =
        Read.text(globally + Read.instanceText(password, "state BACKUP", "preempt_delay 5"));
    assertThat(strict.vrrpInstances().getFirst().authentication()).isEmpty();
    assertThat(strict.vrrpInstances().getFirst().preemptDelay()).isZero();
    assertThat(Read.told(strict))
        .anyMatch(text -> text.startsWith("2:1: error: vrrp_strict is not supported yet but"))
        .anyMatch(text -> text.contains("authentication in strict mode: there is none"));
    assertThat(Read.instance("strict_mode on", password).authentication()).isEmpty();
    var but = Read.text(globally + Read.instanceText("strict_mode off", password));
    assertThat(but.vrrpInstances().getFirst().authentication()).isPresent();
  }

  @Test
  void aLabelThatCannotBeIsLostWithTheLeastOfItsAddress() {
    var read =
        Read.text(
            Read.instanceText(
                "virtual_ipaddress_excluded {",
                "2001:db8::1/64 label eth0:1",
                "10.0.0.2 label eth0:abcdefghijklmnopq",
                "10.0.0.3 dev a-name-that-is-too-long",
                "224.0.0.1",
                "10.0.0.4 label eth0:1",
                "}"));
    assertThat(read.vrrpInstances().getFirst().excludedAddresses())
        .extracting(each -> each + " " + each.label().orElse("-"))
        .containsExactly("2001:db8::1/64 -", "10.0.0.4/32 eth0:1");
    assertThat(Read.told(read))
        .hasSize(4)
        .allMatch(text -> text.matches("(8|9|10|11):1: error: virtual address .*"));
  }

  @Test
  void theOwnAddressAmongPeersIsSkipped() {
    var all = "unicast_peer {\n10.0.0.8\n10.0.0.9\n10.0.0.9\n}";
    var read = Read.text(Read.instanceText("unicast_src_ip 10.0.0.8", all));
    assertThat(read.vrrpInstances().getFirst().unicastPeers())
        .extracting(peer -> peer.address().getHostAddress())
        .containsExactly("10.0.0.9");
    assertThat(Read.told(read))
        .containsExactly(
            "1:1: warning: vrrp_instance VI_1: unicast_peer 10.0.0.8 is unicast_src_ip itself, and"
                + " skipped");
    var six = "unicast_src_ip 2001:db8::8\nunicast_peer {\n2001:db8:0::8\n2001:db8::9\n}";
    var v6 = Read.text(Read.instanceText(six).replace("    10.0.0.1\n", "fe80::1\n"));
    assertThat(v6.vrrpInstances().getFirst().unicastPeers()).hasSize(1);
  }

  @Test
  void theFirstOfAScriptThatIsGivenTwiceCountsAsInKeepalived() {
    for (var keyword :
        List.of(
            "notify",
            "notify_master",
            "notify_backup",
            "notify_fault",
            "notify_stop",
            "notify_deleted",
            "notify_master_rx_lower_pri")) {
      var read = Read.text(Read.instanceText(keyword + " /bin/true", keyword + " /bin/false"));
      assertThat(read.vrrpInstances().getFirst().listeners())
          .singleElement()
          .satisfies(each -> assertThat(each.toString()).contains("/bin/true"));
      assertThat(Read.told(read))
          .containsExactly(
              "8:1: error: "
                  + keyword
                  + ": given twice, and left out: the first counts (expected: once)");
    }
    var pipes =
        Read.text(
            "global_defs {\nnotify_fifo /run/a\nnotify_fifo /run/b\n}\n" + Read.instanceText());
    assertThat(Read.told(pipes)).singleElement().asString().startsWith("3:1: error: notify_fifo:");
    assertThat(pipes.vrrpInstances().getFirst().listeners().toString()).contains("/run/a");
  }

  @Test
  void anAddressThatIsMappedFromIpv4IsNoAddress() {
    assertThat(told("unicast_peer {", "::ffff:10.0.0.9", "}"))
        .anyMatch(text -> text.contains("error: unicast_peer: '::ffff:10.0.0.9'"));
    assertThat(told("virtual_ipaddress_excluded {", "::ffff:a00:9", "}"))
        .anyMatch(text -> text.contains("error: virtual address: '::ffff:a00:9'"));
    assertThat(told("mcast_src_ip ::ffff:10.0.0.9")).isNotEmpty();
  }

  @Test
  void aSecretIsNeverPartOfADiagnostic() {
    assertThat(told("version 3", "auth_hmac {", "key 1 hex:topsecretz", "key 2 topsecret", "}"))
        .isNotEmpty()
        .allSatisfy(text -> assertThat(text).doesNotContain("topsecret"));
  }

  @Test
  void addressesHaveOptions() {
    var instance =
        Read.instance(
            "virtual_ipaddress_excluded {",
            "10.0.0.2/24 dev eth1 label eth1:2 scope link",
            "2001:db8::1/64 preferred_lft 0",
            "2001:db8::2 preferred_lft forever",
            "}");

    assertThat(instance.excludedAddresses())
        .containsExactly(
            VirtualAddress.of("10.0.0.2/24").on("eth1").label("eth1:2").scope(AddressScope.LINK),
            VirtualAddress.of("2001:db8::1/64").preferredLifetime(Duration.ZERO),
            VirtualAddress.of("2001:db8::2/128")
                .preferredLifetime(Duration.ofSeconds(0xffff_ffffL)));
    assertThat(
            told(
                "virtual_ipaddress_excluded {",
                "10.0.0.2/33",
                "10.0.0.300",
                "10.0.0.3 brd 10.0.0.255 foo",
                "10.0.0.1",
                "}"))
        .containsExactly(
            "8:1: error: virtual address: '10.0.0.2/33' (expected: a prefix length of 1-32; 32 is"
                + " taken)",
            "9:1: error: virtual address: '10.0.0.300' (expected: an IP address)",
            "10:10: error: brd 10.0.0.255 of an address is not supported yet: left out",
            "10:25: error: virtual address: 'foo' (expected: dev, label, scope, preferred_lft)",
            "1:1: warning: vrrp_instance VI_1: virtual address 10.0.0.1/32: given twice, the first"
                + " counts");
  }

  @Test
  void addressesOfAnotherFamilyThanTheFirstAreLeftOut() {
    assertThat(told("virtual_ipaddress {", "2001:db8::1", "}"))
        .containsExactly(
            "1:1: error: vrrp_instance VI_1: virtual address 2001:db8::1/128: of another family"
                + " than the first, and left out");
  }

  @Test
  void unicast() {
    var instance =
        Read.instance(
            "unicast_src_ip 192.0.2.1",
            "unicast_ttl 64",
            "unicast_peer {",
            "192.0.2.2",
            "192.0.2.3 min_ttl 250 max_ttl 255",
            "}");

    assertThat(instance.sourceAddress().orElseThrow().getHostAddress()).isEqualTo("192.0.2.1");
    assertThat(instance.unicastTtl()).isEqualTo(64);
    assertThat(instance.unicastPeers())
        .containsExactly(UnicastPeer.of("192.0.2.2"), UnicastPeer.of("192.0.2.3").ttl(250, 255));
    assertThat(instance.isUnicastSourceChecked()).isTrue();
    assertThat(told("unicast_src_ip 192.0.2.1"))
        .containsExactly(
            "1:1: warning: vrrp_instance VI_1: unicast without a peer, which means multicast"
                + " (expected: unicast_peer)");
    assertThat(Read.text(Read.instanceText("unicast_fault_no_peer")).vrrpInstances()).isEmpty();
  }

  @Test
  void globalDefinitionsAreDefaults() {
    var globals =
        """
        global_defs {
          vrrp_version 3
          vrrp_mcast_group4 224.0.0.99
          vrrp_garp_master_repeat 2
          vrrp_garp_master_refresh 60
          vrrp_garp_interval 0.001
          vrrp_higher_prio_send_advert
          vrrp_lower_prio_no_advert yes
          vrrp_down_timer_adverts 5
          vrrp_startup_delay 5.5
        }
        """;
    var instance = Read.text(globals + Read.instanceText()).vrrpInstances().getFirst();

    assertThat(instance.version()).isEqualTo(VrrpVersion.V3);
    assertThat(instance.multicastGroup().orElseThrow().getHostAddress()).isEqualTo("224.0.0.99");
    assertThat(instance.announcements().repeat()).isEqualTo(2);
    assertThat(instance.announcements().refresh()).isEqualTo(Duration.ofMinutes(1));
    assertThat(instance.announcements().spacing()).isEqualTo(Duration.ofMillis(1));
    assertThat(instance.isAdvertisingBeforeSteppingDown()).isTrue();
    assertThat(instance.isAnsweringLowerPriority()).isFalse();
    assertThat(instance.downTimerAdverts()).isEqualTo(5);
    assertThat(instance.startUpDelay()).isEqualTo(Duration.ofMillis(5500));
    var own =
        Read.text(
                Read.instanceText(
                        "garp_master_repeat 3", "higher_prio_send_advert off", "v3_checksum_as_v2")
                    + globals)
            .vrrpInstances()
            .getFirst();
    assertThat(own.announcements().repeat()).isEqualTo(3);
    assertThat(own.isAdvertisingBeforeSteppingDown()).isFalse();
    assertThat(own.checksum()).isEqualTo(ChecksumDialect.RFC_9568);
  }

  @Test
  void trackers() {
    var read =
        Read.text(
            """
            vrrp_script chk {
              script "killall -0 nginx"
              interval 2
              timeout 5
              weight -20
              rise 2
              fall 3
              init_fail
            }
            track_file load {
              file /run/load
              weight 2
            }
            """
                + Read.instanceText(
                    "track_interface {",
                    "eth0",
                    "eth1 weight 10 reverse",
                    "}",
                    "track_script {",
                    "chk weight 5",
                    "chkk",
                    "}",
                    "track_file {",
                    "load",
                    "}"));

    assertThat(read.vrrpInstances().getFirst().trackers())
        .containsExactly(
            Tracker.networkInterface("eth1").weight(10).reversed(),
            Tracker.script("chk", "killall", "-0", "nginx")
                .every(Duration.ofSeconds(2))
                .timeout(Duration.ofSeconds(5))
                .weight(5)
                .rise(2)
                .fall(3)
                .failedAtFirst(),
            Tracker.file("load", Path.of("/run/load")).weight(2));
    assertThat(Read.told(read))
        .containsExactly(
            "26:1: error: track_script: 'chkk' (expected: the name of a vrrp_script)"
                + " (did you mean chk?)",
            "14:1: warning: vrrp_instance VI_1: track_interface eth0: its own interface is tracked"
                + " anyway");
  }

  @Test
  void syncGroups() {
    var read =
        Read.text(
            "vrrp_sync_group G {\ngroup {\nVI_1\nVI_2 VI_3\n}\nnotify \"/n.sh a\"\n}\n"
                + Read.instanceText()
                + Read.instanceText()
                    .replace("VI_1", "VI_2")
                    .replace("51", "52")
                    .replace("10.0.0.1", "10.0.0.2"));

    var group = read.syncGroups().getFirst();
    assertThat(group.instances()).containsExactly("VI_1", "VI_2");
    assertThat(group.listeners())
        .containsExactly(
            new VrrpNotification(Trigger.ANY, new ScriptCommand(List.of("/n.sh", "a")), true));
    assertThat(Read.told(read))
        .containsExactly(
            "4:6: error: vrrp_sync_group G: 'VI_3' (expected: the name of a vrrp_instance)"
                + " (did you mean VI_1?)");
  }

  @Test
  void scriptsAreListenersInTheOrderInWhichTheyAreRun() {
    var instance =
        Read.instance(
            "notify /all.sh", "notify_master \"/m.sh master\"", "notify_fault /f.sh root");

    assertThat(instance.listeners())
        .containsExactly(
            new VrrpNotification(
                Trigger.MASTER, new ScriptCommand(List.of("/m.sh", "master")), false),
            new VrrpNotification(Trigger.FAULT, new ScriptCommand(List.of("/f.sh")), false),
            new VrrpNotification(Trigger.ANY, new ScriptCommand(List.of("/all.sh")), false));
    assertThat(Read.instance("notify_fault /f.sh nobody").listeners())
        .containsExactly(
            new VrrpNotification(
                Trigger.FAULT, new ScriptCommand(Program.of("/f.sh").user("nobody")), false));
  }

  @Test
  void anInstanceNeedsANameAnIdAndAnInterface() {
    assertThat(Read.told("vrrp_instance {\n}\n"))
        .containsExactly("1:1: error: vrrp_instance: no name (expected: one)");
    assertThat(Read.told("vrrp_instance A {\ninterface eth0\n}\n"))
        .containsExactly("1:1: error: vrrp_instance A: no virtual_router_id (expected: 1-255)");
    assertThat(
            Read.told(
                "vrrp_instance A {\nvirtual_router_id 1\nvirtual_ipaddress {\n10.0.0.1 dev e\n}\n}\n"))
        .containsExactly(
            "1:1: error: vrrp_instance A: network interface: none"
                + " (expected: a name; only unicast from a unicast_src_ip or mcast_src_ip goes without)");
    assertThat(Read.told(Read.instanceText() + Read.instanceText()))
        .containsExactly("9:1: error: vrrp_instance VI_1: given twice (expected: once)");
  }

  private static final String TWO =
      """
      vrrp_instance A {
        interface eth0
        virtual_router_id 51
        %s
        virtual_ipaddress {
          10.77.0.100/24
        }
      }
      vrrp_instance B {
        interface eth0
        virtual_router_id %d
        %s
        virtual_ipaddress {
          10.77.0.%d/24
        }
      }
      """;

  private static String two(String first, int id, String second, int host) {
    return TWO.formatted(first, id, second, host);
  }

  private static String peer(String address) {
    return "unicast_src_ip 10.77.0.2\n unicast_peer {\n " + address + "\n }";
  }

  @Test
  void oneNumberOnAnInterfaceIsEnoughWhereThePeersOrTheTransportDiffer() {
    for (var file :
        List.of(
            two(peer("10.77.0.3"), 51, peer("10.77.0.4"), 101),
            two(peer("10.77.0.3"), 51, "", 101),
            two("", 51, "mcast_dst_ip 224.0.0.99", 101))) {
      var read = Read.text(file);
      assertThat(Read.told(read)).as(file).isEmpty();
      assertThat(read.vrrpInstances()).hasSize(2);
    }
  }

  @Test
  void aNumberThatIsTakenCostsTheSecondInstanceAndIsToldWhere() {
    var read = Read.text(two("", 51, "", 101));

    assertThat(read.vrrpInstances()).extracting(VrrpInstance::name).containsExactly("A");
    assertThat(Read.told(read))
        .containsExactly(
            "9:1: error: vrrp_instance B: virtual_router_id 51 is that of A on the same interface:"
                + " left out (expected: another one, or unicast_peer that differ)");
  }

  @Test
  void anAddressInTwoInstancesIsAWarningAndBothRun() {
    var read = Read.text(two("", 52, "", 100));

    assertThat(read.vrrpInstances()).hasSize(2);
    assertThat(Read.told(read))
        .containsExactly(
            "9:1: warning: vrrp_instance B: virtual address 10.77.0.100/24 is that of A too; it"
                + " stays while either is master");
  }

  @Test
  void excludedAddressesAloneAreEnough() {
    String alone =
        """
        vrrp_instance VI_1 {
          interface eth0
          virtual_router_id 51
          %s
          virtual_ipaddress_excluded {
            10.0.0.1/24
          }
        }
        """;

    var read = Read.text(alone.formatted(""));
    assertThat(read.vrrpInstances().getFirst().allAddresses()).hasSize(1);
    assertThat(Read.told(read))
        .containsExactly(
            "1:1: warning: vrrp_instance VI_1: no virtual_ipaddress, so that adverts name no"
                + " address (expected: at least one)");
    assertThat(Read.told(alone.formatted("no_virtual_ipaddress"))).isEmpty();
  }

  @Test
  void oneAddressOnTwoInterfacesIsTwoAddresses() {
    assertThat(
            Read.instance(
                    "virtual_ipaddress_excluded {", "10.0.0.1 dev eth4", "10.0.0.1 dev eth5", "}")
                .allAddresses())
        .hasSize(3);
    assertThat(told("virtual_ipaddress_excluded {", "10.0.0.1 dev eth0", "}"))
        .as("its own interface")
        .hasSize(1);
  }
}
