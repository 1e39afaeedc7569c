package io.lvs4j.core.proxy;

import com.github.benmanes.caffeine.cache.Ticker;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.loop.LoopLogger;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.api.plane.FailureListener;
import io.lvs4j.core.balance.Balancer;
import io.netty.channel.ChannelException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A UDP virtual server in service. Its sessions end with it: without its socket nothing arrives
 * from the clients, and no answer could leave from the virtual address.
 */
final class UdpService extends Service {
  private static final LoopLogger LOG = LoopLogger.of(UdpService.class, System::nanoTime);

  /** Of all addresses at most so many answer for themselves. */
  private static final int MOST_ADDRESSES = 256;

  private record Client(InetSocketAddress address, InetAddress asked) {}

  private static final Duration LOOKS_EVERY = Duration.ofSeconds(10);

  private final AtomicLong looked = new AtomicLong(System.nanoTime() - LOOKS_EVERY.toNanos());
  private final Map<Client, UdpListener> owners = new ConcurrentHashMap<>();
  private final Set<InetAddress> opened = new HashSet<>();
  private final List<ProxyLoop> loops;
  private final SocketTransport transport;
  private final UdpSessions sessions;
  private final Set<Endpoint> destinations = ConcurrentHashMap.newKeySet();
  private final List<UdpListener> listeners = new ArrayList<>();

  /**
   * Creates the service.
   *
   * @param sessions those of all virtual servers together
   */
  UdpService(
      VirtualServer definition,
      List<Destination> destinations,
      Balancer balancer,
      Ticker ticker,
      FailureListener failures,
      Hops hops,
      List<ProxyLoop> loops,
      SocketTransport transport,
      UdpSessions sessions) {
    super(definition, balancer, ticker, failures, hops);
    this.loops = loops;
    this.transport = transport;
    this.sessions = sessions;
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
    if (address.getAddress().isAnyLocalAddress() && !transport.isRecipientTold()) {
      LOG.log(
          Level.WARNING,
          () ->
              "virtual server "
                  + id()
                  + ": answers leave from the address that the host's routes prefer, whichever was"
                  + " asked (expected: the epoll transport, or a virtual server for each address)");
    }
    boolean bound = transport.isRecipientTold();
    var channels = new ArrayList<io.netty.channel.socket.DatagramChannel>();
    try {
      var serving = transport.reusesPort() ? loops : loops.subList(0, 1);
      if (bound) {
        channels.addAll(transport.bindTogether(address, serving.size()));
      } else {
        for (var _ : serving) {
          channels.add(transport.newDatagramChannel(address.getAddress()));
        }
      }
      for (int i = 0; i < channels.size(); i++) {
        listeners.add(new UdpListener(channels.get(i), serving.get(i), this));
      }
    } catch (IOException | ChannelException e) {
      channels.forEach(channel -> channel.unsafe().closeForcibly());
      return CompletableFuture.failedFuture(e);
    }
    openAtNew();
    return all(listener -> listener.begin(bound ? null : address, transport.reusesPort()))
        .exceptionallyCompose(
            failure -> close().thenCompose(closed -> CompletableFuture.failedFuture(failure)));
  }

  /** Returns the listener that has a client's session, if it needn't be the one that hears it. */
  @Nullable UdpListener owner(InetSocketAddress client, InetAddress asked) {
    return owners.isEmpty() ? null : owners.get(new Client(client, asked));
  }

  /** Takes note of a session, where the datagrams of a client may change from loop to loop. */
  void owns(InetSocketAddress client, InetAddress asked, UdpListener owner) {
    if (areAnswersFromWhereAsked()) {
      owners.putIfAbsent(new Client(client, asked), owner);
    }
  }

  void disowns(InetSocketAddress client, InetAddress asked, UdpListener owner) {
    if (areAnswersFromWhereAsked()) {
      owners.remove(new Client(client, asked), owner);
    }
  }

  /** Says whether each address of this host is to answer for itself. */
  boolean areAnswersFromWhereAsked() {
    return transport.isRecipientTold() && id().endpoint().address().isAnyLocalAddress();
  }

  /**
   * Opens sockets at one of all addresses, one for each loop. Nothing happens where it can't be
   * done: then answers leave from the address that the host's routes prefer.
   */
  void openAt(InetAddress asked) {
    synchronized (opened) {
      if (opened.size() >= MOST_ADDRESSES || !opened.add(asked) || !isUnicastHere(asked)) {
        return;
      }
      var at = new InetSocketAddress(asked, id().endpoint().port());
      try {
        var channels = transport.bindTogether(at, listeners.size());
        for (int i = 0; i < channels.size(); i++) {
          listeners.get(i).adopt(asked, channels.get(i));
        }
      } catch (IOException | ChannelException e) {
        LOG.log(
            Level.WARNING,
            () ->
                "virtual server "
                    + id()
                    + ": answers for "
                    + Endpoint.literal(asked)
                    + " leave from another address: "
                    + e.getMessage());
      }
    }
  }

  /**
   * Opens sockets at addresses of IPv6 that are new on this host, for of those a datagram doesn't
   * tell which one it was sent to. Looks at most once in ten seconds.
   */
  void openAtNew() {
    if (!areAnswersFromWhereAsked() || !(id().endpoint().address() instanceof Inet6Address)) {
      return;
    }
    long now = System.nanoTime();
    long last = looked.get();
    if (now - last < LOOKS_EVERY.toNanos() || !looked.compareAndSet(last, now)) {
      return;
    }
    try {
      NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(Inet6Address.class::isInstance)
          .forEach(this::openAt);
    } catch (SocketException unknown) {
      LOG.log(Level.WARNING, "can't list the addresses of this host", unknown);
    }
  }

  private static boolean isUnicastHere(InetAddress asked) {
    try {
      return !asked.isAnyLocalAddress()
          && !asked.isMulticastAddress()
          && (asked.isLoopbackAddress() || NetworkInterface.getByInetAddress(asked) != null);
    } catch (SocketException unknown) {
      return false;
    }
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

  UdpSessions sessions() {
    return sessions;
  }
}
