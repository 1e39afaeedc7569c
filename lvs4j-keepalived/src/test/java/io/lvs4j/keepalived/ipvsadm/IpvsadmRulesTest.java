package io.lvs4j.keepalived.ipvsadm;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.Persistence;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.Tunnel;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.keepalived.model.KernelScheduler;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rules as ipvsadm-save writes them, and command lines as people type them. */
class IpvsadmRulesTest {
  private static IpvsadmRules read(String text) {
    return IpvsadmRules.read("rules", text, KernelScheduler::new);
  }

  private static List<String> told(String text) {
    return read(text).diagnostics().stream().map(Object::toString).toList();
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    var servers =
        List.of(
            VirtualServer.tcp("10.0.0.1", 80)
                .scheduler(new KernelScheduler("sh", Set.of("sh-port", "sh-fallback")))
                .forwarding(ForwardingMethod.DIRECT_ROUTING)
                .persistence(
                    Persistence.byClientAddress(Duration.ofSeconds(300)).granularity(24, 128))
                .realServer(RealServer.of("10.0.0.2", 80).weight(5).thresholds(100, 50))
                .realServer(RealServer.of("10.0.0.3", 8080).forwarding(ForwardingMethod.NAT))
                .build(),
            VirtualServer.udp("2001:db8::1", 53)
                .scheduler(new KernelScheduler("rr", Set.of()))
                .forwarding(ForwardingMethod.TUNNEL)
                .onePacket()
                .realServer(RealServer.of("2001:db8::2", 53))
                .realServer(
                    RealServer.of("10.0.0.4", 53).tunnel(Tunnel.gue(5555, Tunnel.Checksum.PRESENT)))
                .realServer(RealServer.of("10.0.0.5", 53).tunnel(Tunnel.gre()))
                .build(),
            VirtualServer.firewallMark(7, AddressFamily.IPV6)
                .scheduler(new KernelScheduler("wlc", Set.of()))
                .persistence(Persistence.byClientAddress(Duration.ofSeconds(60)).engine("sip"))
                .realServer(RealServer.of("2001:db8::7", 0).weight(0))
                .build());

    var written = IpvsadmRules.write(servers);

    assertThat(written.losses()).isEmpty();
    assertThat(written.text())
        .isEqualTo(
            """
            -A -t 10.0.0.1:80 -s sh -b sh-fallback,sh-port -p 300 -M 255.255.255.0
            -a -t 10.0.0.1:80 -r 10.0.0.2:80 -g -w 5 -x 100 -y 50
            -a -t 10.0.0.1:80 -r 10.0.0.3:8080 -m -w 1
            -A -u [2001:db8::1]:53 -s rr -o
            -a -u [2001:db8::1]:53 -r [2001:db8::2]:53 -i -w 1
            -a -u [2001:db8::1]:53 -r 10.0.0.4:53 -i -w 1 --tun-type gue --tun-port 5555 --tun-csum
            -a -u [2001:db8::1]:53 -r 10.0.0.5:53 -i -w 1 --tun-type gre --tun-nocsum
            -A -f 7 -6 -s wlc -p 60 --pe sip
            -a -f 7 -6 -r [2001:db8::7]:0 -m -w 0
            """);
    var read = read(written.text());
    assertThat(read.diagnostics()).isEmpty();
    assertThat(read.virtualServers()).isEqualTo(servers);
  }

  @Test
  void allClientsAsOneAreWrittenAndReadAgain() {
    var sticky = Persistence.byClientAddress(Duration.ofSeconds(300)).granularity(0, 128);
    var web =
        VirtualServer.tcp("10.0.0.1", 80)
            .scheduler(new KernelScheduler("rr", Set.of()))
            .persistence(sticky)
            .build();

    var written = IpvsadmRules.write(List.of(web));

    assertThat(written.losses()).isEmpty();
    assertThat(written.text()).isEqualTo("-A -t 10.0.0.1:80 -s rr -p 300 -M 0.0.0.0\n");
    assertThat(read(written.text()).diagnostics()).isEmpty();
    assertThat(read(written.text()).virtualServers().getFirst().persistence()).contains(sticky);
  }

  @Test
  void ipvsadmKnowsNoPrefixOfZeroForIpv6() {
    var web =
        VirtualServer.tcp("2001:db8::1", 80)
            .persistence(Persistence.byClientAddress(Duration.ofSeconds(300)).granularity(32, 0))
            .build();

    var written = IpvsadmRules.write(List.of(web));

    assertThat(written.text()).isEqualTo("-A -t [2001:db8::1]:80 -s wlc -p 300 -M 1\n");
    assertThat(written.losses())
        .extracting(Object::toString)
        .containsExactly(
            "virtual server [2001:db8::1]:80/tcp: persistence granularity 0 (expected: 1-128; 1 is"
                + " written)");
    assertThat(told("-A -t [2001:db8::1]:80 -s rr -p 300 -M 0"))
        .singleElement()
        .asString()
        .contains("--netmask", "1-128");
  }

  @Test
  void commandLinesAreReadWithTheirPrompts() {
    var read =
        read(
            """
            [root@host ~]# ipvsadm -A -t 192.0.2.1:80 -s rr
            sudo ipvsadm -A -t 192.0.2.1 -s rr -p 900
            /sbin/ipvsadm -a -t 192.0.2.1:80 -r 192.0.2.9 -m
            # a remark
            ipvsadm -a -t 192.0.2.1:80 -r 192.0.2.8 -i
            ipvsadm -a -t 192.0.2.1 -r 192.0.2.9
            """);

    assertThat(read.diagnostics()).isEmpty();
    assertThat(IpvsadmRules.write(read.virtualServers()).text())
        .isEqualTo(
            """
            -A -t 192.0.2.1:80 -s rr
            -a -t 192.0.2.1:80 -r 192.0.2.9:80 -m -w 1
            -a -t 192.0.2.1:80 -r 192.0.2.8:80 -i -w 1
            -A -t 192.0.2.1:0 -s rr -p 900
            -a -t 192.0.2.1:0 -r 192.0.2.9:0 -g -w 1
            """);
  }

  @Test
  void commandsChangeWhatIsThere() {
    var read =
        read(
            """
            -A -t 10.0.0.1:80
            -a -t 10.0.0.1:80 -r 10.0.0.2 -w 3
            -a -t 10.0.0.1:80 -r 10.0.0.3 -w 3
            -e -t 10.0.0.1:80 -r 10.0.0.2 --weight=0 -m
            -d -t 10.0.0.1:80 -r 10.0.0.3
            -E -t 10.0.0.1:80 --scheduler nq --persistent=30
            -A -u 10.0.0.1:80 -p
            -D -u 10.0.0.1:80
            """);

    assertThat(read.diagnostics()).isEmpty();
    assertThat(IpvsadmRules.write(read.virtualServers()).text())
        .isEqualTo("-A -t 10.0.0.1:80 -s nq -p 30\n-a -t 10.0.0.1:80 -r 10.0.0.2:80 -m -w 0\n");
    assertThat(read("-A -t 10.0.0.1:80\n-C\n").virtualServers()).isEmpty();
  }

  @Test
  void whatIsNotUnderstoodIsToldAndLeftOut() {
    assertThat(
            told(
                """
                -A -t localhost.localdomain:http -s rr
                -A -t 10.0.0.1:80 -s rx
                -A -t 10.0.0.1:80 -s rr
                -a -t 10.0.0.1:80 -r 10.0.0.2:80 -w -5
                -a -t 10.0.0.9:80 -r 10.0.0.2:80
                -e -t 10.0.0.1:80 -r 10.0.0.2:80
                -A -f 0
                -L -n
                -A
                -a -t 10.0.0.1:80 -r 10.0.0.2:80 -i --tun-type vxlan
                """))
        .containsExactly(
            "rules:1:1: error: ipvsadm: -t: localhost.localdomain:http (expected: an IP address"
                + " and a port, as ipvsadm-save -n writes them); the line is left out",
            "rules:2:1: error: ipvsadm: -s: rx (expected: one of the kernel's schedulers); wlc is"
                + " taken (did you mean rr?)",
            "rules:3:1: error: ipvsadm: -A: 10.0.0.1:80/tcp (expected: a service that isn't there"
                + " yet); the line is left out",
            "rules:4:1: error: ipvsadm: --weight: -5 (expected: 0-2147483647); the line is left"
                + " out",
            "rules:5:1: error: ipvsadm: service: 10.0.0.9:80/tcp (expected: one that was added with"
                + " -A); the line is left out",
            "rules:6:1: error: ipvsadm: -r: 10.0.0.2:80 (expected: one that was added with -a); the"
                + " line is left out",
            "rules:7:1: error: ipvsadm: -f: 0 (expected: 1-4294967295); the line is left out",
            "rules:8:1: warning: ipvsadm: '-L' (expected: options of -A, -E, -D, -a, -e, -d or -C);"
                + " the line is left out",
            "rules:9:1: error: ipvsadm: service: none (expected: -t, -u or -f); the line is left"
                + " out",
            "rules:10:1: error: ipvsadm: --tun-type: vxlan (expected: ipip, gue or gre); the line"
                + " is left out");
  }

  @Test
  void whatIpvsadmHasNoWordsForIsALoss() {
    var written =
        IpvsadmRules.write(
            List.of(
                VirtualServer.tcp("10.0.0.1", 80)
                    .scheduler((servers, flow) -> 0)
                    .forwarding(ForwardingMethod.FULL_NAT)
                    .realServer("10.0.0.2", 80)
                    .build()));

    assertThat(written.text()).isEqualTo("-A -t 10.0.0.1:80 -s wlc\n");
    assertThat(written.losses())
        .extracting(Object::toString)
        .containsExactly(
            "virtual server 10.0.0.1:80/tcp: scheduler custom"
                + " (expected: one of the kernel's; wlc is written)",
            "virtual server 10.0.0.1:80/tcp: real server 10.0.0.2:80: forwarding FullNat"
                + " (expected: NAT, direct routing or a tunnel; left out)");
  }
}
