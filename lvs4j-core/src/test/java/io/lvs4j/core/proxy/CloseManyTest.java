package io.lvs4j.core.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.core.proxy.ProxyDataPlane.Transport;
import io.lvs4j.core.scheduler.Schedulers;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Many connections that are closed by the director at a time. */
class CloseManyTest {
  private static final int SERVERS = 100;
  private static final int CONNECTIONS = 800;

  @EveryTransport
  void thoseOfALostAddressEndInOnePassAndInSlices(Transport transport) throws Exception {
    closeMany(
        transport,
        (plane, definition, endpoints) -> {
          plane.remove(definition.id()).toCompletableFuture().join();
          assertThat(plane.addressLost(definition.id(), endpoints).toCompletableFuture().join())
              .isEqualTo(CONNECTIONS);
        });
  }

  @EveryTransport
  void thoseOfManyServersEndInOnePassAndInSlices(Transport transport) throws Exception {
    closeMany(
        transport,
        (plane, definition, endpoints) ->
            endpoints.forEach(endpoint -> plane.closeConnections(definition.id(), endpoint)));
  }

  private static final class Servers implements AutoCloseable {
    final List<Peers.Server> all = new ArrayList<>();

    Servers() throws IOException {
      for (int i = 0; i < SERVERS; i++) {
        all.add(new Peers.Server(socket -> Peers.readAll(socket)));
      }
    }

    @Override
    public void close() throws IOException {
      for (var each : all) {
        each.close();
      }
    }
  }

  private interface Closing {
    void close(ProxyDataPlane plane, VirtualServer definition, List<Endpoint> endpoints);
  }

  private static void closeMany(Transport transport, Closing closing) throws Exception {
    try (var servers = new Servers();
        var other =
            new Peers.Server(
                socket -> socket.getInputStream().transferTo(socket.getOutputStream()));
        var plane = Front.plane(transport, settings -> settings.eventLoops(1));
        var clients = new Peers.Clients()) {
      var destinations =
          servers.all.stream().map(each -> Front.destination(each.address())).toList();
      var endpoints = destinations.stream().map(Destination::endpoint).toList();
      var many =
          VirtualServer.tcp("127.0.0.1", Peers.freePort())
              .scheduler(Schedulers.roundRobin())
              .build();
      plane.add(many, destinations).toCompletableFuture().join();
      var one =
          VirtualServer.tcp("127.0.0.1", Peers.freePort())
              .scheduler(Schedulers.roundRobin())
              .build();
      plane.add(one, List.of(Front.destination(other.address()))).toCompletableFuture().join();
      var sockets = new ArrayList<Socket>();
      for (int i = 0; i < CONNECTIONS; i++) {
        sockets.add(clients.connect(Service.address(many).endpoint().toSocketAddress()));
      }
      var bystander = clients.connect(Service.address(one).endpoint().toSocketAddress());
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> plane.connections().size() == CONNECTIONS + 1);

      // How many are open, once in each turn of the loop.
      var turns = new CopyOnWriteArrayList<Integer>();
      var over = new AtomicBoolean();
      var loop = plane.eventLoops().getFirst();
      var recorder =
          new Runnable() {
            @Override
            public void run() {
              turns.add(loop.load());
              if (!over.get()) {
                var _ = loop.eventLoop().schedule(this, 0, TimeUnit.NANOSECONDS);
              }
            }
          };
      loop.eventLoop().submit(recorder).sync();
      closing.close(plane, many, endpoints);
      await().atMost(Duration.ofSeconds(30)).until(() -> plane.openConnections() == 1);
      over.set(true);

      int working = 0;
      for (int i = 1; i < turns.size(); i++) {
        int ended = turns.get(i - 1) - turns.get(i);
        assertThat(ended).as("ended in one turn").isLessThanOrEqualTo(64);
        working += ended > 0 ? 1 : 0;
      }
      // The recorder may come in the middle of a slice; one turn for each server would be 100.
      assertThat(working)
          .as("turns that ended any")
          .isLessThanOrEqualTo(2 * (CONNECTIONS / 64 + 1));
      for (var socket : sockets) {
        assertThat(Peers.readAll(socket).end()).isEqualTo(Peers.End.RESET);
      }
      bystander.getOutputStream().write('b');
      assertThat(bystander.getInputStream().read()).isEqualTo('b');
    }
  }
}
