package io.lvs4j.core.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.ClientAddress;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.core.proxy.Peers.End;
import io.lvs4j.core.proxy.ProxyDataPlane.Transport;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The client's address in a PROXY header: told to real servers, believed of upstream proxies. */
class ProxyProtocolTest {
  /** Sends back all that it gets. */
  private static void echo(Socket socket) throws IOException {
    socket.getInputStream().transferTo(socket.getOutputStream());
  }

  @EveryTransport
  void aServerIsToldOfTheClientInVersion1(Transport transport) throws Exception {
    try (var front =
        Front.tcp(
            transport,
            settings -> settings.clientAddress(ClientAddress.PROXY_PROTOCOL_V1),
            ProxyProtocolTest::echo)) {
      var client = front.connect();
      assertThat(exchange(client, "hello"))
          .isEqualTo(
              "PROXY TCP4 127.0.0.1 127.0.0.1 "
                  + client.getLocalPort()
                  + " "
                  + client.getPort()
                  + "\r\nhello");
    }
  }

  @EveryTransport
  void aServerIsToldOfTheClientInVersion2(Transport transport) throws Exception {
    try (var front =
        Front.tcp(
            transport,
            settings -> settings.clientAddress(ClientAddress.PROXY_PROTOCOL_V2),
            ProxyProtocolTest::echo)) {
      var client = front.connect();
      assertThat(exchange(client, "hello"))
          .isEqualTo(v2(client.getLocalAddress(), client.getLocalPort(), client) + "hello");
    }
  }

  @EveryTransport
  void aServerThatSpeaksFirstGetsTheHeaderAtOnce(Transport transport) throws Exception {
    var got = new CompletableFuture<String>();
    try (var front =
        Front.tcp(
            transport,
            settings -> settings.clientAddress(ClientAddress.PROXY_PROTOCOL_V1),
            socket -> {
              got.complete(new String(socket.getInputStream().readNBytes(16), US_ASCII));
              socket.getOutputStream().write('!');
            })) {
      assertThat(front.connect().getInputStream().read()).isEqualTo('!');
      assertThat(got.get(10, TimeUnit.SECONDS)).isEqualTo("PROXY TCP4 127.0");
    }
  }

  @EveryTransport
  void aServersOwnSettingGoesBeforeThatOfTheVirtualServer(Transport transport) throws Exception {
    try (var plain = new Peers.Server(ProxyProtocolTest::echo);
        var front =
            Front.withoutServers(
                transport, settings -> settings.clientAddress(ClientAddress.PROXY_PROTOCOL_V1))) {
      var _ =
          front.plane.addDestination(
              front.definition().id(),
              new Destination(
                  RealServer.of("127.0.0.1", plain.address().getPort())
                      .clientAddress(ClientAddress.HIDDEN),
                  1));
      assertThat(exchange(front.connect(), "hello")).isEqualTo("hello");
    }
  }

  @EveryTransport
  void anUpstreamHeaderDecidesWhoTheClientIs(Transport transport) throws Exception {
    var clients = new ArrayList<InetAddress>();
    try (var front =
        Front.tcp(
            transport,
            settings ->
                settings
                    .acceptProxyProtocol()
                    .clientAddress(ClientAddress.PROXY_PROTOCOL_V1)
                    .scheduler((servers, flow) -> {
                      clients.add(flow.clientAddress());
                      assertThat(flow.clientPort()).isEqualTo(4711);
                      return 0;
                    }),
            ProxyProtocolTest::echo)) {
      var header = "PROXY TCP4 192.0.2.7 198.51.100.1 4711 443\r\n";
      // What the real server gets is the header that came, as if nobody stood between.
      assertThat(exchange(front.connect(), header + "hello")).isEqualTo(header + "hello");
      assertThat(clients).isEqualTo(List.of(InetAddress.ofLiteral("192.0.2.7")));
    }
  }

  @EveryTransport
  void aHeaderMayTellNoPorts(Transport transport) throws Exception {
    try (var front =
        Front.tcp(
            transport,
            settings ->
                settings.acceptProxyProtocol().clientAddress(ClientAddress.PROXY_PROTOCOL_V1),
            ProxyProtocolTest::echo)) {
      var header = "PROXY TCP4 192.0.2.1 198.51.100.2 0 0\r\n";
      assertThat(exchange(front.connect(), header + "hello")).isEqualTo(header + "hello");
      var binary =
          new ProxyHeader(
              InetAddress.ofLiteral("192.0.2.1"), 0, InetAddress.ofLiteral("198.51.100.2"), 0);
      assertThat(exchange(front.connect(), text(binary) + "hello")).isEqualTo(header + "hello");
    }
  }

  @EveryTransport
  void aHeaderMayComeInPieces(Transport transport) throws Exception {
    try (var front =
        Front.tcp(
            transport,
            settings -> settings.acceptProxyProtocol().clientAddress(ClientAddress.HIDDEN),
            ProxyProtocolTest::echo)) {
      for (var header :
          List.of(
              "PROXY TCP4 192.0.2.7 198.51.100.1 4711 443\r\n",
              text(
                  new ProxyHeader(
                      InetAddress.ofLiteral("2001:db8::7"),
                      4711,
                      InetAddress.ofLiteral("2001:db8::1"),
                      443)))) {
        var client = front.connect();
        client.setTcpNoDelay(true);
        for (byte piece : (header + "hello").getBytes(ISO_8859_1)) {
          client.getOutputStream().write(piece);
        }
        assertThat(exchange(client, "")).isEqualTo("hello");
      }
    }
  }

  @EveryTransport
  void unknownAndLocalMeanTheSocketsOwnAddress(Transport transport) throws Exception {
    try (var front =
        Front.tcp(
            transport,
            settings ->
                settings.acceptProxyProtocol().clientAddress(ClientAddress.PROXY_PROTOCOL_V2),
            ProxyProtocolTest::echo)) {
      for (var header : List.of("PROXY UNKNOWN\r\n", "\r\n\r\n\0\r\nQUIT\n\40\0\0\0")) {
        var client = front.connect();
        assertThat(exchange(client, header + "hello"))
            .isEqualTo(v2(client.getLocalAddress(), client.getLocalPort(), client) + "hello");
      }
    }
  }

  @EveryTransport
  void aConnectionWithoutAHeaderIsReset(Transport transport) throws Exception {
    try (var front =
        Front.tcp(transport, settings -> settings.acceptProxyProtocol(), ProxyProtocolTest::echo)) {
      var client = front.connect();
      client.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
      assertThat(Peers.readAll(client).end()).isEqualTo(End.RESET);

      var silent = front.connect();
      silent.shutdownOutput();
      assertThat(Peers.readAll(silent).end()).isEqualTo(End.RESET);
      front.awaitNoConnections();
    }
  }

  @EveryTransport
  void aConnectionWhoseHeaderDoesNotComeInTimeIsReset(Transport transport) throws Exception {
    try (var front =
        Front.tcp(
            transport,
            settings -> settings.acceptProxyProtocol().connectTimeout(Duration.ofMillis(200)),
            ProxyProtocolTest::echo)) {
      var client = front.connect();
      client.getOutputStream().write("PROXY TCP4 192.0".getBytes(US_ASCII));
      assertThat(Peers.readAll(client).end()).isEqualTo(End.RESET);
      front.awaitNoConnections();
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"EPOLL", "NIO"})
  void bytesBehindAHeaderSurviveARetry(Transport transport) throws Exception {
    try (var live = new Peers.Server(ProxyProtocolTest::echo);
        var front =
            Front.tcp(
                transport,
                settings -> settings.acceptProxyProtocol().scheduler(Front::first),
                new java.net.InetSocketAddress("127.0.0.1", Peers.freePort()),
                live.address())) {
      assertThat(exchange(front.connect(), "PROXY UNKNOWN\r\nhello")).isEqualTo("hello");
    }
  }

  private static String exchange(Socket client, String bytes) throws IOException {
    client.getOutputStream().write(bytes.getBytes(ISO_8859_1));
    client.shutdownOutput();
    return new String(client.getInputStream().readAllBytes(), ISO_8859_1);
  }

  private static String v2(InetAddress source, int port, Socket client) {
    return text(new ProxyHeader(source, port, client.getInetAddress(), client.getPort()));
  }

  private static String text(ProxyHeader header) {
    var bytes = header.version2(UnpooledByteBufAllocator.DEFAULT);
    try {
      return bytes.toString(ISO_8859_1);
    } finally {
      bytes.release();
    }
  }
}
