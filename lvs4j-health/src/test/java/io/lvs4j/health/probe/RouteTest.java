package io.lvs4j.health.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.UdpExchange;
import io.lvs4j.health.ScriptedPeer;
import io.lvs4j.health.verdict.Outcome;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks that go to, or come from, another place than they would by themselves. */
@ParameterizedClass
@MethodSource("transports")
class RouteTest extends AttemptTester {
  private final CompletableFuture<InetSocketAddress> client = new CompletableFuture<>();

  private ScriptedPeer server() throws Exception {
    return ScriptedPeer.playing(c -> {
      client.complete(c.client());
      c.readRequest();
      c.send("HTTP/1.0 200 OK\r\n\r\n");
    });
  }

  private static InetAddress address(String literal) throws Exception {
    return InetAddress.getByName(literal);
  }

  @Test
  void aCheckMayComeFromAnotherAddress() throws Exception {
    try (var peer = server()) {
      assertHttpPasses(peer, HTTP.bindAddress(address("127.0.0.9")), "status 200");
      assertThat(client.get(10, TimeUnit.SECONDS).getAddress()).isEqualTo(address("127.0.0.9"));
    }
  }

  @Test
  void aCheckMayComeFromOnePortAgainAndAgain() throws Exception {
    try (var peer = server()) {
      var check = HTTP.bindAddress(address("127.0.0.9")).bindPort(31_999);
      for (int i = 0; i < 3; i++) {
        assertThat(outcome(check, peer.endpoint()))
            .isIn(
                new Outcome.Success("HTTP_GET /health at " + peer.endpoint() + ": status 200"),
                // The last connection from there to here may be in TIME_WAIT at our end.
                new Outcome.Inconclusive(
                    "HTTP_GET /health at "
                        + peer.endpoint()
                        + ": can't send from 127.0.0.9:31999: Cannot assign requested address"));
      }
      assertThat(client.get(10, TimeUnit.SECONDS).getPort()).isEqualTo(31_999);
    }
  }

  @Test
  void anAddressThatIsNotOursSaysNothingOfTheServer() throws Exception {
    try (var peer = server()) {
      var outcome = outcome(HTTP.bindAddress(address("192.0.2.1")), peer.endpoint());
      assertThat(outcome).isInstanceOf(Outcome.Inconclusive.class);
      assertThat(outcome.detail()).contains(": can't send from 192.0.2.1:0: ");
    }
  }

  @Test
  void aCheckMayGoToAnotherAddress() throws Exception {
    try (var peer = server()) {
      var elsewhere = new Endpoint(address("192.0.2.1"), peer.endpoint().port());
      assertThat(outcome(HTTP.address(peer.endpoint().address()), elsewhere).detail())
          .isEqualTo("HTTP_GET /health at " + peer.endpoint() + ": status 200");
    }
  }

  @Test
  void aCheckMayBeSentThroughAnInterface() throws Exception {
    assumeThat(ProcessHandle.current().info().user()).as("needs root").hasValue("root");
    try (var peer = server()) {
      var outcome = outcome(HTTP.bindInterface("lo").firewallMark(7), peer.endpoint());
      var wrong = outcome(HTTP.bindInterface("nosuch0"), peer.endpoint());
      assertThat(wrong).isInstanceOf(Outcome.Inconclusive.class);
      if (isEpoll()) {
        assertThat(outcome.detail()).endsWith("status 200");
        assertThat(wrong.detail()).contains("the system refuses the check's interface or mark: ");
      } else {
        assertThat(outcome.detail())
            .endsWith(
                "can't choose an interface or mark packets here"
                    + " (expected: Linux and netty's epoll)");
      }
    }
  }

  @Test
  void ofUdpTheSameHolds() throws Exception {
    var nobody = new Endpoint(address("192.0.2.1"), 9);
    var check =
        HealthCheck.of(UdpExchange.ofRandomBytes())
            .bindAddress(address("192.0.2.1"))
            .connectTimeout(SHORT);
    assertThat(outcome(check, nobody)).isInstanceOf(Outcome.Inconclusive.class);
  }
}
