package io.lvs4j.lab.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.api.RealServer;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.core.proxy.ProxyDataPlane;
import io.lvs4j.core.proxy.ProxyDataPlane.Transport;
import io.lvs4j.core.scheduler.Schedulers;
import io.lvs4j.lab.network.LabNetwork;
import io.lvs4j.lab.network.Responder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An address that leaves the host below open connections. */
@Timeout(60)
class AddressLostTest {
  @BeforeEach
  void networksCanBeMade() {
    LabNetwork.obstacle().ifPresent(Assumptions::abort);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"10.77.0.50/24", "2001:db8:77::50/64 nodad"})
  void itsClientsAreResetAllTheSame(String address) throws Exception {
    var virtual = InetAddress.ofLiteral(address.substring(0, address.indexOf('/')));
    try (var network = LabNetwork.of("director", "client")) {
      var host = network.host("director");
      var client = network.host("client");
      host.ip("address add " + address + " dev eth0");
      try (var responder = Responder.on(host, 9000);
          var plane =
              host.call(() ->
                  ProxyDataPlane.builder().transport(Transport.EPOLL).eventLoops(1).build())) {
        assertThat(responder).isNotNull();
        var server = RealServer.of("127.0.0.1", 9000);
        var web =
            VirtualServer.tcp(virtual.getHostAddress(), 80)
                .scheduler(Schedulers.roundRobin())
                .build();
        host.call(
            () -> plane.add(web, List.of(new Destination(server, 1))).toCompletableFuture().join());
        try (var socket =
            client.call(() -> {
              var connected = new Socket();
              connected.setSoTimeout(10_000);
              connected.connect(new InetSocketAddress(virtual, 80), 5000);
              return connected;
            })) {
          socket.getOutputStream().write('\n');
          assertThat(socket.getInputStream().read()).isEqualTo('d');

          host.ip("address delete " + address.replace(" nodad", "") + " dev eth0");
          plane.remove(web.id()).toCompletableFuture().join();
          assertThat(
                  plane
                      .addressLost(web.id(), List.of(server.endpoint()))
                      .toCompletableFuture()
                      .join())
              .isOne();

          assertThatThrownBy(
                  () -> {
                    while (socket.getInputStream().read() >= 0) {
                      // What was on its way.
                    }
                  })
              .isInstanceOf(SocketException.class)
              .hasMessageContaining("reset");
        }
      }
    }
  }
}
