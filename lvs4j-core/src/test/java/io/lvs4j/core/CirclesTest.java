package io.lvs4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.VirtualServer;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Virtual servers whose real servers lead back to them. */
class CirclesTest {
  private static VirtualServer.Builder at(String protocol, String address, int port) {
    return protocol.equals("tcp")
        ? VirtualServer.tcp(address, port)
        : VirtualServer.udp(address, port);
  }

  private static void assertRefused(VirtualServer... definitions) {
    var builder = Director.builder();
    for (var each : definitions) {
      builder.virtualServer(each);
    }
    assertThatThrownBy(builder::build)
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("leads back to this virtual server");
  }

  private static void assertTaken(VirtualServer... definitions) {
    var builder = Director.builder();
    for (var each : definitions) {
      builder.virtualServer(each);
    }
    builder.build().close();
  }

  @ParameterizedTest(name = "{0} {1} to {2}: {3}")
  @CsvSource({
    "tcp, 127.0.0.1, 127.0.0.1, true",
    "udp, 127.0.0.1, 127.0.0.1, true",
    "tcp, 127.0.0.1, 127.0.0.2, false",
    "tcp, 0.0.0.0, 127.0.0.2, true",
    "udp, 0.0.0.0, 127.0.0.2, true",
    "tcp, ::, 127.0.0.2, true",
    "tcp, ::, ::1, true",
    "tcp, 0.0.0.0, ::1, false",
    "tcp, 0.0.0.0, 192.0.2.1, false",
    "tcp, ::1, ::1, true",
    "tcp, ::1, 127.0.0.1, false",
  })
  void aVirtualServerThatIsItsOwnRealServerIsRefused(
      String protocol, String virtual, String real, boolean refused) {
    var definition = at(protocol, virtual, 8080).realServer(real, 8080).build();
    if (refused) {
      assertRefused(definition);
      assertRefused(at(protocol, virtual, 8080).sorryServer(real, 8080).build());
    } else {
      assertTaken(definition);
    }
    assertTaken(at(protocol, virtual, 8080).realServer(real, 8081).build());
  }

  @Test
  void anyAddressOfTheHostLeadsBackToTheWildcard() throws Exception {
    var own =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(each -> each instanceof Inet4Address && !each.isLoopbackAddress())
            .findFirst();
    assumeThat(own).as("an address besides loopback").isPresent();
    var server = RealServer.of(new Endpoint(own.get(), 8080));
    assertRefused(VirtualServer.tcp("0.0.0.0", 8080).realServer(server).build());
    assertRefused(VirtualServer.tcp("::", 8080).realServer(server).build());
    assertTaken(VirtualServer.tcp("127.0.0.1", 8080).realServer(server).build());
  }

  @Test
  void aChainIsTakenUnlessItsEndsMeet() {
    var one = VirtualServer.tcp("127.0.0.1", 8001).realServer("127.0.0.1", 8002).build();
    var two = VirtualServer.tcp("127.0.0.1", 8002).realServer("127.0.0.1", 8003).build();
    var end = VirtualServer.tcp("0.0.0.0", 8003).realServer("127.0.0.1", 9000).build();
    assertTaken(one, two, end);
    var back = VirtualServer.tcp("0.0.0.0", 8003).realServer("127.0.0.1", 8001).build();
    assertRefused(one, two, back);
    assertThatThrownBy(() ->
            Director.builder().virtualServer(one).virtualServer(two).virtualServer(back).build())
        .hasMessageContaining(
            "virtual server 127.0.0.1:8001/tcp: real server 127.0.0.1:8002: leads back to this"
                + " virtual server, by way of 127.0.0.1:8002/tcp, 0.0.0.0:8003/tcp");
    assertTaken(
        VirtualServer.tcp("127.0.0.1", 8001).realServer("127.0.0.1", 8002).build(),
        VirtualServer.udp("127.0.0.1", 8002).realServer("127.0.0.1", 8001).build());
  }

  @Test
  void aRunningDirectorIsNotBentToACircleEither() throws Exception {
    int first = freePort();
    int second = freePort();
    var one = VirtualServer.tcp("127.0.0.1", first).realServer("127.0.0.1", second).build();
    var two = VirtualServer.tcp("127.0.0.1", second).realServer("127.0.0.1", first).build();
    try (var director = Director.builder().virtualServer(one).build()) {
      director.start();
      assertThatThrownBy(() -> director.add(two)).hasMessageContaining("leads back");
      var harmless = two.toBuilder().realServers(java.util.List.of()).build();
      director.add(harmless);
      assertThatThrownBy(() -> director.update(two)).hasMessageContaining("leads back");
      assertThatThrownBy(
              () -> director.virtualServer(harmless).add(RealServer.of("127.0.0.1", first)))
          .hasMessageContaining("leads back");
      assertThat(director.snapshot().virtualServers()).hasSize(2);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
