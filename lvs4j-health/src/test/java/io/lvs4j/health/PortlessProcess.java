package io.lvs4j.health;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.UdpExchange;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** A process that takes all local ports there are, and checks servers then. */
final class PortlessProcess {
  private PortlessProcess() {}

  /** Prints, for each check, whether its server is up and what was found. */
  public static void main(String[] arguments) throws Exception {
    var loopback = InetAddress.getByName(arguments[0]);
    var taken = new ArrayList<AutoCloseable>();
    try (var tcp = new ServerSocket(80, 50, loopback);
        var udp = new DatagramSocket(81, loopback);
        var monitor = HealthMonitor.create(RandomGenerator.getDefault())) {
      takeAll(taken, () -> new Socket(loopback, tcp.getLocalPort()));
      takeAll(taken, () -> connected(loopback, udp.getLocalPort()));
      var watches =
          List.of(
              monitor.watch(
                  new Endpoint(loopback, tcp.getLocalPort()),
                  List.of(often(HealthCheck.tcp())),
                  (_, _) -> {}),
              monitor.watch(
                  new Endpoint(loopback, udp.getLocalPort()),
                  List.of(often(HealthCheck.of(UdpExchange.ofRandomBytes()))),
                  (_, _) -> {}));
      for (var watch : watches) {
        while (watch.detail().isEmpty()) {
          Thread.onSpinWait();
        }
        System.out.println(watch.isUp() + " " + watch.detail());
      }
    } finally {
      for (var each : taken) {
        each.close();
      }
    }
    System.exit(0);
  }

  private static HealthCheck often(HealthCheck check) {
    return check.every(Duration.ofMillis(50)).warmUp(Duration.ZERO);
  }

  @FunctionalInterface
  private interface Taking {
    AutoCloseable one() throws IOException;
  }

  private static DatagramSocket connected(InetAddress to, int port) throws SocketException {
    var socket = new DatagramSocket();
    socket.connect(to, port);
    return socket;
  }

  private static void takeAll(List<AutoCloseable> taken, Taking taking) {
    try {
      while (true) {
        taken.add(taking.one());
      }
    } catch (IOException noneLeft) {
      System.err.println(noneLeft);
    }
  }
}
