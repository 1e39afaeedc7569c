package io.lvs4j.core.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.ConnectionSnapshot;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.core.proxy.ProxyDataPlane.Transport;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** UDP sessions over every transport. */
class UdpTest {
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (var each : open.reversed()) {
      each.close();
    }
  }

  /** A real server that sends back every datagram with its own name before it. */
  private final class Echo implements AutoCloseable {
    final DatagramSocket socket = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
    final List<InetSocketAddress> sources = new CopyOnWriteArrayList<>();
    private final byte name;

    Echo(char name) throws IOException {
      this.name = (byte) name;
      socket.setReceiveBufferSize(4 << 20);
      open.add(this);
      Thread.ofVirtual().start(this::serve);
    }

    InetSocketAddress address() {
      return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    private void serve() {
      var packet = new DatagramPacket(new byte[65_507], 1, 65_506);
      try {
        while (true) {
          packet.setData(packet.getData(), 1, 65_506);
          socket.receive(packet);
          sources.add((InetSocketAddress) packet.getSocketAddress());
          packet.getData()[0] = name;
          packet.setData(packet.getData(), 0, packet.getLength() + 1);
          socket.send(packet);
        }
      } catch (IOException e) {
        assertThat(socket.isClosed()).isTrue();
      }
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  private DatagramSocket client() throws IOException {
    var socket = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
    socket.setSoTimeout(5_000);
    open.add(socket);
    return socket;
  }

  private Front front(
      Transport transport,
      java.util.function.UnaryOperator<io.lvs4j.api.VirtualServer.Builder> settings,
      Echo... servers) {
    var front =
        Front.udp(
            transport,
            settings,
            Arrays.stream(servers).map(Echo::address).toArray(InetSocketAddress[]::new));
    open.add(front);
    return front;
  }

  /** Sends a datagram and returns the name of the server that answered, having checked the rest. */
  private static char exchange(DatagramSocket client, Front front, int size) throws IOException {
    var sent = new byte[size];
    Seed.random().nextBytes(sent);
    client.send(new DatagramPacket(sent, size, front.address()));
    var answer = new DatagramPacket(new byte[65_507], 65_507);
    client.receive(answer);
    assertThat(answer.getSocketAddress()).isEqualTo(front.address());
    assertThat(Arrays.copyOfRange(answer.getData(), 1, answer.getLength())).isEqualTo(sent);
    return (char) answer.getData()[0];
  }

  @EveryTransport
  void answersOfAllSizesComeFromTheVirtualAddress(Transport transport) throws Exception {
    var front = front(transport, settings -> settings, new Echo('a'));
    var client = client();
    for (int size : List.of(1, 100, 1472, 9000, 65_506)) {
      assertThat(exchange(client, front, size)).isEqualTo('a');
    }
  }

  @EveryTransport
  void theLargestDatagramArrivesWhole(Transport transport) throws Exception {
    var server = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
    open.add(server);
    server.setSoTimeout(5_000);
    var front =
        Front.udp(
            transport, settings -> settings, (InetSocketAddress) server.getLocalSocketAddress());
    open.add(front);
    client().send(new DatagramPacket(new byte[65_507], 65_507, front.address()));

    var received = new DatagramPacket(new byte[65_535], 65_535);
    server.receive(received);
    assertThat(received.getLength()).isEqualTo(65_507);
  }

  @EveryTransport
  void aClientStaysOnItsServerAndClientsAreSpread(Transport transport) throws Exception {
    var front = front(transport, settings -> settings, new Echo('a'), new Echo('b'));
    var seen = new HashSet<Character>();
    for (int i = 0; i < 8; i++) {
      var client = client();
      char server = exchange(client, front, 10);
      seen.add(server);
      for (int again = 0; again < 5; again++) {
        assertThat(exchange(client, front, 10)).isEqualTo(server);
      }
    }
    assertThat(seen).containsExactlyInAnyOrder('a', 'b');
    assertThat(front.plane.connections())
        .hasSize(8)
        .allSatisfy(session -> {
          assertThat(session.state()).isEqualTo(ConnectionSnapshot.State.UDP);
          assertThat(session.inBytes()).isEqualTo(60);
          assertThat(session.outBytes()).isEqualTo(66);
          assertThat(session.expiresIn()).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5));
        });
  }

  @EveryTransport
  void aSilentSessionEndsAndLeavesNoDescriptor(Transport transport) throws Exception {
    var front =
        front(transport, settings -> settings.idleTimeout(Duration.ofMillis(500)), new Echo('a'));
    exchange(client(), front, 1);
    await().until(() -> front.plane.openConnections() == 0);
    var clients = new ArrayList<DatagramSocket>();
    for (int i = 0; i < 100; i++) {
      clients.add(client());
    }
    int before = Descriptors.count();
    for (var client : clients) {
      exchange(client, front, 10);
    }
    await()
        .untilAsserted(() -> {
          assertThat(front.plane.openConnections()).isZero();
          assertThat(Descriptors.count()).isLessThanOrEqualTo(before);
        });
    var counters = front.plane.counters(front.definition().id());
    assertThat(counters.destinations().values())
        .allSatisfy(server -> assertThat(server.open()).isZero());
    assertThat(counters.total().inPackets()).isEqualTo(101);
    assertThat(counters.total().outPackets()).isEqualTo(101);
  }

  @EveryTransport
  void trafficEitherWayKeepsASessionAlive(Transport transport) throws Exception {
    var server = new Echo('a');
    var front = front(transport, settings -> settings.idleTimeout(Duration.ofMillis(400)), server);
    var client = client();
    for (int i = 0; i < 12; i++) {
      exchange(client, front, 10);
      await().pollDelay(Duration.ofMillis(100)).until(() -> true);
    }
    assertThat(Set.copyOf(server.sources)).hasSize(1);
  }

  @EveryTransport
  void aDeadServersClientGetsAnotherOneWithItsNextDatagrams(Transport transport) throws Exception {
    var dead = new Echo('a');
    var live = new Echo('b');
    var front = front(transport, settings -> settings, dead, live);
    var onDead = client();
    while (exchange(onDead, front, 10) != 'a') {
      onDead = client();
    }
    dead.close();
    onDead.setSoTimeout(100);

    var answers = new StringBuilder();
    for (int i = 0; i < 20 && answers.isEmpty(); i++) {
      try {
        answers.append(exchange(onDead, front, 10));
      } catch (SocketTimeoutException e) {
        // That one went to the dead server, and told the director so.
        continue;
      }
    }
    assertThat(answers.toString()).isEqualTo("b");
  }

  @EveryTransport
  void aRemovedServersClientGetsAnotherOneAtOnceAQuiescedServersDoesNot(Transport transport)
      throws Exception {
    var first = new Echo('a');
    var second = new Echo('b');
    var front = front(transport, settings -> settings, first, second);
    var id = front.definition().id();
    var client = client();
    char server = exchange(client, front, 10);
    var had = server == 'a' ? first : second;
    var destination = Front.destination(had.address());

    var _ = front.plane.updateDestination(id, new Destination(destination.server(), 0));
    assertThat(exchange(client, front, 10)).isEqualTo(server);

    var _ = front.plane.removeDestination(id, destination.endpoint());
    assertThat(exchange(client, front, 10)).isNotEqualTo(server);
  }

  @EveryTransport
  void onePacketSchedulingChoosesForEachDatagram(Transport transport) throws Exception {
    var front = front(transport, settings -> settings.onePacket(), new Echo('a'), new Echo('b'));
    var client = client();
    var answers = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      answers.append(exchange(client, front, 10));
    }
    assertThat(answers.toString()).isIn("ababababab", "bababababa");
    var counters = front.plane.counters(front.definition().id());
    assertThat(counters.total().connections()).isEqualTo(10);
    assertThat(counters.destinations().values())
        .allSatisfy(server -> assertThat(server.open()).isZero());
  }

  @EveryTransport
  void beyondTheMostSessionsANewClientTakesThatOfTheLongestIdle(Transport transport)
      throws Exception {
    var server = new Echo('a');
    open.add(Front.plane(transport));
    var plane = ProxyDataPlane.builder().eventLoops(1).transport(transport).udpSessions(2).build();
    var front = Front.udp(plane, settings -> settings, server.address());
    open.add(front);
    var idle = client();
    var busy = client();
    exchange(idle, front, 10);
    exchange(busy, front, 10);
    exchange(idle, front, 10);
    exchange(busy, front, 10);

    var third = client();
    assertThat(exchange(third, front, 10)).isEqualTo('a');

    assertThat(front.plane.connections())
        .extracting(each -> each.client().port())
        .containsExactlyInAnyOrder(busy.getLocalPort(), third.getLocalPort());
    assertThat(exchange(busy, front, 10)).isEqualTo('a');
  }

  @EveryTransport
  void aDatagramForWhichThereIsNoServerIsDropped(Transport transport) throws Exception {
    var front = front(transport, settings -> settings);
    var client = client();
    client.setSoTimeout(200);
    assertThatThrownBy(() -> exchange(client, front, 10))
        .isInstanceOf(SocketTimeoutException.class);
    assertThat(front.plane.openConnections()).isZero();
  }

  @EveryTransport
  void sessionsEndWithTheirVirtualServer(Transport transport) throws Exception {
    var front = front(transport, settings -> settings, new Echo('a'));
    exchange(client(), front, 10);

    front.plane.remove(front.definition().id()).toCompletableFuture().join();

    await().until(() -> front.plane.openConnections() == 0);
    try (var again = new DatagramSocket(front.address())) {
      assertThat(again.isBound()).isTrue();
    }
  }

  @EveryTransport
  void ipv6WorksAsWell(Transport transport) throws Exception {
    var loopback = InetAddress.ofLiteral("::1");
    var server = new DatagramSocket(new InetSocketAddress(loopback, 0));
    open.add(server);
    server.setSoTimeout(5_000);
    var front =
        Front.udp(
            "::1",
            Front.plane(transport),
            settings -> settings,
            (InetSocketAddress) server.getLocalSocketAddress());
    open.add(front);
    var client = new DatagramSocket(new InetSocketAddress(loopback, 0));
    open.add(client);
    client.setSoTimeout(5_000);
    client.send(new DatagramPacket(new byte[] {1, 2, 3}, 3, front.address()));
    var packet = new DatagramPacket(new byte[10], 10);
    server.receive(packet);
    server.send(packet);
    client.receive(packet);
    assertThat(packet.getLength()).isEqualTo(3);
    assertThat(packet.getSocketAddress()).isEqualTo(front.address());
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({"EPOLL, 127.0.0.1", "EPOLL, ::1", "NIO, 127.0.0.1", "NIO, ::1"})
  void datagramsWithoutPayloadArePassedOnBothWays(Transport transport, String address)
      throws Exception {
    var loopback = InetAddress.ofLiteral(address);
    var server = new DatagramSocket(new InetSocketAddress(loopback, 0));
    open.add(server);
    server.setSoTimeout(5_000);
    var front =
        Front.udp(
            address,
            Front.plane(transport),
            settings -> settings,
            (InetSocketAddress) server.getLocalSocketAddress());
    open.add(front);
    var client = new DatagramSocket(new InetSocketAddress(loopback, 0));
    open.add(client);
    client.setSoTimeout(5_000);
    var sources = new HashSet<java.net.SocketAddress>();
    for (int size : List.of(0, 3, 0, 0, 5, 0)) {
      client.send(new DatagramPacket(new byte[size], size, front.address()));
      var packet = new DatagramPacket(new byte[10], 10);
      server.receive(packet);
      assertThat(packet.getLength()).isEqualTo(size);
      sources.add(packet.getSocketAddress());
      server.send(packet);
      server.send(packet);
      for (int answer = 0; answer < 2; answer++) {
        packet.setLength(10);
        client.receive(packet);
        assertThat(packet.getLength()).isEqualTo(size);
        assertThat(packet.getSocketAddress()).isEqualTo(front.address());
      }
    }
    assertThat(sources).as("one session").hasSize(1);
    var traffic = front.plane.counters(front.definition().id()).total();
    assertThat(List.of(traffic.connections(), traffic.inPackets(), traffic.outPackets()))
        .containsExactly(1L, 6L, 12L);
  }

  @ParameterizedTest(name = "{0} asked at {1}")
  @CsvSource({
    "0.0.0.0, 127.0.0.1",
    "0.0.0.0, 127.0.0.2",
    "::, 127.0.0.2",
    "::, ::1",
  })
  void answersLeaveFromTheAddressThatWasAsked(String wildcard, String asked) throws Exception {
    var servers = List.of(new Echo('a'), new Echo('b'));
    var front =
        Front.udp(
            wildcard,
            Front.plane(Transport.EPOLL, settings -> settings.eventLoops(3)),
            settings -> settings,
            servers.get(0).address(),
            servers.get(1).address());
    open.add(front);
    var to = new InetSocketAddress(InetAddress.ofLiteral(asked), front.address().getPort());
    var seen = new HashSet<Character>();
    for (int i = 0; i < 12; i++) {
      var client = new DatagramSocket();
      open.add(client);
      client.setSoTimeout(5_000);
      // Who is connected hears nothing that comes from elsewhere.
      client.connect(to);
      var names = new HashSet<Character>();
      for (int again = 0; again < 4; again++) {
        client.send(new DatagramPacket(new byte[] {1, 2}, 2));
        var answer = new DatagramPacket(new byte[10], 10);
        client.receive(answer);
        assertThat(answer.getLength()).isEqualTo(3);
        names.add((char) answer.getData()[0]);
      }
      assertThat(names).as("its server, from the first to the last datagram").hasSize(1);
      seen.addAll(names);
    }
    assertThat(seen).containsExactlyInAnyOrder('a', 'b');
    assertThat(front.plane.connections())
        .hasSize(12)
        .allSatisfy(session -> assertThat(session.virtual().address()).isEqualTo(to.getAddress()));
    front.plane.remove(front.definition().id()).toCompletableFuture().join();
    await().until(() -> front.plane.openConnections() == 0);
    try (var again = new DatagramSocket(to)) {
      assertThat(again.isBound()).isTrue();
    }
  }

  @Test
  void aClientOfTwoAddressesHasASessionAtEach() throws Exception {
    var front =
        Front.udp(
            "0.0.0.0", Front.plane(Transport.EPOLL), settings -> settings, new Echo('a').address());
    open.add(front);
    var client = new DatagramSocket(new InetSocketAddress("0.0.0.0", 0));
    open.add(client);
    client.setSoTimeout(5_000);
    for (var asked : List.of("127.0.0.1", "127.0.0.3", "127.0.0.1")) {
      var to = new InetSocketAddress(asked, front.address().getPort());
      client.send(new DatagramPacket(new byte[1], 1, to));
      var answer = new DatagramPacket(new byte[10], 10);
      client.receive(answer);
      assertThat(answer.getSocketAddress()).isEqualTo(to);
    }
    assertThat(front.plane.connections()).hasSize(2);
  }

  @Test
  void whereAnswersCantChooseTheirAddressIsToldAtTheStart() throws Exception {
    var lines = new CopyOnWriteArrayList<String>();
    var logger = java.util.logging.Logger.getLogger(UdpService.class.getName());
    var handler =
        new java.util.logging.Handler() {
          @Override
          public void publish(java.util.logging.LogRecord line) {
            lines.add(line.getMessage());
          }

          @Override
          public void flush() {
            // Nothing is kept back.
          }

          @Override
          public void close() {
            logger.removeHandler(this);
          }
        };
    logger.addHandler(handler);
    try {
      var front =
          Front.udp(
              "0.0.0.0", Front.plane(Transport.NIO), settings -> settings, new Echo('a').address());
      open.add(front);
      assertThat(lines)
          .singleElement()
          .asString()
          .contains(front.definition().id() + ": answers leave from the address")
          .contains("epoll");
    } finally {
      handler.close();
    }
  }
}
