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
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
          clients.add(
              network
                  .host("client")
                  .call(() -> {
                    var socket = new Socket();
                    socket.setSoTimeout(10_000);
                    socket.connect(new InetSocketAddress(host.ipv4(), 80), 5000);
                    return socket;
                  }));
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

  private static Director director(Transport transport, Host host, Host real) {
    var web =
        VirtualServer.tcp(host.ipv4().getHostAddress(), 80)
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
