package io.lvs4j.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Building virtual servers: what is refused and in which words, and what comes out. */
class VirtualServerTest {
  private static final Duration NEGATIVE = Duration.ofSeconds(-1);
  private static final Duration TOO_LONG = Duration.ofDays(31).plusSeconds(1);
  private static final Scheduler FIRST = (_, _) -> 0;

  private static VirtualServer.Builder tcp() {
    return VirtualServer.tcp("10.0.0.1", 80).realServer("10.0.0.7", 8080);
  }

  private static VirtualServer.Builder udp() {
    return VirtualServer.udp("10.0.0.1", 53).realServer("10.0.0.7", 53);
  }

  private static List<String> problemsOf(VirtualServer.Builder builder) {
    var refused = catchThrowableOfType(InvalidConfigurationException.class, builder::build);
    assertThat(refused).as("the refusal").isNotNull();
    return refused.problems().stream().map(Problem::toString).toList();
  }

  private static Arguments onTcp(UnaryOperator<VirtualServer.Builder> wrong, String problem) {
    return arguments(wrong.apply(tcp()), "virtual server 10.0.0.1:80/tcp: " + problem);
  }

  private static Arguments onUdp(UnaryOperator<VirtualServer.Builder> wrong, String problem) {
    return arguments(wrong.apply(udp()), "virtual server 10.0.0.1:53/udp: " + problem);
  }

  private static RealServer server() {
    return RealServer.of("10.0.0.8", 80);
  }

  static Stream<Arguments> wrong() {
    return Stream.concat(wrongSettings(), wrongServers());
  }

  private static Stream<Arguments> wrongSettings() {
    var hour = Duration.ofHours(1);
    return Stream.of(
        arguments(
            VirtualServer.tcp("10.0.0.1", 0),
            "virtual server 10.0.0.1:0/tcp: port: 0 (expected: 1-65535; 0, all ports, only with"
                + " persistence)"),
        arguments(
            VirtualServer.udp("2001:db8::1", 65_536),
            "virtual server [2001:db8::1]:65536/udp: port: 65536 (expected: 1-65535)"),
        arguments(
            VirtualServer.tcp("", 80),
            "virtual server :80/tcp: host: \"\" (expected: an IP address or a host name)"),
        arguments(
            VirtualServer.tcp("no..such.host", 80),
            "virtual server no..such.host:80/tcp: host: no..such.host"
                + " (expected: an IP address or a host name that resolves)"),
        onTcp(b -> b.quorum(0), "quorum: 0 (expected: 1-2147483647)"),
        onTcp(b -> b.quorum(2), "quorum: 2 (expected: at most 1, the sum of all weights)"),
        onTcp(b -> b.hysteresis(1), "hysteresis: 1 (expected: 0-0)"),
        onTcp(b -> b.hysteresis(-1), "hysteresis: -1 (expected: 0-0)"),
        onTcp(
            b -> b.realServer(server().weight(4)).quorum(5).hysteresis(5),
            "hysteresis: 5 (expected: 0-4)"),
        onTcp(
            b -> b.persistence(Persistence.byClientAddress(Duration.ZERO)),
            "persistence timeout: 0s (expected: 1s to 31d)"),
        onTcp(
            b -> b.persistence(Persistence.byClientAddress(TOO_LONG)),
            "persistence timeout: 744h1s (expected: 1s to 31d)"),
        onTcp(
            b -> b.persistence(Persistence.byClientAddress(hour).granularity(-1, 128)),
            "persistence granularity for IPv4: -1 (expected: 0-32)"),
        onTcp(
            b -> b.persistence(Persistence.byClientAddress(hour).granularity(32, -1)),
            "persistence granularity for IPv6: -1 (expected: 0-128)"),
        onTcp(
            b -> b.persistence(Persistence.byClientAddress(hour).granularity(33, 128)),
            "persistence granularity for IPv4: 33 (expected: 0-32)"),
        onTcp(
            b -> b.persistence(Persistence.byClientAddress(hour).granularity(32, 129)),
            "persistence granularity for IPv6: 129 (expected: 0-128)"),
        onTcp(
            b -> b.persistence(Persistence.byClientAddress(hour).engine("a b")),
            "persistence engine: a b (expected: 1 to 15 letters, digits, - or _, such as sip)"),
        onTcp(b -> b.slowStart(NEGATIVE), "slow start: -1s (expected: 0s to 1h)"),
        onTcp(b -> b.slowStart(Duration.ofHours(2)), "slow start: 2h (expected: 0s to 1h)"),
        onTcp(b -> b.idleTimeout(Duration.ZERO), "idle timeout: 0s (expected: 1ms to 31d)"),
        onTcp(b -> b.idleTimeout(TOO_LONG), "idle timeout: 744h1s (expected: 1ms to 31d)"),
        onTcp(
            b -> b.halfClosedTimeout(Duration.ZERO),
            "half-closed timeout: 0s (expected: 1ms to 31d)"),
        onTcp(b -> b.connectTimeout(Duration.ZERO), "connect timeout: 0s (expected: 1ms to 1h)"),
        onTcp(
            b -> b.connectTimeout(Duration.ofHours(25)),
            "connect timeout: 25h (expected: 1ms to 1h)"),
        onTcp(b -> b.connectRetries(-1), "connect retries: -1 (expected: 0-100)"),
        onTcp(b -> b.connectRetries(101), "connect retries: 101 (expected: 0-100)"),
        onTcp(
            b -> b.healthCheck(HealthCheck.tcp().retries(-1)),
            "health check TCP_CHECK: retries: -1 (expected: 0-1000)"),
        onTcp(b -> b.onePacket(), "one-packet scheduling: on TCP (expected: UDP)"),
        onUdp(b -> b.acceptProxyProtocol(), "accept PROXY protocol: on UDP (expected: TCP)"),
        onUdp(
            b -> b.clientAddress(ClientAddress.PROXY_PROTOCOL_V1),
            "client address: PROXY_PROTOCOL_V1 on UDP (expected: TCP)"));
  }

  private static Stream<Arguments> wrongServers() {
    var at = "real server 10.0.0.8:80: ";
    return Stream.of(
        onTcp(
            b -> b.realServer("10.0.0.8", 0),
            "real server 10.0.0.8:0: port: 0 (expected: 1-65535; 0, the client's, only below a"
                + " firewall mark or all ports)"),
        onTcp(
            b -> b.sorryServer("10.0.0.8", 0),
            "sorry server 10.0.0.8:0: port: 0 (expected: 1-65535; 0, the client's, only below a"
                + " firewall mark or all ports)"),
        onTcp(
            b -> b.realServer(server().tunnel(Tunnel.gue(6080))),
            at + "tunnel: gue port 6080 nocsum with forwarding NAT (expected: forwarding TUNNEL)"),
        onTcp(
            b ->
                b.forwarding(ForwardingMethod.TUNNEL)
                    .realServer(
                        server().forwarding(ForwardingMethod.DIRECT_ROUTING).tunnel(Tunnel.ipip())),
            at + "tunnel: ipip with forwarding DIRECT_ROUTING (expected: forwarding TUNNEL)"),
        onTcp(
            b ->
                b.realServer(
                    server().forwarding(ForwardingMethod.TUNNEL).tunnel(Tunnel.gue(65_536))),
            at + "tunnel gue: port: 65536 (expected: 1-65535)"),
        onTcp(
            b ->
                b.realServer(
                    server()
                        .forwarding(ForwardingMethod.TUNNEL)
                        .tunnel(Tunnel.gre(Tunnel.Checksum.REMOTE))),
            at
                + "tunnel gre: checksum: remote (expected: none or present; only gue has a remote"
                + " one)"),
        onTcp(
            b -> b.realServer(" ", 80),
            "real server  :80: host: \" \" (expected: an IP address or a host name)"),
        onTcp(b -> b.realServer(server().weight(-1)), at + "weight: -1 (expected: 0-2147483647)"),
        onTcp(
            b -> b.realServer(server().thresholds(-1, 0)),
            at + "upper threshold: -1 (expected: 0-2147483647)"),
        onTcp(
            b -> b.realServer(server().thresholds(5, 6)),
            at + "lower threshold: 6 (expected: 0-5, not above the upper threshold)"),
        onTcp(
            b -> b.realServer(server().thresholds(5, -1)),
            at + "lower threshold: -1 (expected: 0-5, not above the upper threshold)"),
        onTcp(
            b -> b.realServer(server().healthCheck(HealthCheck.http("x").port(1))),
            at
                + "health check HTTP_GET: path: x (expected: a path that begins with / and has no"
                + " blanks, percent-encoded)"),
        onTcp(
            b -> b.realServer("10.0.0.7", 8080),
            "real server 10.0.0.7:8080: given twice (expected: each real server once)"),
        onTcp(
            b -> b.sorryServer(server().weight(-1)),
            "sorry server: " + at + "weight: -1 (expected: 0-2147483647)"),
        onUdp(
            b -> b.realServer(server().clientAddress(ClientAddress.PROXY_PROTOCOL_V2)),
            at + "client address: PROXY_PROTOCOL_V2 on UDP (expected: TCP)"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("wrong")
  void aWrongSettingIsToldByItsPlaceItsValueAndWhatIsRight(
      VirtualServer.Builder builder, String problem) {
    assertThat(problemsOf(builder)).containsExactly(problem);
  }

  @Test
  void allThatIsWrongIsToldAtOnce() {
    var builder =
        VirtualServer.udp("10.0.0.1", 0)
            .realServer(RealServer.of("10.0.0.7", -1).weight(-1))
            .quorum(0)
            .slowStart(NEGATIVE)
            .idleTimeout(NEGATIVE)
            .halfClosedTimeout(NEGATIVE)
            .connectTimeout(NEGATIVE)
            .connectRetries(-1)
            .acceptProxyProtocol();
    var refused = catchThrowableOfType(InvalidConfigurationException.class, builder::build);
    assertThat(refused)
        .hasMessage(
            """
            10 configuration problems:
              - virtual server 10.0.0.1:0/udp: port: 0 (expected: 1-65535; 0, all ports, only with persistence)
              - virtual server 10.0.0.1:0/udp: real server 10.0.0.7:-1: port: -1 (expected: 1-65535)
              - virtual server 10.0.0.1:0/udp: real server 10.0.0.7:-1: weight: -1 (expected: 0-2147483647)
              - virtual server 10.0.0.1:0/udp: quorum: 0 (expected: 1-2147483647)
              - virtual server 10.0.0.1:0/udp: slow start: -1s (expected: 0s to 1h)
              - virtual server 10.0.0.1:0/udp: idle timeout: -1s (expected: 1ms to 31d)
              - virtual server 10.0.0.1:0/udp: half-closed timeout: -1s (expected: 1ms to 31d)
              - virtual server 10.0.0.1:0/udp: connect timeout: -1s (expected: 1ms to 1h)
              - virtual server 10.0.0.1:0/udp: connect retries: -1 (expected: 0-100)
              - virtual server 10.0.0.1:0/udp: accept PROXY protocol: on UDP (expected: TCP)\
            """);
    assertThat(refused.problems()).hasSize(10);
  }

  @Test
  void oneProblemAloneIsTheWholeMessage() {
    var builder = tcp().quorum(0);
    assertThat(catchThrowableOfType(InvalidConfigurationException.class, builder::build))
        .hasMessage("virtual server 10.0.0.1:80/tcp: quorum: 0 (expected: 1-2147483647)");
  }

  private static VirtualServer.Builder withEverything() {
    return VirtualServer.tcp("2001:db8::1", 443)
        .scheduler(FIRST)
        .forwarding(ForwardingMethod.TUNNEL)
        .persistence(
            Persistence.byClientAddress(Duration.ofMinutes(6)).granularity(24, 64).engine("sip"))
        .healthCheck(HealthCheck.http("/health"))
        .realServer(
            server()
                .weight(5)
                .thresholds(9, 3)
                .inhibitOnFailure()
                .forwarding(ForwardingMethod.TUNNEL)
                .tunnel(Tunnel.gue(6080)))
        .realServer(RealServer.of("2001:db8::9", 80).healthCheck(HealthCheck.tcp()))
        .sorryServer("127.0.0.1", 9090)
        .quorum(3)
        .hysteresis(2)
        .slowStart(Duration.ofSeconds(30))
        .idleTimeout(Duration.ofSeconds(31))
        .halfClosedTimeout(Duration.ofSeconds(32))
        .connectTimeout(Duration.ofSeconds(33))
        .connectRetries(7)
        .clientAddress(ClientAddress.PROXY_PROTOCOL_V2)
        .acceptProxyProtocol()
        .listener(LISTENER);
  }

  private static final DirectorListener LISTENER = _ -> {};

  @Test
  void aVirtualServerBuiltAnewFromItselfIsTheSame() {
    var full = withEverything().build();
    assertThat(full.toBuilder().build()).isEqualTo(full).hasSameHashCodeAs(full);
    var bare = VirtualServer.udp("10.0.0.1", 53).build();
    assertThat(bare.toBuilder().build()).isEqualTo(bare);
    var onePacket = udp().onePacket().build();
    assertThat(onePacket.toBuilder().build()).isEqualTo(onePacket).isNotEqualTo(udp().build());
  }

  static List<UnaryOperator<VirtualServer.Builder>> changes() {
    List<UnaryOperator<VirtualServer.Builder>> changes = new ArrayList<>();
    changes.add(b -> b.scheduler((_, _) -> 1));
    changes.add(b -> b.forwarding(ForwardingMethod.NAT));
    changes.add(b -> b.persistence(Persistence.byClientAddress(Duration.ofMinutes(7))));
    changes.add(
        b -> b.persistence(Persistence.byClientAddress(Duration.ofMinutes(6)).granularity(24, 64)));
    changes.add(b -> b.healthCheck(HealthCheck.tcp()));
    changes.add(b -> b.realServers(List.of(server().weight(6).forwarding(ForwardingMethod.NAT))));
    changes.add(b -> b.realServers(List.of(server().weight(6).tunnel(Tunnel.gre()))));
    changes.add(b -> b.realServer("10.0.0.99", 1));
    changes.add(b -> b.realServers(List.of(server().weight(6))));
    changes.add(b -> b.sorryServer("127.0.0.1", 9091));
    changes.add(b -> b.quorum(4));
    changes.add(b -> b.hysteresis(1));
    changes.add(b -> b.slowStart(Duration.ZERO));
    changes.add(b -> b.idleTimeout(Duration.ofSeconds(1)));
    changes.add(b -> b.halfClosedTimeout(Duration.ofSeconds(1)));
    changes.add(b -> b.connectTimeout(Duration.ofSeconds(1)));
    changes.add(b -> b.connectRetries(1));
    changes.add(b -> b.clientAddress(ClientAddress.HIDDEN));
    changes.add(b -> b.listener(event -> {}));
    return changes;
  }

  @ParameterizedTest
  @MethodSource("changes")
  void aVirtualServerWithOneOtherSettingIsAnother(UnaryOperator<VirtualServer.Builder> change) {
    var original = withEverything().build();
    assertThat(change.apply(original.toBuilder()).build()).isNotEqualTo(original);
    assertThat(original).as("untouched").isEqualTo(withEverything().build());
  }

  @Test
  void theLimitsThemselvesAreRight() {
    assertThat(withEverything().quorum(6).hysteresis(5).build().quorum()).isEqualTo(6);
    assertThat(
            tcp()
                .slowStart(Duration.ofHours(1))
                .idleTimeout(Duration.ofDays(31))
                .halfClosedTimeout(Duration.ofMillis(1))
                .connectTimeout(Duration.ofHours(1))
                .connectRetries(100)
                .realServer(server().weight(Integer.MAX_VALUE).thresholds(7, 7))
                .quorum(Integer.MAX_VALUE)
                .build()
                .quorum())
        .isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void theDefaultsAreThoseOfTheDocumentation() {
    var server = VirtualServer.tcp("10.0.0.1", 80).build();
    assertThat(server.scheduler()).isEmpty();
    assertThat(server.forwarding()).isEqualTo(ForwardingMethod.NAT);
    assertThat(server.quorum()).isEqualTo(1);
    assertThat(server.hysteresis()).isZero();
    assertThat(server.slowStart()).isZero();
    assertThat(server.idleTimeout()).isEqualTo(Duration.ofMinutes(15));
    assertThat(udp().build().idleTimeout()).isEqualTo(Duration.ofMinutes(5));
    assertThat(server.halfClosedTimeout()).isEqualTo(Duration.ofMinutes(2));
    assertThat(server.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(server.connectRetries()).isEqualTo(3);
    assertThat(server.clientAddress()).isEqualTo(ClientAddress.HIDDEN);
    assertThat(server.isOnePacket()).isFalse();
    assertThat(server.isProxyProtocolAccepted()).isFalse();
  }

  @Test
  void aRealServersOwnCheckersTakeThePlaceOfTheCommonOnes() {
    var own = server().healthCheck(HealthCheck.tcp()).healthCheck(HealthCheck.http("/own"));
    var virtualServer = tcp().healthCheck(HealthCheck.http("/common")).realServer(own).build();
    assertThat(virtualServer.healthChecksOf(virtualServer.realServers().getFirst()))
        .containsExactly(HealthCheck.http("/common"));
    assertThat(virtualServer.healthChecksOf(own))
        .containsExactly(HealthCheck.tcp(), HealthCheck.http("/own"));
  }

  @Test
  void quorumActionsAreRunByTheirOwnEventOnly() {
    var ran = new ArrayList<String>();
    var virtualServer =
        tcp().onQuorumUp(() -> ran.add("up")).onQuorumDown(() -> ran.add("down")).build();
    var id = virtualServer.id();
    for (var event :
        List.of(
            new DirectorEvent.QuorumDown(id),
            new DirectorEvent.QuorumUp(id),
            new DirectorEvent.RealServerUp(id, server().endpoint()))) {
      virtualServer.listeners().forEach(listener -> listener.onEvent(event));
    }
    assertThat(ran).containsExactly("down", "up");
  }

  @Test
  void aNameIsResolvedOnceAndForgotten() {
    var server = VirtualServer.tcp("localhost", 80).build();
    assertThat(((VirtualServerId.Address) server.id()).endpoint().address().isLoopbackAddress())
        .isTrue();
    assertThat(RealServer.of("127.0.0.1", 80))
        .isEqualTo(RealServer.of(RealServer.of("127.0.0.1", 80).endpoint()));
  }

  @Test
  void aRealServersEndpointIsRefusedWithItsProblemsWhenItNeverWasRight() {
    var server = RealServer.of("10.0.0.8", 99_999);
    assertThat(catchThrowableOfType(InvalidConfigurationException.class, server::endpoint))
        .hasMessage("port: 99999 (expected: 1-65535)");
  }

  @Test
  void aVirtualServerIsNamedByWhatMatters() {
    assertThat(tcp().build()).hasToString("10.0.0.1:80/tcp wlc [10.0.0.7:8080 weight 1]");
    assertThat(Persistence.byClientAddress(Duration.ofMinutes(6)).granularity(24, 64))
        .hasToString("persistence 6m /24 /64");
  }
}
