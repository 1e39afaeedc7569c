package io.lvs4j.api;

import static io.lvs4j.api.AddressFamily.IPV4;
import static io.lvs4j.api.AddressFamily.IPV6;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Virtual servers that are not at one port of one address. */
class FirewallMarkTest {
  private static final Persistence STICKY = Persistence.byClientAddress(Duration.ofMinutes(6));

  private static List<String> problemsOf(VirtualServer.Builder builder) {
    return catchThrowableOfType(InvalidConfigurationException.class, builder::build)
        .problems()
        .stream()
        .map(Problem::toString)
        .toList();
  }

  @Test
  void aMarkIsNamedAsIpvsadmDoes() {
    assertThat(VirtualServer.firewallMark(5, IPV4).build().id()).hasToString("FWM 5");
    assertThat(VirtualServer.firewallMark(0xffff_ffffL, IPV6).build().id())
        .hasToString("FWM 4294967295 IPv6");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 0x1_0000_0000L})
  void aMarkThatCanNotBeIsRefused(long mark) {
    assertThat(problemsOf(VirtualServer.firewallMark(mark, IPV4)))
        .containsExactly(
            "virtual server FWM " + mark + ": mark: " + mark + " (expected: 1-4294967295)");
    assertThatThrownBy(() -> new VirtualServerId.FirewallMark(mark, IPV4))
        .hasMessage("mark: " + mark + " (expected: 1-4294967295)");
  }

  @Test
  void marksOverlapOnlyWithThemselves() {
    var five = new VirtualServerId.FirewallMark(5, IPV4);
    assertThat(five.overlaps(new VirtualServerId.FirewallMark(5, IPV4))).isTrue();
    assertThat(five.overlaps(new VirtualServerId.FirewallMark(5, IPV6))).isFalse();
    assertThat(five.overlaps(new VirtualServerId.FirewallMark(6, IPV4))).isFalse();
    var any = VirtualServer.tcp("0.0.0.0", 80).build().id();
    assertThat(five.overlaps(any)).isFalse();
    assertThat(any.overlaps(five)).isFalse();
  }

  @Test
  void aRealServerMayKeepTheClientsPort() {
    var marked =
        VirtualServer.firewallMark(5, IPV4)
            .onePacket()
            .realServer("10.0.0.7", 0)
            .realServer("10.0.0.7", 8080)
            .sorryServer("10.0.0.9", 0)
            .build();
    assertThat(marked.realServers()).extracting(s -> s.endpoint().port()).containsExactly(0, 8080);
    assertThat(marked.toBuilder().build()).isEqualTo(marked);
    var all = VirtualServer.tcp("10.0.0.1", 0).persistence(STICKY).realServer("10.0.0.7", 0);
    assertThat(all.build().id()).hasToString("10.0.0.1:0/tcp");
    assertThat(all.build().toBuilder().build()).isEqualTo(all.build());
    assertThat(marked.idleTimeout()).isEqualTo(Duration.ofMinutes(15));
  }

  @Test
  void aCheckOfARealServerWithoutAPortNeedsOneOfItsOwn() {
    var common = VirtualServer.firewallMark(5, IPV4).healthCheck(HealthCheck.tcp());
    assertThat(problemsOf(common.realServer("10.0.0.7", 0)))
        .containsExactly(
            "virtual server FWM 5: real server 10.0.0.7:0: health check TCP_CHECK: port: none"
                + " (expected: a port of its own, for the real server has none)");
    var own =
        VirtualServer.tcp("10.0.0.1", 0)
            .persistence(STICKY)
            .realServer(RealServer.of("10.0.0.7", 0).healthCheck(HealthCheck.http("/")));
    assertThat(problemsOf(own))
        .containsExactly(
            "virtual server 10.0.0.1:0/tcp: real server 10.0.0.7:0: health check HTTP_GET: port:"
                + " none (expected: a port of its own, for the real server has none)");
    var right =
        VirtualServer.firewallMark(5, IPV4)
            .healthCheck(HealthCheck.tcp().port(80))
            .realServer("10.0.0.7", 0);
    assertThat(right.build().realServers()).hasSize(1);
  }

  @Test
  void aRealServerThatComesLaterIsCheckedByTheSameRules() {
    var web = VirtualServer.tcp("10.0.0.1", 80).build();
    assertThat(web.problemsOf(RealServer.of("10.0.0.7", 80))).isEmpty();
    assertThat(web.problemsOf(RealServer.of("10.0.0.7", 0).weight(-1)))
        .extracting(Problem::toString)
        .containsExactly(
            "virtual server 10.0.0.1:80/tcp: real server 10.0.0.7:0: weight: -1 (expected:"
                + " 0-2147483647)");
    assertThat(web.problemsOf(RealServer.of("10.0.0.7", 0)))
        .extracting(Problem::toString)
        .containsExactly(
            "virtual server 10.0.0.1:80/tcp: real server 10.0.0.7:0: port: 0 (expected: 1-65535;"
                + " 0, the client's, only below a firewall mark or all ports)");
    assertThat(web.forwardingOf(RealServer.of("10.0.0.7", 80))).isEqualTo(ForwardingMethod.NAT);
    assertThat(web.forwardingOf(RealServer.of("10.0.0.7", 80).forwarding(ForwardingMethod.TUNNEL)))
        .isEqualTo(ForwardingMethod.TUNNEL);
  }
}
