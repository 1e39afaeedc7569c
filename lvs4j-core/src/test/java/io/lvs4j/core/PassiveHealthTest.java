package io.lvs4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.DirectorEvent;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.PassiveHealth;
import io.lvs4j.api.RealServerSnapshot;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.metrics.DirectorMetrics;
import io.lvs4j.core.proxy.ProxyDataPlane;
import io.lvs4j.core.scheduler.Schedulers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real servers that fail real connections leave the pool, and come back by themselves. */
class PassiveHealthTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What a real server does with its connections. */
  private enum Mood {
    SERVING,
    RESETTING,
    RESETTING_IN_THE_ANSWER
  }

  /** A real server that answers with one byte, or doesn't. */
  private static final class Server implements AutoCloseable {
    final AtomicInteger accepted = new AtomicInteger();
    private final ServerSocket listener;
    volatile Mood mood = Mood.SERVING;

    Server(int port) throws IOException {
      listener = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
      Thread.ofVirtual().start(this::accept);
    }

    Endpoint endpoint() {
      return new Endpoint(listener.getInetAddress(), listener.getLocalPort());
    }

    private void accept() {
      try {
        while (true) {
          var socket = listener.accept();
          accepted.incrementAndGet();
          Thread.ofVirtual().start(() -> serve(socket));
        }
      } catch (IOException closed) {
        if (!listener.isClosed()) {
          throw new UncheckedIOException(closed);
        }
      }
    }

    private void serve(Socket socket) {
      try (socket) {
        int question = socket.getInputStream().read();
        if (question < 0) {
          return;
        }
        if (mood != Mood.RESETTING) {
          socket.getOutputStream().write(1);
        }
        if (mood != Mood.SERVING) {
          socket.setSoLinger(true, 0);
        } else {
          socket.shutdownOutput();
          var _ = socket.getInputStream().read();
        }
      } catch (IOException gone) {
        assertThat(gone).isInstanceOf(SocketException.class);
      }
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }

  private final List<DirectorEvent> events = new CopyOnWriteArrayList<>();

  private static VirtualServer.Builder web(Server... servers) throws IOException {
    var web =
        VirtualServer.tcp("127.0.0.1", freePort())
            .scheduler(Schedulers.roundRobin())
            .connectRetries(0)
            .passiveHealth(
                PassiveHealth.defaults()
                    .consecutiveFailures(3)
                    .baseEjectionTime(Duration.ofSeconds(2)));
    for (var server : servers) {
      web.realServer("127.0.0.1", server.endpoint().port());
    }
    return web;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private Director serve(VirtualServer web, ProxyDataPlane.Transport transport) {
    var director =
        Director.builder()
            .virtualServer(web)
            .listener(event -> {
              if (!(event instanceof DirectorEvent.ConfigurationChange)) {
                events.add(event);
              }
            })
            .dataPlane(ProxyDataPlane.builder().eventLoops(2).transport(transport).build())
            .build();
    director.start();
    return director;
  }

  /** Asks once; says whether an answer came with a regular end. */
  private static boolean ask(VirtualServer web) {
    var at = ((io.lvs4j.api.VirtualServerId.Address) web.id()).endpoint();
    try (var client = new Socket()) {
      client.setSoTimeout(20_000);
      client.connect(new InetSocketAddress(at.address(), at.port()), 20_000);
      client.getOutputStream().write(1);
      return client.getInputStream().readAllBytes().length == 1;
    } catch (SocketException reset) {
      return false;
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static RealServerSnapshot snapshot(
      Director director, VirtualServer web, Endpoint server) {
    return director.virtualServer(web).snapshot().realServers().stream()
        .filter(each -> each.endpoint().equals(server))
        .findFirst()
        .orElseThrow();
  }

  private static void askUntilEjected(Director director, VirtualServer web, Endpoint server) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> {
          var _ = ask(web);
          return snapshot(director, web, server).ejected();
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"RESETTING", "RESETTING_IN_THE_ANSWER"})
  void aServerThatResetsIsEjectedAndComesBackWhenItIsWell(Mood mood) throws Exception {
    for (var transport : List.of(ProxyDataPlane.Transport.AUTO, ProxyDataPlane.Transport.NIO)) {
      events.clear();
      try (var good = new Server(0);
          var bad = new Server(0)) {
        var web = web(good, bad).build();
        try (var director = serve(web, transport)) {
          bad.mood = mood;
          askUntilEjected(director, web, bad.endpoint());
          await().until(() -> !events.isEmpty());
          assertThat(events.getFirst())
              .isInstanceOfSatisfying(
                  DirectorEvent.RealServerEjected.class,
                  ejected -> {
                    assertThat(ejected.realServer()).isEqualTo(bad.endpoint());
                    assertThat(ejected.duration()).isEqualTo(Duration.ofSeconds(2));
                    assertThat(ejected.reason())
                        .endsWith("connections in a row failed, the last one: reset by server");
                  });
          bad.mood = Mood.SERVING;
          int before = bad.accepted.get();
          boolean answered = true;
          for (int i = 0; i < 10; i++) {
            answered &= ask(web);
          }
          if (snapshot(director, web, bad.endpoint()).ejected()) {
            assertThat(answered).as("all are answered by the other one").isTrue();
            assertThat(bad.accepted).hasValue(before);
          }
          await().atMost(PATIENCE).until(() -> ask(web) && bad.accepted.get() > before);
          assertThat(snapshot(director, web, bad.endpoint()).ejected()).isFalse();
          await()
              .untilAsserted(() ->
                  assertThat(events)
                      .hasSize(2)
                      .last()
                      .isEqualTo(new DirectorEvent.RealServerReturned(web.id(), bad.endpoint())));
        }
      }
    }
  }

  @Test
  void aServerThatRefusesIsEjectedAndMetersShowIt() throws Exception {
    var registry = new SimpleMeterRegistry();
    try (var good = new Server(0);
        var gone = new Server(0)) {
      var web =
          web(good, gone).passiveHealth(PassiveHealth.defaults().consecutiveFailures(3)).build();
      try (var director = serve(web, ProxyDataPlane.Transport.AUTO)) {
        new DirectorMetrics(director).bindTo(registry);
        gone.close();
        askUntilEjected(director, web, gone.endpoint());
        await().until(() -> !events.isEmpty());
        assertThat(events.getFirst().toString()).contains("the last one: connection refused");
        await()
            .atMost(PATIENCE)
            .until(() ->
                registry
                        .find("lvs4j.real.server.ejected")
                        .tag("real.server", gone.endpoint().toString())
                        .gauge()
                        .value()
                    == 1);
        assertThat(ask(web)).isTrue();
      }
    }
  }

  @Test
  void theLastServerOfAllStays() throws Exception {
    try (var only = new Server(0)) {
      var web = web(only).build();
      try (var director = serve(web, ProxyDataPlane.Transport.AUTO)) {
        only.mood = Mood.RESETTING;
        for (int i = 0; i < 20; i++) {
          assertThat(ask(web)).isFalse();
        }
        assertThat(only.accepted).hasValue(20);
        only.mood = Mood.SERVING;
        assertThat(ask(web)).isTrue();
        assertThat(snapshot(director, web, only.endpoint()).ejected()).isFalse();
        assertThat(events).isEmpty();
      }
    }
  }

  @Test
  void goodConnectionsInBetweenAreForgiveness() throws Exception {
    try (var one = new Server(0);
        var other = new Server(0)) {
      var web = web(one, other).build();
      try (var director = serve(web, ProxyDataPlane.Transport.AUTO)) {
        for (int round = 0; round < 6; round++) {
          for (var mood : List.of(Mood.RESETTING, Mood.RESETTING, Mood.SERVING)) {
            one.mood = mood;
            other.mood = mood;
            // Round robin: one for each. An answer with a regular end counts once both have closed.
            var _ = ask(web);
            var _ = ask(web);
            await().atMost(PATIENCE).until(() -> director.connections().isEmpty());
          }
        }
        assertThat(one.accepted.get() + other.accepted.get()).isEqualTo(36);
        assertThat(events).isEmpty();
      }
    }
  }

  @Test
  void aUdpServerWhosePortIsUnreachableIsEjected() throws Exception {
    int gone;
    try (var closed = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      gone = closed.getLocalPort();
    }
    try (var good = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(() -> {
            var packet = new DatagramPacket(new byte[64], 64);
            try {
              while (true) {
                good.receive(packet);
                good.send(packet);
              }
            } catch (IOException closed) {
              assertThat(good.isClosed()).isTrue();
            }
          });
      var dns =
          VirtualServer.udp("127.0.0.1", freePort())
              .scheduler(Schedulers.roundRobin())
              .realServer("127.0.0.1", good.getLocalPort())
              .realServer("127.0.0.1", gone)
              .passiveHealth(PassiveHealth.defaults().consecutiveFailures(3))
              .build();
      var at = ((io.lvs4j.api.VirtualServerId.Address) dns.id()).endpoint().toSocketAddress();
      try (var director = serve(dns, ProxyDataPlane.Transport.AUTO)) {
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(10))
            .until(() -> {
              try (var client = new DatagramSocket()) {
                client.send(new DatagramPacket(new byte[1], 1, at));
              }
              return director.virtualServer(dns).snapshot().realServers().get(1).ejected();
            });
        await().until(() -> !events.isEmpty());
        assertThat(events.getFirst().toString()).contains("refused by server");
      }
    }
  }

  @Test
  void badRulesAreRefused() throws Exception {
    try (var server = new Server(0)) {
      var bad = web(server).passiveHealth(PassiveHealth.defaults().consecutiveFailures(0));
      assertThatThrownBy(bad::build).isInstanceOf(InvalidConfigurationException.class);
    }
  }
}
