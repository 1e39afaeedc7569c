package io.lvs4j.lab.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.PassiveHealth;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.Director;
import io.lvs4j.core.proxy.ProxyDataPlane;
import io.lvs4j.core.proxy.ProxyDataPlane.Transport;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.LabNetwork;
import io.lvs4j.lab.network.Responder;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A director that has four local ports for its connections to a real server. */
@Timeout(120)
class NoPortLeftTest {
  private static final int PORTS = 4;

  @BeforeEach
  void networksCanBeMade() {
    LabNetwork.obstacle().ifPresent(Assumptions::abort);
  }

  /** What was logged, for as long as this is open. */
  private static final class Lines extends Handler implements AutoCloseable {
    final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger logger = Logger.getLogger("io.lvs4j.core.proxy");

    Lines() {
      logger.addHandler(this);
    }

    @Override
    public void publish(LogRecord line) {
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
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"EPOLL", "NIO"})
  void isToldWithTheRemedyAndNotHeldAgainstTheRealServer(Transport transport) throws Exception {
    try (var network = LabNetwork.of("director", "real", "client");
        var lines = new Lines()) {
      var host = network.host("director");
      var real = network.host("real");
      host.set("net/ipv4/ip_local_port_range", "50000 " + (50_000 + PORTS - 1));
      try (var responder = Responder.on(real, 9000);
          var director = host.call(() -> director(transport, host, real))) {
        assertThat(responder).isNotNull();
        var clients = new ArrayList<Socket>();
        for (int i = 0; i < PORTS + 20; i++) {
          // One that finds no port may be reset before connect() returns.
          network.host("client").call(() -> connect(host)).ifPresent(clients::add);
        }
        int answered = 0;
        for (var socket : clients) {
          answered += isAnswered(socket) ? 1 : 0;
        }
        assertThat(answered).isEqualTo(PORTS);
        await().atMost(Duration.ofSeconds(10)).until(() -> director.connections().size() == PORTS);
        var server = director.snapshot().virtualServers().getFirst().realServers().getFirst();
        assertThat(server.ejected()).isFalse();
        assertThat(server.connectFailures()).isZero();
        assertThat(lines.lines)
            .filteredOn(line -> line.contains("no local port left"))
            .singleElement()
            .asString()
            .contains("virtual server " + host.ipv4().getHostAddress() + ":80/tcp: connect to ")
            .contains("net.ipv4.ip_local_port_range");
        for (var socket : clients) {
          socket.close();
        }
        // As soon as there are ports again it goes on.
        await().atMost(Duration.ofSeconds(10)).until(() -> director.connections().isEmpty());
      }
    }
  }

  private static Optional<Socket> connect(Host to) throws IOException {
    var socket = new Socket();
    try {
      socket.setSoTimeout(10_000);
      socket.connect(new InetSocketAddress(to.ipv4(), 80), 5000);
      return Optional.of(socket);
    } catch (SocketException reset) {
      socket.close();
      return Optional.empty();
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"EPOLL", "NIO"})
  void isToldOfSessionsToo(Transport transport) throws Exception {
    try (var network = LabNetwork.of("director", "real", "client");
        var lines = new Lines()) {
      var host = network.host("director");
      var real = network.host("real");
      host.set("net/ipv4/ip_local_port_range", "50000 " + (50_000 + PORTS - 1));
      try (var responder = Responder.on(real, 9000, List.of(real.ipv4()));
          var director =
              host.call(() ->
                  start(transport, VirtualServer.udp(host.ipv4().getHostAddress(), 80), real))) {
        assertThat(responder).isNotNull();
        int answered = 0;
        for (int i = 0; i < PORTS + 4; i++) {
          answered += network.host("client").call(() -> isAnsweredOnce(host)) ? 1 : 0;
        }
        assertThat(answered).isEqualTo(PORTS);
        var server = director.snapshot().virtualServers().getFirst().realServers().getFirst();
        assertThat(server.ejected()).isFalse();
        assertThat(lines.lines)
            .filteredOn(line -> line.contains("no local port left"))
            .singleElement()
            .asString()
            .contains("virtual server " + host.ipv4().getHostAddress() + ":80/udp: connect to ");
      }
    }
  }

  private static boolean isAnsweredOnce(Host to) throws IOException {
    try (var client = new DatagramSocket()) {
      client.setSoTimeout(2000);
      client.send(new DatagramPacket(new byte[1], 1, new InetSocketAddress(to.ipv4(), 80)));
      client.receive(new DatagramPacket(new byte[200], 200));
      return true;
    } catch (SocketTimeoutException dropped) {
      return false;
    }
  }

  private static Director director(Transport transport, Host host, Host real) {
    return start(transport, VirtualServer.tcp(host.ipv4().getHostAddress(), 80), real);
  }

  private static Director start(Transport transport, VirtualServer.Builder settings, Host real) {
    var web =
        settings
            .connectRetries(1)
            .passiveHealth(PassiveHealth.defaults().maxEjectionPercent(100))
            .realServer(real.ipv4().getHostAddress(), 9000)
            .build();
    var director =
        Director.builder()
            .dataPlane(ProxyDataPlane.builder().transport(transport).build())
            .virtualServer(web)
            .build();
    director.start();
    return director;
  }

  private static boolean isAnswered(Socket socket) {
    try {
      socket.getOutputStream().write('\n');
      return socket.getInputStream().read() >= 0;
    } catch (IOException reset) {
      return false;
    }
  }
}
