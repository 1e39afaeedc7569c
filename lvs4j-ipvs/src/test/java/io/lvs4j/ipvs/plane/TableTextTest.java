package io.lvs4j.ipvs.plane;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.ipvs.client.ServiceKey;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

/** The file as Linux 6.1 writes it. */
class TableTextTest {
  private static final String FILE =
      """
      IP Virtual Server version 1.2.1 (size=4096)
      Prot LocalAddress:Port Scheduler Flags
        -> RemoteAddress:Port Forward Weight ActiveConn InActConn
      TCP  0A000001:0050 wlc persistent 50 FFFFFFFF
        -> 0A000102:0050      Masq    1      0          0
        -> 0A000101:0050      Masq    3      2          7
      UDP  [2001:0db8:0000:0000:0000:0000:0000:0001]:0035 rr ops
        -> [2001:0db8:0000:0000:0000:0000:0000:0002]:0035      Route   1      0          0
      FWM  00000007 sh
        -> 0A000101:0000      Tunnel  1      0          0
      FWM  00000007 rr
      """;

  @Test
  void eachServiceHasItsLines() {
    var text = TableText.of(FILE.lines());
    assertThat(text.of(ServiceKey.tcp(InetAddress.ofLiteral("10.0.0.1"), 80)))
        .hasValueSatisfying(lines -> assertThat(lines).hasLineCount(3).contains("3      2"));
    assertThat(text.of(ServiceKey.udp(InetAddress.ofLiteral("2001:db8::1"), 53)))
        .hasValueSatisfying(lines -> assertThat(lines).hasLineCount(2));
    assertThat(text.of(ServiceKey.firewallMark(7, AddressFamily.IPV4)))
        .hasValueSatisfying(lines -> assertThat(lines).hasLineCount(3))
        .isEqualTo(text.of(ServiceKey.firewallMark(7, AddressFamily.IPV6)));
    assertThat(text.of(ServiceKey.tcp(InetAddress.ofLiteral("10.0.0.1"), 81))).isEmpty();
  }
}
