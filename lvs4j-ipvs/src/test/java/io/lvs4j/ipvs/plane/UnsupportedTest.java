package io.lvs4j.ipvs.plane;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.ClientAddress;
import io.lvs4j.api.Flow;
import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.LvsScheduler;
import io.lvs4j.api.Persistence;
import io.lvs4j.api.Problem;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.ServerPool;
import io.lvs4j.api.Tunnel;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.ipvs.client.IpvsTimeouts;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the kernel can't do, in words that name who can. */
class UnsupportedTest {
  private static final IpvsTimeouts USUAL = IpvsDataPlane.Builder.USUAL;

  record Named(String name, Set<String> flags) implements LvsScheduler {
    @Override
    public int schedule(ServerPool servers, Flow flow) {
      return NONE;
    }
  }

  /** Calls itself as one of the kernel's does, and decides otherwise. */
  private record Impostor(String name) implements Scheduler {
    @Override
    public int schedule(ServerPool servers, Flow flow) {
      return 0;
    }
  }

  private static VirtualServer.Builder web() {
    return VirtualServer.tcp("10.0.0.1", 80);
  }

  private static List<String> problems(VirtualServer.Builder builder) {
    return Unsupported.of(builder.build(), USUAL).stream().map(Problem::toString).toList();
  }

  static Stream<VirtualServer.Builder> possible() {
    var sticky = Persistence.byClientAddress(Duration.ofMinutes(6));
    return Stream.of(
        web(),
        web().scheduler(new Named("sh", Set.of("sh-port", "sh-fallback"))),
        web().scheduler(new Named("twos", Set.of())),
        web().slowStart(Duration.ofSeconds(30)),
        web().clientAddress(ClientAddress.TRANSPARENT),
        web().realServer("10.0.0.2", 8080),
        web().forwarding(ForwardingMethod.DIRECT_ROUTING).realServer("10.0.0.2", 80),
        web()
            .realServer(
                RealServer.of("2001:db8::2", 80)
                    .forwarding(ForwardingMethod.TUNNEL)
                    .tunnel(Tunnel.gue(6080))),
        VirtualServer.udp("2001:db8::1", 53).onePacket().realServer("2001:db8::2", 5353),
        VirtualServer.tcp("10.0.0.1", 0)
            .persistence(sticky.engine("sip").granularity(24, 64))
            .forwarding(ForwardingMethod.DIRECT_ROUTING)
            .realServer("10.0.0.2", 0),
        web().persistence(sticky.granularity(0, 0)).realServer("10.0.0.2", 8080),
        VirtualServer.firewallMark(7, AddressFamily.IPV6)
            .persistence(sticky.granularity(0, 1))
            .forwarding(ForwardingMethod.DIRECT_ROUTING)
            .realServer("2001:db8::2", 0)
            .sorryServer("2001:db8::3", 0));
  }

  @ParameterizedTest
  @MethodSource("possible")
  void theseItCan(VirtualServer.Builder builder) {
    assertThat(problems(builder)).isEmpty();
  }

  @Test
  void allClientsOfIpv6AsOneAreRefused() {
    var all = Persistence.byClientAddress(Duration.ofMinutes(1)).granularity(32, 0);
    assertThat(problems(VirtualServer.udp("2001:db8::1", 53).persistence(all)))
        .containsExactly(
            "virtual server [2001:db8::1]:53/udp: persistence granularity for IPv6: 0 with the ipvs"
                + " data plane (expected: 1-128; or the proxy data plane, which takes all clients"
                + " as one)");
  }

  @Test
  void aSchedulerOfYourOwnIsRefused() {
    assertThat(problems(web().scheduler((_, _) -> 0)))
        .containsExactly(
            "virtual server 10.0.0.1:80/tcp: scheduler: custom with the ipvs data plane (expected:"
                + " one of the kernel's: [dh, fo, lblc, lblcr, lc, mh, nq, ovf, rr, sed, sh, twos,"
                + " wlc, wrr]; or the proxy or ebpf data plane, which call your own)");
    assertThat(problems(web().scheduler(new Impostor("wlc"))))
        .singleElement()
        .asString()
        .startsWith(
            "virtual server 10.0.0.1:80/tcp: scheduler: wlc of " + Impostor.class.getName() + " ");
    assertThat(problems(web().scheduler(new Named("sh", Set.of("mh-port")))))
        .singleElement()
        .asString()
        .contains("flag of scheduler sh: mh-port");
  }

  @Test
  void whatOnlyARelayCanDoIsRefused() {
    var builder =
        web()
            .forwarding(ForwardingMethod.FULL_NAT)
            .clientAddress(ClientAddress.PROXY_PROTOCOL_V2)
            .acceptProxyProtocol()
            .connectTimeout(Duration.ofSeconds(1))
            .connectRetries(0);
    assertThat(problems(builder))
        .containsExactly(
            "virtual server 10.0.0.1:80/tcp: forwarding: FULL_NAT with the ipvs data plane"
                + " (expected: NAT, DIRECT_ROUTING or TUNNEL; or the proxy data plane, which can do"
                + " FULL_NAT)",
            "virtual server 10.0.0.1:80/tcp: client address: PROXY_PROTOCOL_V2 with the ipvs data"
                + " plane (expected: none, for real servers see the client's address; or the proxy"
                + " data plane, which sends the header)",
            "virtual server 10.0.0.1:80/tcp: accept PROXY protocol: with the ipvs data plane"
                + " (expected: none, or the proxy data plane, which reads it)",
            "virtual server 10.0.0.1:80/tcp: connect timeout: PT1S with the ipvs data plane"
                + " (expected: unset, for the client connects itself; or the proxy data plane)",
            "virtual server 10.0.0.1:80/tcp: connect retries: 0 with the ipvs data plane (expected:"
                + " unset, for the client connects itself; or the proxy data plane)");
    var own =
        RealServer.of("10.0.0.2", 80)
            .forwarding(ForwardingMethod.FULL_NAT)
            .clientAddress(ClientAddress.PROXY_PROTOCOL_V1);
    assertThat(problems(web().realServer(own))).hasSize(2).allMatch(p -> p.contains("10.0.0.2:80"));
  }

  @Test
  void timeoutsAreTheKernelsOrThoseThatThePlaneSets() {
    var hour = web().idleTimeout(Duration.ofHours(1));
    assertThat(problems(hour))
        .containsExactly(
            "virtual server 10.0.0.1:80/tcp: idle timeout: PT1H with the ipvs data plane (expected:"
                + " PT15M, for the kernel has one for all, which IpvsDataPlane.builder().timeouts"
                + " sets; or the proxy data plane)");
    var set = new IpvsTimeouts(Duration.ofHours(1), USUAL.tcpFin(), USUAL.udp());
    assertThat(Unsupported.of(hour.build(), set)).isEmpty();
    assertThat(problems(web().halfClosedTimeout(Duration.ofSeconds(3)))).hasSize(1);
    assertThat(problems(VirtualServer.udp("10.0.0.1", 53).idleTimeout(Duration.ofMinutes(15))))
        .hasSize(1);
    assertThat(problems(web().persistence(Persistence.byClientAddress(Duration.ofMillis(1500)))))
        .singleElement()
        .asString()
        .contains("persistence timeout: PT1.5S", "whole seconds");
  }

  @Test
  void addressesThatTheKernelCanNotReachAreRefused() {
    assertThat(problems(VirtualServer.tcp("0.0.0.0", 80)))
        .singleElement()
        .asString()
        .contains("address: any with the ipvs data plane");
    assertThat(problems(web().realServer("2001:db8::2", 80)))
        .singleElement()
        .asString()
        .contains("real server [2001:db8::2]:80: NAT from IPV4", "or a tunnel");
    assertThat(
            problems(
                web().forwarding(ForwardingMethod.DIRECT_ROUTING).sorryServer("10.0.0.2", 8080)))
        .containsExactly(
            "virtual server 10.0.0.1:80/tcp: real server 10.0.0.2:8080: port: 8080 with"
                + " DIRECT_ROUTING with the ipvs data plane (expected: 80, the virtual server's,"
                + " for only NAT rewrites ports)");
  }
}
