package io.lvs4j.benchmarks.scheduler;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Flow;
import io.lvs4j.api.Protocol;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.ServerPool;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.core.balance.Balancer;
import io.lvs4j.core.balance.ConnectionFlow;
import io.lvs4j.core.balance.Overhead;
import io.lvs4j.core.scheduler.Schedulers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** A balancer with many real servers, some load on each, and clients that come to it. */
final class Farm {
  private static final int CLIENTS = 1024;
  private static final int VIRTUAL_ADDRESSES = 64;

  private final Balancer balancer;
  private final ConnectionFlow[] flows = new ConnectionFlow[CLIENTS];
  private @Nullable ServerPool pool;
  private int next;

  /**
   * Sets up a farm whose servers have weights from 1 to 10 and five connections each on average,
   * one at least.
   *
   * @param scheduler the name of the balancer's scheduler
   */
  Farm(String scheduler, int servers) {
    var random = new Random(1);
    balancer =
        new Balancer(definition(new Capture(random)), List.of(), Overhead.TOTAL, System::nanoTime);
    for (int server = 0; server < servers; server++) {
      balancer.add(destination(server, 1 + random.nextInt(10)));
    }
    for (int i = 0; i < CLIENTS; i++) {
      flows[i] =
          new ConnectionFlow(
              Protocol.TCP,
              new InetSocketAddress(address(198, random.nextInt(1 << 24)), 1024 + i),
              new InetSocketAddress(address(192, random.nextInt(VIRTUAL_ADDRESSES)), 80),
              i,
              ThreadLocalRandom.current());
    }
    for (int i = 0; i < 5 * servers; i++) {
      Objects.requireNonNull(balancer.assign(flow()));
    }
    balancer.update(definition(Schedulers.byName(scheduler, Set.of())));
  }

  /**
   * Loads every server once and then any at random, and gives away the pool that the balancer hands
   * it.
   */
  private final class Capture implements Scheduler {
    private final Random random;
    private int turn;

    Capture(Random random) {
      this.random = random;
    }

    @Override
    public int schedule(ServerPool servers, Flow flow) {
      return turn < servers.size() ? turn++ : random.nextInt(servers.size());
    }

    @Override
    public void serverAdded(ServerPool servers, int position) {
      pool = servers;
    }
  }

  private static VirtualServer definition(Scheduler scheduler) {
    return VirtualServer.tcp("192.0.2.1", 80).scheduler(scheduler).build();
  }

  Balancer balancer() {
    return balancer;
  }

  /** Returns the balancer's own table. */
  ServerPool pool() {
    return Objects.requireNonNull(pool);
  }

  /** Returns a scheduler that has been told of all servers. */
  Scheduler informed(String name) {
    var scheduler = Schedulers.byName(name, Set.of()).forVirtualServer();
    for (int position = pool().size() - 1; position >= 0; position--) {
      scheduler.serverAdded(pool(), position);
    }
    return scheduler;
  }

  /** Returns the flow of the next client. */
  ConnectionFlow flow() {
    next = (next + 1) & (CLIENTS - 1);
    return flows[next];
  }

  static Destination destination(int server, int weight) {
    var endpoint = new Endpoint(address(10, server), 8080);
    return new Destination(RealServer.of(endpoint).weight(weight), weight);
  }

  private static InetAddress address(int network, int host) {
    return InetAddress.ofLiteral(
        network + "." + (host >> 16 & 255) + "." + (host >> 8 & 255) + "." + (host & 255));
  }
}
