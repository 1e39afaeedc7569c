package io.lvs4j.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which virtual servers stand in each other's way. */
class VirtualServerIdTest {
  private static VirtualServerId id(String text) throws Exception {
    var parts = text.split(" ");
    var endpoint = new Endpoint(InetAddress.getByName(parts[1]), Integer.parseInt(parts[2]));
    return new VirtualServerId.Address(Protocol.valueOf(parts[0]), endpoint);
  }

  @ParameterizedTest(name = "{0} and {1}: {2}")
  @CsvSource({
    "TCP 10.0.0.1 80, TCP 10.0.0.1 80, true",
    "TCP 10.0.0.1 80, TCP 10.0.0.1 81, false",
    "TCP 10.0.0.1 80, TCP 10.0.0.2 80, false",
    "TCP 10.0.0.1 80, UDP 10.0.0.1 80, false",
    "TCP 0.0.0.0 80, TCP 10.0.0.1 80, true",
    "TCP 0.0.0.0 80, TCP 10.0.0.1 81, false",
    "TCP 0.0.0.0 80, UDP 10.0.0.1 80, false",
    "TCP 0.0.0.0 80, TCP 0.0.0.0 80, true",
    "TCP 0.0.0.0 80, TCP ::1 80, false",
    "UDP 0.0.0.0 80, UDP 2001:db8::1 80, false",
    "TCP 0.0.0.0 80, TCP fe80::1%1 80, false",
    "UDP :: 80, UDP 10.0.0.1 80, true",
    "TCP :: 80, TCP 2001:db8::1 80, true",
    "TCP :: 80, TCP 10.0.0.1 80, true",
    "TCP :: 80, TCP 0.0.0.0 80, true",
    "UDP 2001:db8::1 53, UDP 2001:db8:0::1 53, true",
    "UDP 2001:db8::1 53, UDP 2001:db8::2 53, false",
    "TCP 127.0.0.1 80, TCP ::1 80, false",
  })
  void theyOverlapOnTheSamePortAtTheSameOrAnyAddress(String one, String other, boolean overlap)
      throws Exception {
    assertThat(id(one).overlaps(id(other))).isEqualTo(overlap);
    assertThat(id(other).overlaps(id(one))).as("the other way round").isEqualTo(overlap);
  }

  @Test
  void theyAreNamedByAddressPortAndProtocol() throws Exception {
    assertThat(id("TCP 10.0.0.1 80")).hasToString("10.0.0.1:80/tcp");
    assertThat(id("UDP 2001:db8::1 53")).hasToString("[2001:db8::1]:53/udp");
  }
}
