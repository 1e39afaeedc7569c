package io.lvs4j.core.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.ConnectionSnapshot;
import io.lvs4j.api.DirectorSnapshot;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.Health;
import io.lvs4j.api.Persistence;
import io.lvs4j.api.Protocol;
import io.lvs4j.api.Rates;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.RealServerSnapshot;
import io.lvs4j.api.SchedulerName;
import io.lvs4j.api.Traffic;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.VirtualServerSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpvsadmTableTest {
  private static final VirtualServerId WEB = VirtualServer.tcp("10.0.0.1", 80).build().id();
  private static final VirtualServerId DNS = VirtualServer.udp("2001:db8::1", 53).build().id();

  private static RealServerSnapshot server(String host, int weight, boolean up, Traffic traffic) {
    return server(host, ForwardingMethod.NAT, weight, up, traffic);
  }

  private static RealServerSnapshot server(
      String host, ForwardingMethod forwarding, int weight, boolean up, Traffic traffic) {
    return new RealServerSnapshot(
        endpoint(host, 8080),
        forwarding,
        weight,
        up ? weight : 0,
        up,
        up ? Health.UP : Health.DOWN,
        Instant.EPOCH,
        false,
        false,
        "",
        100,
        75,
        up ? 5 : 0,
        2 * weight,
        0,
        0,
        traffic,
        new Rates(1.4, 0, 0, 250_000_000, 2));
  }

  private static Endpoint endpoint(String host, int port) {
    return RealServer.of(host, port).endpoint();
  }

  private static DirectorSnapshot director(boolean sorry) {
    var web =
        new VirtualServerSnapshot(
            WEB,
            new SchedulerName("sh", List.of("sh-fallback", "sh-port")),
            ForwardingMethod.NAT,
            "proxy",
            false,
            Optional.of(Persistence.byClientAddress(Duration.ofMinutes(6)).granularity(24, 64)),
            !sorry,
            sorry,
            Optional.of(server("10.0.0.99", 1, true, Traffic.NONE)),
            List.of(
                server("10.0.0.2", 3, true, new Traffic(10, 0, 0, 1_234, 5_000_000_000L)),
                server("10.0.0.3", 1, false, Traffic.NONE)),
            true,
            true,
            new Traffic(10, 0, 0, 1_234, 5_000_000_000L),
            Rates.NONE);
    var dns =
        new VirtualServerSnapshot(
            DNS,
            new SchedulerName("rr", List.of()),
            ForwardingMethod.FULL_NAT,
            "proxy",
            true,
            Optional.empty(),
            true,
            false,
            Optional.empty(),
            List.of(server("2001:db8::2", ForwardingMethod.FULL_NAT, 1, true, Traffic.NONE)),
            true,
            true,
            Traffic.NONE,
            Rates.NONE);
    return new DirectorSnapshot(List.of(web, dns));
  }

  @Test
  void connectionCountsStandInTheColumnsOfIpvsadm() {
    assertThat(lines(IpvsadmTable.connectionCounts(director(false))))
        .containsExactly(
            "IP Virtual Server version 1.2.1 (size=4096)",
            "Prot LocalAddress:Port Scheduler Flags",
            "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn",
            "TCP  10.0.0.1:80 sh (sh-fallback,sh-port) persistent 360 mask 255.255.255.0",
            "  -> 10.0.0.2:8080                Masq    3      5          6",
            "UDP  [2001:db8::1]:53 rr ops",
            "  -> [2001:db8::2]:8080           FullNat 1      5          2");
  }

  @Test
  void aFirewallMarkIsListedAndEachServersOwnForwarding() {
    var id = VirtualServer.firewallMark(7, AddressFamily.IPV6).build().id();
    var sticky = Persistence.byClientAddress(Duration.ofMinutes(6)).engine("sip");
    var tunnel =
        new RealServerSnapshot(
            endpoint("2001:db8::3", 0),
            ForwardingMethod.TUNNEL,
            1,
            1,
            true,
            Health.UNCHECKED,
            Instant.EPOCH,
            false,
            false,
            "",
            0,
            0,
            0,
            0,
            0,
            0,
            Traffic.NONE,
            Rates.NONE);
    var marked =
        new VirtualServerSnapshot(
            id,
            new SchedulerName("wlc", List.of()),
            ForwardingMethod.NAT,
            "ipvs",
            false,
            Optional.of(sticky),
            true,
            false,
            Optional.empty(),
            List.of(server("2001:db8::2", 1, true, Traffic.NONE), tunnel),
            true,
            true,
            Traffic.NONE,
            Rates.NONE);
    assertThat(lines(IpvsadmTable.connectionCounts(new DirectorSnapshot(List.of(marked)))))
        .endsWith(
            "FWM  7 IPv6 wlc persistent 360 pe sip",
            "  -> [2001:db8::2]:8080           Masq    1      5          2",
            "  -> [2001:db8::3]:0              Tunnel  1      0          0");
  }

  @Test
  void theSorryServerIsListedInPlaceOfTheOthersWhileItHasTheConnections() {
    assertThat(lines(IpvsadmTable.connectionCounts(director(true))))
        .contains("  -> 10.0.0.99:8080               Masq    1      5          2")
        .noneMatch(line -> line.contains("10.0.0.2:8080"));
  }

  @Test
  void totalsAndRatesAreCutToEightDigitsAndAUnit() {
    assertThat(lines(IpvsadmTable.statistics(director(false))))
        .contains(
            "Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes",
            "  -> RemoteAddress:Port",
            "TCP  10.0.0.1:80                        10        0        0     1234 5000000K",
            "  -> 10.0.0.2:8080                      10        0        0     1234 5000000K");
    assertThat(lines(IpvsadmTable.rates(director(false))))
        .contains(
            "Prot LocalAddress:Port                 CPS    InPPS   OutPPS    InBPS   OutBPS",
            "  -> 10.0.0.2:8080                       1        0        0  250000K        2");
  }

  @Test
  void thresholdsAreListed() {
    assertThat(lines(IpvsadmTable.thresholds(director(false))))
        .contains(
            "Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn",
            "  -> 10.0.0.2:8080                100        75         5          6");
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 0.0.0.0",
    "2001:db8::1, 0",
  })
  void allClientsAsOneHaveAnEmptyMask(String address, String mask) {
    var sticky =
        new VirtualServerSnapshot(
            new VirtualServerId.Address(Protocol.TCP, endpoint(address, 80)),
            new SchedulerName("rr", List.of()),
            ForwardingMethod.NAT,
            "proxy",
            false,
            Optional.of(Persistence.byClientAddress(Duration.ofMinutes(1)).granularity(0, 0)),
            true,
            false,
            Optional.empty(),
            List.of(),
            true,
            true,
            Traffic.NONE,
            Rates.NONE);
    assertThat(IpvsadmTable.connectionCounts(new DirectorSnapshot(List.of(sticky))))
        .contains(" rr persistent 60 mask " + mask + "\n");
  }

  @Test
  void connectionsAreListedWithTheTimeThatIsLeft() {
    var connection =
        new ConnectionSnapshot(
            WEB,
            Protocol.TCP,
            endpoint("192.0.2.7", 40_000),
            endpoint("10.0.0.1", 80),
            endpoint("10.0.0.2", 8080),
            ConnectionSnapshot.State.ESTABLISHED,
            Duration.ofSeconds(14 * 60 + 59),
            1,
            2);

    assertThat(lines(IpvsadmTable.connections(List.of(connection))))
        .containsExactly(
            "IPVS connection entries",
            "pro expire state       source             virtual            destination",
            "TCP 14:59  ESTABLISHED 192.0.2.7:40000    10.0.0.1:80        10.0.0.2:8080");
  }

  private static List<String> lines(String text) {
    return text.lines().map(String::stripTrailing).toList();
  }
}
