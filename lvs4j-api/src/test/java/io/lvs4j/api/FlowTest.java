package io.lvs4j.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What schedulers hash. */
class FlowTest {
  @ParameterizedTest(name = "{0} is 0x{1}")
  @CsvSource({
    "0.0.0.0, 00000000",
    "10.0.0.1, 0a000001",
    "192.168.1.254, c0a801fe",
    "255.255.255.255, ffffffff",
    "::, 00000000",
    "::1, 00000001",
    "2001:db8::1, 20010db9",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 00000000",
    "1:2:3:4:5:6:7:8, 00000008",
    "8000:0:0:1::, 80000001",
  })
  void anAddressIsItsBitsAndIpv6IsFolded(String address, String hex) throws Exception {
    assertThat(Flow.bits(InetAddress.getByName(address)))
        .isEqualTo(Integer.parseUnsignedInt(hex, 16));
  }

  private record Arrival(InetAddress clientAddress, InetAddress virtualAddress) implements Flow {
    @Override
    public Protocol protocol() {
      return Protocol.TCP;
    }

    @Override
    public int clientPort() {
      return 40_000;
    }

    @Override
    public int virtualPort() {
      return 80;
    }

    @Override
    public long arrivedAt() {
      return 0;
    }

    @Override
    public long random(long bound) {
      return 0;
    }
  }

  @Test
  void bothAddressesOfAFlowAreGivenAsBits() throws Exception {
    var flow =
        new Arrival(InetAddress.getByName("10.0.0.2"), InetAddress.getByName("192.168.0.200"));
    assertThat(flow.clientAddressBits()).isEqualTo(0x0a000002);
    assertThat(flow.virtualAddressBits()).isEqualTo(0xc0a800c8);
  }
}
