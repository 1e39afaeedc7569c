package io.lvs4j.core.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.api.Flow;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.ServerPool;
import io.lvs4j.api.StartException;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.core.proxy.ProxyDataPlane.Transport;
import io.lvs4j.core.scheduler.Schedulers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A plane of two loops with one virtual server, and clients for it. */
final class Front implements AutoCloseable {
  final ProxyDataPlane plane;
  final Peers.Clients clients = new Peers.Clients();
  private final List<AutoCloseable> owned = new ArrayList<>();
  private VirtualServer definition;

  private Front(ProxyDataPlane plane, VirtualServer definition) {
    this.plane = plane;
    this.definition = definition;
  }

  /** Returns a plane over a transport; skips the test where the host doesn't have it. */
  static ProxyDataPlane plane(Transport transport) {
    return plane(transport, builder -> builder);
  }

  static ProxyDataPlane plane(Transport transport, UnaryOperator<ProxyDataPlane.Builder> settings) {
    try {
      return settings.apply(ProxyDataPlane.builder().eventLoops(2).transport(transport)).build();
    } catch (StartException e) {
      assumeTrue(false, "transport not here: " + e.getMessage());
      throw e;
    }
  }

  /** Serves TCP on a free port of 127.0.0.1, in turn to these servers. */
  static Front tcp(
      Transport transport,
      UnaryOperator<VirtualServer.Builder> settings,
      InetSocketAddress... servers) {
    return tcp("127.0.0.1", transport, settings, servers);
  }

  static Front withoutServers(Transport transport, UnaryOperator<VirtualServer.Builder> settings) {
    return tcp("127.0.0.1", transport, settings);
  }

  static Front tcp(
      String address,
      Transport transport,
      UnaryOperator<VirtualServer.Builder> settings,
      InetSocketAddress... servers) {
    return serve(
        plane(transport),
        settings.apply(
            VirtualServer.tcp(address, Peers.freePort()).scheduler(Schedulers.roundRobin())),
        servers);
  }

  static Front udp(
      Transport transport,
      UnaryOperator<VirtualServer.Builder> settings,
      InetSocketAddress... servers) {
    return udp(plane(transport), settings, servers);
  }

  static Front udp(
      ProxyDataPlane plane,
      UnaryOperator<VirtualServer.Builder> settings,
      InetSocketAddress... servers) {
    return udp("127.0.0.1", plane, settings, servers);
  }

  static Front udp(
      String address,
      ProxyDataPlane plane,
      UnaryOperator<VirtualServer.Builder> settings,
      InetSocketAddress... servers) {
    var definition =
        VirtualServer.udp(address, Peers.freePort()).scheduler(Schedulers.roundRobin());
    return serve(plane, settings.apply(definition), servers);
  }

  private static Front serve(
      ProxyDataPlane plane, VirtualServer.Builder settings, InetSocketAddress... servers) {
    var definition = settings.build();
    var front = new Front(plane, definition);
    front
        .plane
        .add(definition, Arrays.stream(servers).map(Front::destination).toList())
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
    return front;
  }

  static Destination destination(InetSocketAddress server) {
    return new Destination(
        RealServer.of(server.getAddress().getHostAddress(), server.getPort()), 1);
  }

  /**
   * Always chooses the available server that was added first, so that a test knows which one it is.
   * It is the last one of the pool: as in the kernel, a new one comes in at the head.
   */
  static int first(ServerPool servers, Flow flow) {
    for (int i = servers.size() - 1; i >= 0; i--) {
      if (servers.available(i)) {
        return i;
      }
    }
    return Scheduler.NONE;
  }

  /** Serves a conversation as the only real server. */
  static Front tcp(Transport transport, Peers.Conversation conversation) throws IOException {
    return tcp(transport, settings -> settings, conversation);
  }

  static Front tcp(
      Transport transport,
      UnaryOperator<VirtualServer.Builder> settings,
      Peers.Conversation conversation)
      throws IOException {
    var server = new Peers.Server(conversation);
    var front = tcp(transport, settings, server.address());
    front.owned.add(server);
    return front;
  }

  VirtualServer definition() {
    return definition;
  }

  void update(UnaryOperator<VirtualServer.Builder> change) {
    definition = change.apply(definition.toBuilder()).build();
    var _ = plane.update(definition);
  }

  InetSocketAddress address() {
    return Service.address(definition).endpoint().toSocketAddress();
  }

  Socket connect() throws IOException {
    return clients.connect(address());
  }

  /** Connects and reads until the end. */
  Peers.Received connectAndReadAll() throws IOException {
    return Peers.readAll(clients, address());
  }

  /** Waits until the plane has no connection any more. */
  void awaitNoConnections() {
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(plane.openConnections()).isZero());
  }

  @Override
  public void close() throws Exception {
    clients.close();
    plane.close();
    for (var each : owned) {
      each.close();
    }
  }
}
