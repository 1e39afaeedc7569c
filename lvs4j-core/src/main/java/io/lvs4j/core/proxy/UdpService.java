package io.lvs4j.core.proxy;

import com.github.benmanes.caffeine.cache.Ticker;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.api.plane.FailureListener;
import io.lvs4j.core.balance.Balancer;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A UDP virtual server in service. Its sessions end with it: without its socket nothing arrives
 * from the clients, and no answer could leave from the virtual address.
 */
final class UdpService extends Service {
  private final List<ProxyLoop> loops;
  private final SocketTransport transport;
  private final AtomicInteger sessionsLeft;
  private final Set<Endpoint> destinations = ConcurrentHashMap.newKeySet();
  private final List<UdpListener> listeners = new ArrayList<>();

  /**
   * Creates the service.
   *
   * @param sessionsLeft how many more sessions there may be, of all virtual servers together
   */
  UdpService(
      VirtualServer definition,
      List<Destination> destinations,
      Balancer balancer,
      Ticker ticker,
      FailureListener failures,
      List<ProxyLoop> loops,
      SocketTransport transport,
      AtomicInteger sessionsLeft) {
    super(definition, balancer, ticker, failures);
    this.loops = loops;
    this.transport = transport;
    this.sessionsLeft = sessionsLeft;
    destinations.forEach(destination -> this.destinations.add(destination.endpoint()));
  }

  @Override
  CompletionStage<?> open() {
    var address = id().endpoint().toSocketAddress();
    try {
      reserve(address);
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
    for (var loop : transport.reusesPort() ? loops : loops.subList(0, 1)) {
      listeners.add(
          new UdpListener(transport.newDatagramChannel(address.getAddress()), loop, this));
    }
    return all(listener -> listener.bind(address, transport.reusesPort()))
        .exceptionallyCompose(
            failure -> close().thenCompose(closed -> CompletableFuture.failedFuture(failure)));
  }

  // Sockets with SO_REUSEPORT share an address without a word, with another process of the same
  // user too. One without finds that out.
  private static void reserve(InetSocketAddress address) throws IOException {
    var family =
        address.getAddress() instanceof Inet6Address
            ? StandardProtocolFamily.INET6
            : StandardProtocolFamily.INET;
    try (var guard = DatagramChannel.open(family)) {
      guard.bind(address);
    }
  }

  @Override
  CompletionStage<?> close() {
    return all(UdpListener::close);
  }

  private CompletionStage<?> all(Function<UdpListener, CompletableFuture<?>> step) {
    return CompletableFuture.allOf(
        listeners.stream().map(step).toArray(CompletableFuture<?>[]::new));
  }

  @Override
  void add(Destination destination) {
    super.add(destination);
    destinations.add(destination.endpoint());
  }

  @Override
  void remove(Endpoint destination) {
    destinations.remove(destination);
    super.remove(destination);
  }

  /** Says whether a destination is still one: sessions to others are scheduled anew. */
  boolean isServedBy(Endpoint destination) {
    return destinations.contains(destination);
  }

  /** Takes one of the sessions that may be open, if there is one left. */
  boolean takeSession() {
    if (sessionsLeft.decrementAndGet() >= 0) {
      return true;
    }
    sessionsLeft.incrementAndGet();
    return false;
  }

  void returnSession() {
    sessionsLeft.incrementAndGet();
  }
}
