package io.lvs4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.RealServer;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.proxy.ProxyDataPlane;
import io.lvs4j.core.proxy.ProxyDataPlane.Transport;
import io.lvs4j.core.scheduler.Schedulers;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DatagramsTest {
  private final EchoServer one = new EchoServer("one");
  private final EchoServer two = new EchoServer("two");
  private final int port = HttpBackend.freePort();

  @AfterEach
  void close() {
    one.close();
    two.close();
  }

  private VirtualServer.Builder dns() {
    return VirtualServer.udp("127.0.0.1", port)
        .scheduler(Schedulers.roundRobin())
        .realServer("127.0.0.1", one.port())
        .realServer("127.0.0.1", two.port());
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

  @ParameterizedTest
  @EnumSource(names = {"AUTO", "NIO"})
  void aClientKeepsItsServerAndClientsAreSpread(Transport transport) throws IOException {
    var dns = dns().build();
    try (var director = serve(transport, dns)) {
      var spread = new TreeMap<String, Integer>();
      for (int i = 0; i < 10; i++) {
        try (var client = new Client(port)) {
          var first = client.ask("a");
          assertThat(client.ask("b")).isEqualTo(first);
          assertThat(client.ask("c")).isEqualTo(first);
          spread.merge(first, 1, Integer::sum);
        }
      }
      assertThat(spread).containsEntry("one", 5).containsEntry("two", 5);
      var snapshot = director.virtualServer(dns).snapshot();
      assertThat(snapshot.traffic().connections()).isEqualTo(10);
      assertThat(snapshot.traffic().inPackets()).isEqualTo(30);
      assertThat(snapshot.traffic().outPackets()).isEqualTo(30);
      assertThat(snapshot.realServers())
          .allSatisfy(server -> {
            assertThat(server.active()).isZero();
            assertThat(server.inactive()).isEqualTo(5);
          });
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"AUTO", "NIO"})
  void aSilentSessionEnds(Transport transport) throws IOException {
    var dns = dns().idleTimeout(Duration.ofMillis(200)).build();
    try (var director = serve(transport, dns);
        var client = new Client(port)) {
      client.ask("a");
      assertThat(director.connections()).hasSize(1);
      await().until(() -> director.connections().isEmpty());
      assertThat(client.ask("b")).isIn("one", "two");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"AUTO", "NIO"})
  void onePacketSchedulingSpreadsTheDatagramsOfOneClient(Transport transport) throws IOException {
    var dns = dns().onePacket().build();
    try (var director = serve(transport, dns);
        var client = new Client(port)) {
      Set<String> names = new HashSet<>();
      for (int i = 0; i < 8; i++) {
        names.add(client.ask("x"));
      }
      assertThat(names).containsExactlyInAnyOrder("one", "two");
      var snapshot = director.virtualServer(dns).snapshot();
      assertThat(snapshot.traffic().connections()).isEqualTo(8);
      assertThat(snapshot.realServers())
          .allSatisfy(server -> assertThat(server.inactive()).isZero());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"AUTO", "NIO"})
  void aSessionOfARemovedServerGoesOnWithAnother(Transport transport) throws IOException {
    var dns = dns().build();
    try (var director = serve(transport, dns);
        var client = new Client(port)) {
      var first = client.ask("a");
      var gone = first.equals("one") ? one : two;

      director.realServer(dns, "127.0.0.1", gone.port()).remove();

      assertThat(client.ask("b")).isEqualTo(first.equals("one") ? "two" : "one");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"AUTO", "NIO"})
  void aPortThatNobodyListensOnEndsTheSessionSoThatTheNextDatagramFindsAnother(Transport transport)
      throws IOException {
    one.close();
    var dns = dns().build();
    try (var director = serve(transport, dns);
        var client = new Client(port)) {
      await()
          .ignoreException(SocketTimeoutException.class)
          .untilAsserted(() -> assertThat(client.ask("a")).isEqualTo("two"));
      assertThat(director.isRunning()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"AUTO", "NIO"})
  void theLargestDatagramArrivesWhole(Transport transport) throws IOException {
    try (var director = serve(transport, dns().build());
        var client = new Client(port)) {
      var largest = new byte[65_507];
      Arrays.fill(largest, (byte) 'x');
      assertThat(client.echo(largest)).isEqualTo(largest);
      assertThat(director.connections().getFirst().inBytes()).isEqualTo(65_507);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"AUTO", "NIO"})
  void ipv6IsServedToo(Transport transport) throws IOException {
    var dns =
        VirtualServer.udp("::1", port).realServer(RealServer.of("127.0.0.1", one.port())).build();
    try (var director = serve(transport, dns);
        var client = new Client(InetAddress.getByName("::1"), port)) {
      assertThat(client.ask("a")).isEqualTo("one");
      assertThat(director.connections().getFirst().client().toString()).startsWith("[::1]:");
    }
  }

  /** Answers a datagram of one byte with its name and any other with itself. */
  private static final class EchoServer implements AutoCloseable {
    private final DatagramSocket socket;
    private final int port;

    EchoServer(String name) {
      try {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
      } catch (IOException failure) {
        throw new java.io.UncheckedIOException(failure);
      }
      port = socket.getLocalPort();
      Thread.ofPlatform().daemon().start(() -> answer(name.getBytes(StandardCharsets.US_ASCII)));
    }

    private void answer(byte[] name) {
      var packet = new DatagramPacket(new byte[65_536], 65_536);
      while (!socket.isClosed()) {
        try {
          packet.setLength(65_536);
          socket.receive(packet);
          var answer =
              packet.getLength() == 1 ? name : Arrays.copyOf(packet.getData(), packet.getLength());
          socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        } catch (IOException ended) {
          if (!socket.isClosed()) {
            throw new java.io.UncheckedIOException(ended);
          }
        }
      }
    }

    int port() {
      return port;
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  private static final class Client implements AutoCloseable {
    private final DatagramSocket socket = new DatagramSocket();

    Client(int port) throws IOException {
      this(InetAddress.getLoopbackAddress(), port);
    }

    Client(InetAddress address, int port) throws IOException {
      socket.connect(address, port);
      socket.setSoTimeout(2_000);
    }

    String ask(String question) throws IOException {
      return new String(echo(question.getBytes(StandardCharsets.US_ASCII)));
    }

    byte[] echo(byte[] content) throws IOException {
      socket.send(new DatagramPacket(content, content.length));
      var answer = new DatagramPacket(new byte[65_536], 65_536);
      socket.receive(answer);
      return Arrays.copyOf(answer.getData(), answer.getLength());
    }

    @Override
    public void close() {
      socket.close();
    }
  }
}
