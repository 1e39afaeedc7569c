package io.lvs4j.health.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.AgentCheck;
import io.lvs4j.api.ClientAddress;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.SmtpHello;
import io.lvs4j.health.ScriptedPeer;
import io.lvs4j.health.verdict.Outcome;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks that begin by a PROXY header, before servers that want one. */
@ParameterizedClass
@MethodSource("transports")
class ProxyHeaderTest extends AttemptTester {
  private static final ClientAddress V1 = ClientAddress.PROXY_PROTOCOL_V1;

  /** A server that says nothing to who doesn't begin by a header. */
  private static ScriptedPeer wantingLine(InetAddress address, ScriptedPeer.Script then)
      throws Exception {
    return ScriptedPeer.on(
        new InetSocketAddress(address, 0),
        c -> {
          var line = c.readLine();
          var client = c.client();
          var host = Endpoint.literal(client.getAddress());
          if (line.startsWith("PROXY TCP")
              && line.contains(" " + host + " ")
              && line.contains(" " + client.getPort() + " ")) {
            then.play(c);
          }
        });
  }

  private static void answer(ScriptedPeer.Connection connection) throws Exception {
    connection.readRequest();
    connection.send("HTTP/1.1 200 OK\r\n\r\n");
  }

  @Test
  void aServerThatWantsAHeaderIsUpForCheckWithOneAndTheOthersSayWhatItMayBe() throws Exception {
    for (var address : new String[] {"127.0.0.1", "::1"}) {
      try (var peer = wantingLine(InetAddress.ofLiteral(address), ProxyHeaderTest::answer)) {
        assertHttpPasses(peer, HTTP.proxyProtocol(V1), "status 200");
        assertHttpFails(
            peer,
            HTTP,
            "closed before an answer, as by a server that wants a PROXY header"
                + " (expected: status 200-299 within 5 s)");
      }
    }
  }

  @Test
  void otherProtocolsBeginByItToo() throws Exception {
    var loopback = InetAddress.ofLiteral("127.0.0.1");
    try (var mail =
        wantingLine(
            loopback,
            c -> {
              c.send("220 mail\r\n");
              c.readLine();
              c.send("250 mail\r\n");
            })) {
      var check = HealthCheck.of(SmtpHello.of()).proxyProtocol(V1);
      assertThat(outcome(check, mail.endpoint())).isInstanceOf(Outcome.Success.class);
    }
    try (var agent = wantingLine(loopback, c -> c.send("up\n"))) {
      var check = HealthCheck.of(AgentCheck.of()).proxyProtocol(V1);
      assertThat(outcome(check, agent.endpoint())).isInstanceOf(Outcome.Success.class);
    }
    var line = new CompletableFuture<String>();
    try (var tcp = ScriptedPeer.playing(c -> line.complete(c.readLine()))) {
      assertThat(outcome(TCP.proxyProtocol(V1), tcp.endpoint()))
          .isInstanceOf(Outcome.Success.class);
      assertThat(line.get(10, TimeUnit.SECONDS)).startsWith("PROXY TCP4 127.0.0.1 127.0.0.1 ");
    }
  }

  @Test
  void versionTwoSaysThatTheCheckSpeaksForItself() throws Exception {
    var begin = new CompletableFuture<String>();
    try (var peer =
        ScriptedPeer.playing(c -> {
          begin.complete(c.readRequest());
          answer(c);
        })) {
      var check = HTTP.proxyProtocol(ClientAddress.PROXY_PROTOCOL_V2);
      assertThat(outcome(check, peer.endpoint())).isNotNull();
      // The signature begins by the blank line that readRequest looks for.
      assertThat(begin.get(10, TimeUnit.SECONDS)).isEqualTo("\r\n\r\n");
    }
  }
}
