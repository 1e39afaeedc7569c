package io.lvs4j.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.Persistence;
import io.lvs4j.api.Traffic;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.plane.DestinationCounters;
import io.lvs4j.core.scheduler.Schedulers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToLongFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConcurrentBalancerTest {
  private static final int THREADS = 8;
  private static final int STEPS = 5_000;

  /** What one thread did. */
  private record Done(long connections, long bytes) {}

  @ParameterizedTest
  @ValueSource(strings = {"rr", "wrr", "wlc", "sh", "mh", "lblcr"})
  void noConnectionIsLostOrCountedTwice(String name) throws Exception {
    var cluster =
        Cluster.of(
            VirtualServer.tcp("192.0.2.1", 80)
                .scheduler(Schedulers.byName(name, Set.of()))
                .persistence(
                    Persistence.byClientAddress(Duration.ofMinutes(5)).granularity(28, 64)),
            1,
            2,
            3,
            4);
    var start = new CountDownLatch(1);
    var over = new AtomicBoolean();
    var workers = new ArrayList<Future<Done>>();
    try (var threads = Executors.newFixedThreadPool(THREADS + 1)) {
      for (int i = 0; i < THREADS; i++) {
        var random = new Random(Cluster.SEED + i);
        workers.add(
            threads.submit(() -> {
              start.await();
              return work(cluster.balancer(), cluster, random);
            }));
      }
      Future<?> changes =
          threads.submit(() -> {
            start.await();
            var random = new Random(Cluster.SEED);
            while (!over.get()) {
              int server = 1 + random.nextInt(3);
              cluster.weight(server, random.nextInt(5));
              cluster.remove(server);
              cluster.add(server, 1);
            }
            return null;
          });
      start.countDown();
      long connections = 0;
      long bytes = 0;
      for (var worker : workers) {
        connections += worker.get().connections();
        bytes += worker.get().bytes();
      }
      over.set(true);
      changes.get();

      assertThat(cluster.balancer().counters().destinations().values())
          .as("seed %d", Cluster.SEED)
          .hasSize(4)
          .allSatisfy(counters -> {
            assertThat(counters.active()).isZero();
            assertThat(counters.inactive()).isZero();
          });
      assertThat(sum(cluster, Traffic::connections)).isEqualTo(connections);
      assertThat(sum(cluster, Traffic::inBytes)).isEqualTo(bytes);
      assertThat(connections).isGreaterThan(THREADS * STEPS / 4);
    }
  }

  private static long sum(Cluster cluster, ToLongFunction<Traffic> figure) {
    return cluster.balancer().counters().destinations().values().stream()
        .map(DestinationCounters::traffic)
        .mapToLong(figure)
        .sum();
  }

  private static Done work(Balancer balancer, Cluster cluster, Random random) {
    Deque<Lease> open = new ArrayDeque<>();
    long connections = 0;
    long bytes = 0;
    for (int step = 0; step < STEPS; step++) {
      var flow = cluster.client("198.18.0." + random.nextInt(256));
      Lease lease = null;
      switch (random.nextInt(6)) {
        case 0, 1 -> lease = balancer.assign(flow);
        case 2 -> {
          Lease once = balancer.assignOnce(flow);
          connections += once == null ? 0 : 1;
        }
        case 3 -> {
          if (!open.isEmpty()) {
            lease = balancer.reassign(flow, open.removeFirst());
          }
        }
        case 4 -> {
          if (!open.isEmpty()) {
            open.peekLast().halfClosed();
          }
        }
        default -> {
          if (!open.isEmpty()) {
            open.removeFirst().release();
          }
        }
      }
      if (lease != null) {
        connections++;
        lease.countIn(3);
        bytes += 3;
        open.addLast(lease);
      }
    }
    open.forEach(Lease::release);
    return new Done(connections, bytes);
  }
}
