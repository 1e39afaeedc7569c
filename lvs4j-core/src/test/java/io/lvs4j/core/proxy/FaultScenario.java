package io.lvs4j.core.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.ClientAddress;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.fault.FaultPoints;
import io.lvs4j.core.proxy.ProxyDataPlane.Transport;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Traffic of all kinds through one plane, at whose calls of foreign code an Error is thrown, one at
 * a time. It is loaded by {@link io.lvs4j.core.fault.FaultyClasses}.
 *
 * <p>A run takes some of the calls, chosen by {@code -Dlvs4j.seed}; {@code -Dlvs4j.faults=1000}
 * takes so many, which is all of them.
 */
@SuppressWarnings("UnusedMethod") // the test calls it by its interface
public final class FaultScenario implements Consumer<String> {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final long SEED = Long.getLong("lvs4j.seed", 20261201L);
  private static final int POINTS = Integer.getInteger("lvs4j.faults", 30);

  private final List<Socket> bystanders = new ArrayList<>();

  @Override
  public void accept(String transport) {
    FaultPoints.on("lvs4j-proxy");
    try (var echo = new Peers.Server(FaultScenario::echo);
        var datagrams = new EchoingSocket();
        var plane = Front.plane(Transport.valueOf(transport))) {
      var plain = serve(plane, VirtualServer::tcp, settings -> settings, echo.address());
      var headers =
          serve(
              plane,
              VirtualServer::tcp,
              settings ->
                  settings.acceptProxyProtocol().clientAddress(ClientAddress.PROXY_PROTOCOL_V2),
              echo.address());
      var refused =
          serve(
              plane,
              VirtualServer::tcp,
              settings -> settings.scheduler(Front::first),
              new InetSocketAddress("127.0.0.1", Peers.freePort()),
              echo.address());
      var udp = serve(plane, VirtualServer::udp, settings -> settings, datagrams.address());
      Runnable traffic =
          () -> {
            tolerant(() -> talk(plain, ""));
            tolerant(() -> talk(headers, "PROXY TCP4 192.0.2.1 198.51.100.2 1 80\r\n"));
            tolerant(() -> talk(refused, ""));
            tolerant(() -> reset(plain));
            tolerant(() -> ask(udp, 200));
          };
      traffic.run();
      int reached = 0;
      var points = chosen(FaultPoints.seen());
      for (var point : points) {
        keepBystanders(plain);
        int thrown = FaultPoints.thrown();
        FaultPoints.arm(point);
        traffic.run();
        FaultPoints.disarm();
        reached += FaultPoints.thrown() - thrown;
        // One throwable takes one connection along at most.
        assertThat(bystanders.stream().filter(socket -> !isServed(socket)).count())
            .as("bystanders that ended with a fault in %s", point)
            .isLessThanOrEqualTo(1);
        assertServed(point, () -> talk(plain, ""));
        assertServed(point, () -> talk(headers, "PROXY UNKNOWN\r\n"));
        assertServed(point, () -> talk(refused, ""));
        assertServed(point, () -> ask(udp, 200));
        assertThat(plane.loops()).as("after a fault in %s", point).allMatch(loop -> loop.alive());
      }
      // Most of them: the others are passed when something begins or ends.
      assertThat(reached).isGreaterThan(points.size() / 2);
      for (var socket : bystanders) {
        socket.close();
      }
      await()
          .atMost(SOON)
          .untilAsserted(() ->
              assertThat(plane.connections())
                  .filteredOn(each -> !each.virtualServer().equals(udp.id()))
                  .isEmpty());
    } catch (Exception e) {
      throw new AssertionError(transport, e);
    } finally {
      FaultPoints.disarm();
    }
  }

  /** Chooses by name, so that a call that is met in some runs only doesn't change the others. */
  private static List<String> chosen(Set<String> points) {
    return points.stream()
        .sorted(
            Comparator.comparingLong(
                point -> new SplittableRandom(SEED ^ ((long) point.hashCode() << 16)).nextLong()))
        .limit(POINTS)
        .toList();
  }

  private interface Begin {
    VirtualServer.Builder at(String address, int port);
  }

  private interface Exchange {
    void run() throws Exception;
  }

  private static VirtualServer serve(
      ProxyDataPlane plane,
      Begin begin,
      UnaryOperator<VirtualServer.Builder> settings,
      InetSocketAddress... servers) {
    var definition =
        settings
            .apply(
                begin
                    .at("127.0.0.1", Peers.freePort())
                    .scheduler(io.lvs4j.core.scheduler.Schedulers.roundRobin()))
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    plane
        .add(definition, java.util.Arrays.stream(servers).map(Front::destination).toList())
        .toCompletableFuture()
        .join();
    return definition;
  }

  private static void echo(Socket socket) {
    try {
      socket.getInputStream().transferTo(socket.getOutputStream());
      socket.shutdownOutput();
    } catch (IOException e) {
      // The connection was the one that a fault has struck.
    }
  }

  private void keepBystanders(VirtualServer server) throws IOException {
    bystanders.removeIf(Socket::isClosed);
    while (bystanders.size() < 4) {
      var socket = connect(server);
      bystanders.add(socket);
    }
    bystanders.removeIf(socket -> !isServed(socket));
  }

  private static boolean isServed(Socket socket) {
    try {
      socket.getOutputStream().write(7);
      if (socket.getInputStream().read() == 7) {
        return true;
      }
      socket.close();
    } catch (IOException struck) {
      try {
        socket.close();
      } catch (IOException again) {
        throw new AssertionError(again);
      }
    }
    return false;
  }

  private static Socket connect(VirtualServer server) throws IOException {
    var socket = new Socket();
    socket.setSoTimeout(1_000);
    socket.connect(Service.address(server).endpoint().toSocketAddress(), 1_000);
    return socket;
  }

  private static void talk(VirtualServer server, String header) throws IOException {
    try (var socket = connect(server)) {
      socket.getOutputStream().write((header + "hello").getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      // A server that is sent a header sends it back.
      var reply = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      if (!reply.endsWith("hello")) {
        throw new IOException("got " + reply.length() + " bytes (expected: an echo)");
      }
    }
  }

  private static void reset(VirtualServer server) throws IOException {
    try (var socket = connect(server)) {
      socket.getOutputStream().write(1);
      socket.getInputStream().read();
      socket.setSoLinger(true, 0);
    }
  }

  private static void ask(VirtualServer server, int patience) throws IOException {
    try (var socket = new DatagramSocket()) {
      socket.setSoTimeout(patience);
      socket.connect(Service.address(server).endpoint().toSocketAddress());
      socket.send(new DatagramPacket(new byte[] {1, 2, 3}, 3));
      var answer = new DatagramPacket(new byte[16], 16);
      socket.receive(answer);
      assertThat(answer.getLength()).isEqualTo(3);
    }
  }

  private static void tolerant(Exchange exchange) {
    try {
      exchange.run();
    } catch (Exception struck) {
      // What a fault may do to the connection that it strikes; the others are looked at below.
    }
  }

  private static void assertServed(String point, Exchange exchange) {
    await("service after a fault in " + point)
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> {
          try {
            exchange.run();
            return true;
          } catch (SocketTimeoutException late) {
            return false;
          } catch (IOException notYet) {
            return false;
          }
        });
  }

  /** A UDP server that sends back what it gets. */
  private static final class EchoingSocket implements AutoCloseable {
    private final DatagramSocket socket =
        new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

    EchoingSocket() throws IOException {
      Thread.ofVirtual()
          .start(() -> {
            var packet = new DatagramPacket(new byte[2048], 2048);
            try {
              while (true) {
                packet.setLength(2048);
                socket.receive(packet);
                socket.send(packet);
              }
            } catch (IOException closed) {
              // The scenario is over.
            }
          });
    }

    InetSocketAddress address() {
      return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    @Override
    public void close() {
      socket.close();
    }
  }
}
