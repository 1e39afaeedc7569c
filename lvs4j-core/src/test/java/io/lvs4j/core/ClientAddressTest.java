package io.lvs4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.api.ClientAddress;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.proxy.ProxyDataPlane;
import io.lvs4j.core.proxy.ProxyDataPlane.Transport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real server learns of its clients, seen by a real server that reads the raw bytes. */
class ClientAddressTest {
  private static final String V2_SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static final String PAYLOAD = "the client's own bytes";

  private final int port = HttpBackend.freePort();
  private ServerSocket backend;

  @BeforeEach
  void listen() throws IOException {
    backend = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    backend.setSoTimeout(10_000);
  }

  @AfterEach
  void close() throws IOException {
    backend.close();
  }

  private VirtualServer.Builder web() {
    return VirtualServer.tcp("127.0.0.1", port)
        .realServer("127.0.0.1", backend.getLocalPort())
        .connectTimeout(Duration.ofSeconds(2));
  }

  private static Director serve(Transport transport, VirtualServer server) {
    var director =
        Director.builder()
            .virtualServer(server)
            .dataPlane(ProxyDataPlane.builder().transport(transport).build())
            .build();
    director.start();
    return director;
  }

  /** Sends this as a client, ends, and returns what the real server got. */
  private byte[] through(Socket client, byte[]... pieces) throws IOException {
    for (var piece : pieces) {
      client.getOutputStream().write(piece);
      client.getOutputStream().flush();
    }
    client.shutdownOutput();
    try (var accepted = backend.accept()) {
      accepted.setSoTimeout(10_000);
      return accepted.getInputStream().readAllBytes();
    }
  }

  private Socket client() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(10_000);
    socket.setTcpNoDelay(true);
    return socket;
  }

  @ParameterizedTest
  @EnumSource(names = {"AUTO", "NIO"})
  void versionOneIsALineBeforeTheClientsBytes(Transport transport) throws IOException {
    var web = web().clientAddress(ClientAddress.PROXY_PROTOCOL_V1).build();
    try (var director = serve(transport, web);
        var client = client()) {
      assertThat(new String(through(client, PAYLOAD.getBytes())))
          .isEqualTo(
              "PROXY TCP4 127.0.0.1 127.0.0.1 "
                  + client.getLocalPort()
                  + " "
                  + port
                  + "\r\n"
                  + PAYLOAD);
      assertThat(director.isRunning()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"AUTO", "NIO"})
  void versionTwoIsABinaryHeaderAndARealServerMayDifferFromTheRest(Transport transport)
      throws IOException {
    var web =
        VirtualServer.tcp("127.0.0.1", port)
            .clientAddress(ClientAddress.PROXY_PROTOCOL_V1)
            .realServer(
                RealServer.of("127.0.0.1", backend.getLocalPort())
                    .clientAddress(ClientAddress.PROXY_PROTOCOL_V2))
            .build();
    try (var director = serve(transport, web);
        var client = client()) {
      var received = through(client, PAYLOAD.getBytes());
      assertThat(HexFormat.of().formatHex(received))
          .isEqualTo(
              V2_SIGNATURE
                  + "2111000c"
                  + "7f0000017f000001"
                  + String.format(Locale.ROOT, "%04x%04x", client.getLocalPort(), port)
                  + HexFormat.of().formatHex(PAYLOAD.getBytes()));
      assertThat(director.isRunning()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"AUTO", "NIO"})
  void aHeaderFromUpstreamIsTakenHoweverItIsCutAndPassedOn(Transport transport) throws IOException {
    var web = web().acceptProxyProtocol().clientAddress(ClientAddress.PROXY_PROTOCOL_V1).build();
    var header = "PROXY TCP4 203.0.113.7 198.51.100.1 4711 80\r\n" + PAYLOAD;
    var pieces = new byte[header.length()][];
    for (int i = 0; i < pieces.length; i++) {
      pieces[i] = new byte[] {(byte) header.charAt(i)};
    }
    try (var director = serve(transport, web);
        var client = client()) {
      assertThat(new String(through(client, pieces)))
          .startsWith("PROXY TCP4 203.0.113.7 ")
          .contains(" 4711 ")
          .endsWith("\r\n" + PAYLOAD);
      assertThat(director.isRunning()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    // version 2, PROXY, TCP over IPv6
    "0d0a0d0a000d0a515549540a2121002420010db800000000000000000000000720010db80000000000000000000000011267"
        + "0050, PROXY TCP6 2001:db8:",
    // version 2, LOCAL: the socket's own address counts
    "0d0a0d0a000d0a515549540a20000000, PROXY TCP4 127.0.0.1 127.0.0.1",
    // version 1, UNKNOWN: the same
    "50524f585920554e4b4e4f574e0d0a, PROXY TCP4 127.0.0.1 127.0.0.1"
  })
  void whatUpstreamSaysOfTheClientCounts(String header, String expected) throws IOException {
    var web = web().acceptProxyProtocol().clientAddress(ClientAddress.PROXY_PROTOCOL_V1).build();
    try (var director = serve(Transport.AUTO, web);
        var client = client()) {
      assertThat(
              new String(
                  through(client, HexFormat.of().parseHex(header), PAYLOAD.getBytes()),
                  StandardCharsets.ISO_8859_1))
          .startsWith(expected)
          .endsWith("\r\n" + PAYLOAD);
      assertThat(director.isRunning()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET / HTTP/1.1\r\n\r\n", "PROXY NONSENSE\r\n", "PROXY TCP4 x y 1 2\r\n"})
  void aConnectionWithoutAProperHeaderIsReset(String instead) throws IOException {
    var web = web().acceptProxyProtocol().build();
    try (var director = serve(Transport.AUTO, web);
        var client = client()) {
      client.getOutputStream().write(instead.getBytes());
      assertThatThrownBy(() -> readAll(client.getInputStream())).hasMessageContaining("reset");
      assertThat(director.isRunning()).isTrue();
    }
  }

  @Test
  void aHeaderThatDoesNotComeInTimeResetsTheConnection() throws IOException {
    var web = web().acceptProxyProtocol().connectTimeout(Duration.ofMillis(200)).build();
    try (var director = serve(Transport.AUTO, web);
        var client = client()) {
      client.getOutputStream().write("PROXY TCP4 ".getBytes());
      assertThatThrownBy(() -> readAll(client.getInputStream())).hasMessageContaining("reset");
      assertThat(director.isRunning()).isTrue();
    }
  }

  @Test
  void transparentlyTheRealServerSeesTheClientsAddress() throws IOException {
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "IP_TRANSPARENT needs CAP_NET_ADMIN");
    var web = web().clientAddress(ClientAddress.TRANSPARENT).build();
    try (var director = serve(Transport.AUTO, web);
        var client = new Socket()) {
      client.setSoTimeout(10_000);
      client.bind(new InetSocketAddress("127.9.9.9", 0));
      client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      client.getOutputStream().write(PAYLOAD.getBytes());
      client.shutdownOutput();
      try (var accepted = backend.accept()) {
        assertThat(accepted.getInetAddress().getHostAddress()).isEqualTo("127.9.9.9");
        assertThat(new String(accepted.getInputStream().readAllBytes())).isEqualTo(PAYLOAD);
      }
      assertThat(director.isRunning()).isTrue();
    }
  }

  private static byte[] readAll(InputStream in) throws IOException {
    var bytes = new ByteArrayOutputStream();
    in.transferTo(bytes);
    return bytes.toByteArray();
  }
}
