package io.lvs4j.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.NetworkInterface;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How addresses are written, and which ports there are. */
class EndpointTest {
  @ParameterizedTest(name = "{0} is written {1}")
  @CsvSource({
    "0:0:0:0:0:0:0:0, ::",
    "0:0:0:0:0:0:0:1, ::1",
    "1:0:0:0:0:0:0:0, 1::",
    "0:1:0:0:0:0:0:0, 0:1::",
    "0:0:0:0:0:0:1:0, ::1:0",
    "2001:0db8:0000:0000:0000:0000:0000:0001, 2001:db8::1",
    "2001:DB8:AAAA:BBBB:CCCC:DDDD:EEEE:0AAA, 2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaa",
    // 4.2.2: one group of zeros is not shortened
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "0:1:1:1:1:1:1:1, 0:1:1:1:1:1:1:1",
    "1:1:1:1:1:1:1:0, 1:1:1:1:1:1:1:0",
    "1:0:1:0:1:0:1:0, 1:0:1:0:1:0:1:0",
    // 4.2.3: the longest run, and of equals the first
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "1:0:0:0:1:0:0:0, 1::1:0:0:0",
    "0:0:1:0:0:0:1:0, 0:0:1::1:0",
    "0:0:1:1:0:0:0:0, 0:0:1:1::",
    "1:0:0:2:3:4:0:0, 1::2:3:4:0:0",
    "64:ff9b:0:0:0:0:c000:221, 64:ff9b::c000:221",
    "10.0.0.1, 10.0.0.1",
    // Java makes IPv4 of mapped addresses
    "::ffff:192.0.2.1, 192.0.2.1",
  })
  void addressesAreWrittenAsRfc5952Says(String given, String written) throws Exception {
    assertThat(Endpoint.literal(InetAddress.getByName(given))).isEqualTo(written);
  }

  @ParameterizedTest(name = "{0} at port {1} is {2}")
  @CsvSource({
    "10.0.0.1, 80, 10.0.0.1:80",
    "2001:db8::1, 65535, [2001:db8::1]:65535",
    "::, 1, [::]:1",
    "0.0.0.0, 443, 0.0.0.0:443",
    "10.0.0.1, 0, 10.0.0.1:0",
  })
  void anEndpointIsWrittenAsIpvsadmReadsIt(String address, int port, String written)
      throws Exception {
    var endpoint = new Endpoint(InetAddress.getByName(address), port);
    assertThat(endpoint).hasToString(written);
    assertThat(endpoint.toSocketAddress().isUnresolved()).isFalse();
    assertThat(endpoint.toSocketAddress().getPort()).isEqualTo(port);
  }

  @Test
  void aZoneIsKept() throws Exception {
    int index = NetworkInterface.networkInterfaces().findAny().orElseThrow().getIndex();
    var address = InetAddress.getByName("fe80::1%" + index);
    assertThat(Endpoint.literal(address)).matches("fe80::1%\\S+");
    assertThat(InetAddress.getByName(Endpoint.literal(address))).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65_536, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void aPortThatCanNotBeIsRefused(int port) {
    var address = InetAddress.getLoopbackAddress();
    assertThatThrownBy(() -> new Endpoint(address, port))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("port: " + port + " (expected: 0-65535)");
  }
}
