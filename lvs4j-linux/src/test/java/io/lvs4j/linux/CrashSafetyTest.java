package io.lvs4j.linux;

import static io.lvs4j.linux.TwoHosts.in;
import static io.lvs4j.linux.TwoHosts.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.linux.kernel.NativeKernel;
import io.lvs4j.linux.netlink.RouteNetlink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A process that holds an address is killed with SIGKILL; a neighbour looks whether the address
 * still answers ARP (or neighbour discovery) and TCP. The server stays, it is another process's:
 * what ends is the address.
 */
@Timeout(180)
class CrashSafetyTest {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);
  private static final Duration LIFETIME = Duration.ofSeconds(2);

  private TwoHosts hosts;

  @BeforeEach
  void connect() throws Exception {
    assumeTrue(TwoHosts.obstacle().isEmpty(), TwoHosts.obstacle());
    hosts = TwoHosts.connect();
  }

  @AfterEach
  void disconnect() throws Exception {
    if (hosts != null) {
      hosts.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PROCESS_DEVICE, 10.77.0.100, 24",
    "REFRESHED_LIFETIME, 10.77.0.100, 24",
    "AUTOMATIC, 10.77.0.100, 24",
    "AUTOMATIC, 2001:db8:77::100, 128",
    "AUTOMATIC, 10.62.217.1, 24",
    "REFRESHED_LIFETIME, 10.62.217.1, 24",
    "AUTOMATIC, 2001:db8:62::1, 64"
  })
  void addressesAnswerBeforeTheKillAndNotAfter(
      AddressMechanism mechanism, String literal, int prefixLength) throws Exception {
    var address = InetAddress.ofLiteral(literal);
    // Neighbours in a network that is not the interface's own.
    ip(hosts.there(), "address add 10.62.217.50/24 dev eth0");
    ip(hosts.there(), "address add 2001:db8:62::50/64 dev eth0 nodad");
    String routes = routes();
    try (var server = in(hosts.here(), () -> new ServerSocket(0))) {
      var holder = AddressHolder.start(hosts.here(), mechanism, literal, prefixLength, LIFETIME);
      try {
        await().atMost(LONG_ENOUGH).until(() -> answers(address, server.getLocalPort()));
      } finally {
        holder.destroyForcibly().waitFor();
      }

      await().atMost(LONG_ENOUGH).until(() -> !ip(hosts.here(), "address show").contains(literal));
      assertThat(answers(address, server.getLocalPort())).isFalse();
      assertThat(isNeighbour(address)).as("the link still knows where it is").isFalse();
    }
    assertThat(ip(hosts.here(), "link show")).doesNotContain("lvs4j0");
    await().atMost(LONG_ENOUGH).until(() -> routes().equals(routes));
  }

  /** Returns the routes that packets take; the kernel keeps expired ones for a while. */
  private String routes() throws Exception {
    return ip(hosts.here(), "-4 route show")
        + ip(hosts.here(), "-6 route show").replaceAll(".* expires -\\d+sec .*\\R", "");
  }

  private boolean answers(InetAddress address, int port) throws Exception {
    ip(hosts.there(), "neigh flush all");
    return in(
        hosts.there(),
        () -> {
          try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 500);
            return true;
          } catch (IOException unreachable) {
            return false;
          }
        });
  }

  private boolean isNeighbour(InetAddress address) throws Exception {
    try (var route = in(hosts.there(), () -> RouteNetlink.open(new NativeKernel()))) {
      return route.neighbours().stream()
          .anyMatch(neighbour ->
              neighbour.address().equals(address) && neighbour.hardwareAddress().isPresent());
    }
  }
}
