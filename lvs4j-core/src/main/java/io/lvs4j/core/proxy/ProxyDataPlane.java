package io.lvs4j.core.proxy;

import com.github.benmanes.caffeine.cache.Ticker;
import io.lvs4j.api.ClientAddress;
import io.lvs4j.api.ConnectionSnapshot;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Problem;
import io.lvs4j.api.StartException;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.loop.LoopFaults;
import io.lvs4j.api.loop.LoopLogger;
import io.lvs4j.api.loop.LoopSnapshot;
import io.lvs4j.api.plane.DataPlane;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.api.plane.FailureListener;
import io.lvs4j.api.plane.ServiceCounters;
import io.lvs4j.core.balance.Balancer;
import io.lvs4j.core.balance.Overhead;
import io.netty.channel.IoEventLoopGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.random.RandomGenerator.SplittableGenerator;
import java.util.stream.Stream;

/**
 * The data plane that needs no privilege: connections end at the director, which makes others to
 * the real servers and passes the bytes on. NAT and FULL_NAT are the same to it.
 *
 * <p><b>TCP.</b> A connection and its counterpart live on one event loop. Each side's FIN and each
 * RST is passed on. Whatever else ends a connection (a timeout, no server to be had, {@link
 * #closeConnections}, {@link #close}) resets both sides. A connect that fails is tried on the next
 * server. With the client address kept ({@link ClientAddress#TRANSPARENT}) the real server sees the
 * client's address, but another port.
 *
 * <p><b>UDP.</b> The datagrams of a client (address and port) are a session with one real server,
 * over a socket of its own, until the client has been silent for the idle timeout, the real server
 * is removed, or its port turns out to be unreachable. There are at most {@link
 * Builder#udpSessions} of them; beyond that the datagrams of new clients are dropped. The sessions
 * end with their virtual server. On a wildcard address the answers leave from the address that was
 * asked with epoll, and from the one that the host's routes prefer with the others, which the log
 * says. With io_uring datagrams without a byte are not passed on, for netty doesn't send them.
 *
 * <p><b>Timeouts</b> hold to within 50 ms. They count what the peers have sent, not when it was
 * read: after a pause of the process the sockets are read before anything is cut. A connection that
 * an upstream proxy should begin with a PROXY header has the connect timeout to do so.
 */
public final class ProxyDataPlane implements DataPlane {
  /** The most that tasks which keep coming can hold up the end of a loop. */
  private static final Duration SHUTDOWN = Duration.ofSeconds(5);

  /** What is asked of a running virtual server is in force at once. */
  private static final CompletionStage<Void> DONE = CompletableFuture.completedStage(null);

  private final SocketTransport transport;
  private final IoEventLoopGroup group;
  private final List<ProxyLoop> loops;
  private final Overhead overhead;
  private final Ticker ticker;
  private final UdpSessions udpSessions;
  private final LoopFaults schedulerFaults =
      new LoopFaults(
          "lvs4j-proxy-schedulers", LoopLogger.of(ProxyDataPlane.class, System::nanoTime));
  private final Hops hops = new Hops();
  private final Map<VirtualServerId, Service> services = new ConcurrentHashMap<>();
  private volatile FailureListener failureListener = (_, _, _, _) -> {};
  private volatile boolean closed;

  private ProxyDataPlane(Builder builder, SocketTransport transport) {
    Preparation.forWantOfDescriptors();
    this.transport = transport;
    this.overhead = builder.overhead;
    this.ticker = builder.ticker;
    this.udpSessions = new UdpSessions(builder.udpSessions);
    this.group = new LoopGroup(builder.eventLoops, transport);
    var shared =
        new ProxyLoop.Shared(
            builder.eventLoops, new DirectMemory(builder.eventLoops), udpSessions, new Shortage());
    var random = builder.random;
    this.loops = new ArrayList<>();
    group.forEach(executor ->
        loops.add(new ProxyLoop((LoopGroup.Loop) executor, transport, shared, random.split())));
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String name() {
    return "proxy";
  }

  @Override
  public String description() {
    return name()
        + " ("
        + transport.name()
        + ", "
        + loops.size()
        + (loops.size() == 1 ? " event loop)" : " event loops)");
  }

  @Override
  public List<Problem> unsupported(VirtualServer definition) {
    return Unsupported.of(definition, transport);
  }

  @Override
  public List<Problem> conflicts(List<VirtualServer> definitions) {
    return Circles.in(definitions);
  }

  @Override
  public CompletionStage<Void> add(VirtualServer definition, List<Destination> destinations) {
    if (closed) {
      return CompletableFuture.failedFuture(new IllegalStateException("proxy plane: closed"));
    }
    var problems = new ArrayList<>(unsupported(definition));
    problems.addAll(missingPrivilege(definition, destinations));
    if (!problems.isEmpty()) {
      return CompletableFuture.failedFuture(new StartException(problems));
    }
    var id = definition.id();
    var service = service(definition, destinations);
    if (services.putIfAbsent(id, service) != null) {
      return CompletableFuture.failedFuture(
          new IllegalStateException("virtual server " + id + ": served already"));
    }
    hops.serve(service.id());
    return service
        .open()
        .exceptionallyCompose(failure -> {
          services.remove(id, service);
          hops.cease(service.id());
          return CompletableFuture.failedFuture(BindFailure.of(service.id(), failure));
        })
        .thenRun(() -> {});
  }

  @Override
  public List<Problem> missingPrivileges(VirtualServer definition) {
    return unbindable(definition, BindFailure::isPrivilege);
  }

  @Override
  public List<Problem> bindObstacles(VirtualServer definition) {
    return unbindable(definition, BindFailure::isLasting);
  }

  private List<Problem> unbindable(VirtualServer definition, Predicate<IOException> concerns) {
    var problems = new ArrayList<>(missingPrivilege(definition, List.of()));
    var id = Service.address(definition);
    try {
      transport.probeBind(id.protocol(), id.endpoint().toSocketAddress());
    } catch (IOException refused) {
      if (concerns.test(refused)) {
        problems.addAll(BindFailure.of(id, refused).problems());
      }
    }
    return problems;
  }

  @Override
  public boolean isReportingFailures() {
    return true;
  }

  @Override
  public void watchFailures(FailureListener listener) {
    failureListener = Objects.requireNonNull(listener, "listener");
  }

  private void failed(VirtualServerId id, Endpoint destination, int inARow, String last) {
    failureListener.onFailures(id, destination, inARow, last);
  }

  private Service service(VirtualServer definition, List<Destination> destinations) {
    var balancer = new Balancer(definition, destinations, overhead, ticker, schedulerFaults);
    return switch (Service.address(definition).protocol()) {
      case TCP ->
          new TcpService(definition, balancer, ticker, this::failed, hops, loops, transport);
      case UDP ->
          new UdpService(
              definition,
              destinations,
              balancer,
              ticker,
              this::failed,
              hops,
              loops,
              transport,
              udpSessions);
    };
  }

  private List<Problem> missingPrivilege(VirtualServer definition, List<Destination> destinations) {
    boolean transparent =
        definition.clientAddress() == ClientAddress.TRANSPARENT
            || destinations.stream()
                .map(destination -> destination.server().clientAddress())
                .anyMatch(told -> told.filter(ClientAddress.TRANSPARENT::equals).isPresent());
    if (!transparent || !transport.isTransparencySupported()) {
      return List.of();
    }
    try {
      transport.probeTransparency(Service.address(definition).endpoint().address());
      return List.of();
    } catch (IOException e) {
      return List.of(
          new Problem(
              "virtual server " + definition.id() + ": client address TRANSPARENT",
              String.valueOf(e.getMessage()),
              "CAP_NET_ADMIN, for IP_TRANSPARENT"));
    }
  }

  @Override
  public CompletionStage<Void> update(VirtualServer definition) {
    service(definition.id()).update(definition);
    return DONE;
  }

  @Override
  public CompletionStage<Void> remove(VirtualServerId id) {
    var service = service(id);
    services.remove(id);
    hops.cease(service.id());
    return service.close().thenRun(() -> {});
  }

  @Override
  public CompletionStage<Void> addDestination(VirtualServerId id, Destination destination) {
    service(id).add(destination);
    return DONE;
  }

  @Override
  public CompletionStage<Void> updateDestination(VirtualServerId id, Destination destination) {
    service(id).update(destination);
    return DONE;
  }

  @Override
  public CompletionStage<Void> removeDestination(VirtualServerId id, Endpoint destination) {
    service(id).remove(destination);
    return DONE;
  }

  @Override
  public void closeConnections(VirtualServerId id, Endpoint destination) {
    var _ = end(new Doomed(id, destination), Ending.CLOSED_BY_DIRECTOR);
  }

  @Override
  public CompletionStage<Integer> addressLost(VirtualServerId id, Collection<Endpoint> known) {
    return end(new Doomed(id, null), Ending.ADDRESS_LOST);
  }

  private CompletionStage<Integer> end(Doomed which, Ending ending) {
    return loops.stream()
        .map(loop -> loop.end(which, ending))
        .reduce((one, other) -> one.thenCombine(other, Integer::sum))
        .orElseGet(() -> CompletableFuture.completedFuture(0));
  }

  @Override
  public ServiceCounters counters(VirtualServerId id) {
    return service(id).counters();
  }

  private Service service(VirtualServerId id) {
    var service = services.get(id);
    if (service == null) {
      throw new IllegalArgumentException(
          "virtual server " + id + ": unknown (expected: one that was added)");
    }
    return service;
  }

  @Override
  public int openConnections() {
    return loops.stream().mapToInt(ProxyLoop::load).sum();
  }

  @Override
  public List<ConnectionSnapshot> connections() {
    return loops.stream()
        .flatMap(loop -> loop.open().stream())
        .map(Relay::snapshot)
        .filter(Objects::nonNull)
        .toList();
  }

  /** Returns the event loops, for tests that break them or look at what one does in a turn. */
  List<ProxyLoop> eventLoops() {
    return loops;
  }

  @Override
  public List<LoopSnapshot> loops() {
    return Stream.concat(
            loops.stream().map(ProxyLoop::snapshot),
            Stream.of(schedulerFaults.snapshot(true, Duration.ZERO)))
        .toList();
  }

  @Override
  public void close() {
    if (loops.stream().anyMatch(loop -> loop.eventLoop().inEventLoop())) {
      throw new IllegalStateException("close: on a thread of the plane (expected: another one)");
    }
    synchronized (group) {
      if (closed) {
        return;
      }
      closed = true;
      services.values().forEach(service -> service.close().toCompletableFuture().join());
      services.clear();
      // Before the loops are told to end, for they would close their sockets without a reset.
      CompletableFuture.allOf(
              loops.stream().map(ProxyLoop::endAll).toArray(CompletableFuture<?>[]::new))
          .join();
      group
          .shutdownGracefully(
              transport.lingering().toMillis(), SHUTDOWN.toMillis(), TimeUnit.MILLISECONDS)
          .awaitUninterruptibly();
      loops.forEach(ProxyLoop::free);
    }
  }

  /** How sockets are waited for. */
  public enum Transport {
    /** epoll where it is there, NIO elsewhere. */
    AUTO,
    /** Linux epoll: the fastest, and the one that can keep the client's address. */
    EPOLL,
    /** Java NIO, on any operating system. */
    NIO,
    /**
     * Linux io_uring; needs netty-transport-native-io_uring on the class path. With netty 4.2.18 on
     * Linux 6.18 a bulk upload to a real server that has sent its FIN already may come to a stand
     * until the half-closed timeout: a POLLOUT is never reported. A virtual server at 0.0.0.0 has
     * the port of IPv6 too.
     */
    IO_URING
  }

  /** Collects the settings of the plane; not safe for use by several threads at once. */
  public static final class Builder {
    private int eventLoops = Runtime.getRuntime().availableProcessors();
    private Transport transport = Transport.AUTO;
    private Overhead overhead = Overhead.CLASSIC;
    private Ticker ticker = Ticker.systemTicker();
    private SplittableGenerator random = new SplittableRandom();
    private int udpSessions = 16_384;

    private Builder() {}

    /** Sets the number of event loops, each with its thread: 1 to 1024; one a processor if not. */
    public Builder eventLoops(int number) {
      if (number < 1 || number > 1024) {
        throw new IllegalArgumentException("event loops: " + number + " (expected: 1-1024)");
      }
      this.eventLoops = number;
      return this;
    }

    /** Sets how sockets are waited for; AUTO if not. */
    public Builder transport(Transport transport) {
      this.transport = Objects.requireNonNull(transport, "transport");
      return this;
    }

    /** Sets which kernel's arithmetic the least-connection schedulers follow; CLASSIC if not. */
    public Builder overhead(Overhead overhead) {
      this.overhead = Objects.requireNonNull(overhead, "overhead");
      return this;
    }

    /** Sets the clock of schedulers and persistence; the system's if not. */
    public Builder ticker(Ticker ticker) {
      this.ticker = Objects.requireNonNull(ticker, "ticker");
      return this;
    }

    /** Sets the source of the schedulers' randomness, which is split up between the loops. */
    public Builder random(SplittableGenerator random) {
      this.random = Objects.requireNonNull(random, "random");
      return this;
    }

    /**
     * Sets how many UDP sessions there may be, of all virtual servers together: 1 to 1000000; 16384
     * if not set. Each takes a file descriptor.
     */
    public Builder udpSessions(int most) {
      if (most < 1 || most > 1_000_000) {
        throw new IllegalArgumentException("UDP sessions: " + most + " (expected: 1-1000000)");
      }
      this.udpSessions = most;
      return this;
    }

    /**
     * Starts the plane, which serves nothing yet.
     *
     * @throws StartException when the transport isn't available here
     */
    public ProxyDataPlane build() {
      return new ProxyDataPlane(this, Transports.of(transport));
    }
  }
}
