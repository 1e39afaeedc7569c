package io.lvs4j.core.balance;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Protocol;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.api.plane.DestinationCounters;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A balancer with real servers that go by a number, n for 10.0.0.n:80, and clients that connect to
 * it, on a clock that only a test moves.
 */
public final class Cluster {
  /** The seed of all that is random in tests, {@code -Dlvs4j.seed} or another one each time. */
  public static final long SEED =
      Long.getLong("lvs4j.seed", RandomGenerator.getDefault().nextLong());

  private final Balancer balancer;
  private final RandomGenerator random =
      RandomGeneratorFactory.of("Xoroshiro128PlusPlus").create(SEED);
  private long now;
  private int clients;

  private Cluster(VirtualServer definition, Overhead overhead) {
    balancer = new Balancer(definition, List.of(), overhead, () -> now);
  }

  /** Returns a cluster whose servers 1, 2, ... have these weights; the last one is the newest. */
  public static Cluster tcp(Scheduler scheduler, int... weights) {
    return of(VirtualServer.tcp("192.0.2.1", 80).scheduler(scheduler), weights);
  }

  /** Returns a cluster of the virtual server that a builder describes. */
  public static Cluster of(VirtualServer.Builder definition, int... weights) {
    return of(definition, Overhead.CLASSIC, weights);
  }

  /** Returns a cluster that follows one kernel's arithmetic. */
  public static Cluster of(VirtualServer.Builder definition, Overhead overhead, int... weights) {
    var cluster = new Cluster(definition.build(), overhead);
    for (int i = 0; i < weights.length; i++) {
      cluster.add(i + 1, weights[i]);
    }
    return cluster;
  }

  /** Returns the balancer. */
  public Balancer balancer() {
    return balancer;
  }

  /** Returns the endpoint of a server. */
  public static Endpoint endpoint(int server) {
    return new Endpoint(InetAddress.ofLiteral("10.0." + (server >> 8) + "." + (server & 255)), 80);
  }

  /** Returns the number of a lease's server, 0 if there is no lease. */
  public static int number(Lease lease) {
    return lease == null ? 0 : number(lease.destination().endpoint());
  }

  private static int number(Endpoint endpoint) {
    byte[] bytes = endpoint.address().getAddress();
    return (bytes[2] & 255) << 8 | (bytes[3] & 255);
  }

  /** Adds a server. */
  public void add(int server, int weight) {
    add(server, weight, 0, 0);
  }

  /** Adds a server with thresholds. */
  public void add(int server, int weight, int upper, int lower) {
    balancer.add(destination(server, weight, upper, lower));
  }

  /** Gives a server another weight and no thresholds. */
  public void weight(int server, int weight) {
    update(server, weight, 0, 0);
  }

  /** Gives a server another weight and thresholds. */
  public void update(int server, int weight, int upper, int lower) {
    balancer.update(destination(server, weight, upper, lower));
  }

  /** Removes a server. */
  public void remove(int server) {
    balancer.remove(endpoint(server));
  }

  private static Destination destination(int server, int weight, int upper, int lower) {
    return new Destination(
        RealServer.of(endpoint(server)).weight(weight).thresholds(upper, lower), weight);
  }

  /** Lets time pass. */
  public void pass(Duration time) {
    now += time.toNanos();
  }

  /** Returns the flow of a client that was not there before. */
  public ConnectionFlow newClient() {
    clients++;
    return client("198.18." + (clients >> 8 & 255) + "." + (clients & 255));
  }

  /** Returns the flow of a client. */
  public ConnectionFlow client(String address) {
    return client(address, 40_000, "192.0.2.1");
  }

  /** Returns the flow of a client. */
  public ConnectionFlow client(String address, int port, String virtualAddress) {
    return new ConnectionFlow(
        Protocol.TCP,
        new InetSocketAddress(InetAddress.ofLiteral(address), port),
        new InetSocketAddress(InetAddress.ofLiteral(virtualAddress), 80),
        now,
        random);
  }

  /** Opens a connection of a new client; null when it is refused. */
  public Lease connect() {
    return balancer.assign(newClient());
  }

  /** Opens connections of new clients that stay, and returns the numbers of their servers. */
  public List<Integer> connect(int count) {
    return IntStream.range(0, count).mapToObj(i -> number(connect())).toList();
  }

  /** Opens and closes connections of new clients, and returns the numbers of their servers. */
  public List<Integer> visit(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> {
          Lease lease = connect();
          int server = number(lease);
          if (lease != null) {
            lease.release();
          }
          return server;
        })
        .toList();
  }

  /** Returns the figures of a server. */
  public DestinationCounters counters(int server) {
    return Objects.requireNonNull(balancer.counters().destinations().get(endpoint(server)));
  }

  /** Returns the active connections of each server. */
  public Map<Integer, Integer> active() {
    return balancer.counters().destinations().values().stream()
        .collect(
            Collectors.toMap(
                counters -> number(counters.endpoint()),
                DestinationCounters::active,
                Integer::sum,
                TreeMap::new));
  }
}
