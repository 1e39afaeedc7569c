package io.lvs4j.core.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.Persistence;
import io.lvs4j.api.Traffic;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.plane.DestinationCounters;
import io.lvs4j.core.scheduler.Schedulers;
import java.lang.Thread.State;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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

  @Test
  void theCountersOfOneServerBearEightThreadsAtOnce() throws Exception {
    var cluster = Cluster.tcp(Schedulers.weightedLeastConnection(), 1);
    var flow = cluster.newClient();
    var start = new CountDownLatch(1);
    var workers = new ArrayList<Future<?>>();
    try (var threads = Executors.newFixedThreadPool(THREADS)) {
      for (int i = 0; i < THREADS; i++) {
        workers.add(
            threads.submit(() -> {
              start.await();
              for (int step = 0; step < 20 * STEPS; step++) {
                Lease lease = cluster.balancer().assign(flow);
                lease.halfClosed();
                lease.release();
              }
              return null;
            }));
      }
      start.countDown();
      for (var worker : workers) {
        worker.get();
      }
    }
    var counters = cluster.counters(1);
    assertThat(counters.active()).isZero();
    assertThat(counters.inactive()).isZero();
    assertThat(counters.traffic().connections()).isEqualTo(20L * STEPS * THREADS);
  }

  /** What has to wait while a decision is being made. */
  enum Exclusive {
    ASSIGN((balancer, flow, lease) -> balancer.assign(flow)),
    ASSIGN_ONCE((balancer, flow, lease) -> balancer.assignOnce(flow)),
    REASSIGN((balancer, flow, lease) -> balancer.reassign(flow, lease)),
    HALF_CLOSED((balancer, flow, lease) -> lease.halfClosed()),
    RELEASE((balancer, flow, lease) -> lease.release()),
    COUNTERS((balancer, flow, lease) -> balancer.counters()),
    REMOVE((balancer, flow, lease) -> balancer.remove(lease.destination().endpoint())),
    UPDATE((balancer, flow, lease) -> balancer.update(lease.destination())),
    DEFINE((balancer, flow, lease) -> balancer.update(balancer.definition()));

    private final Call call;

    Exclusive(Call call) {
      this.call = call;
    }

    private interface Call {
      void run(Balancer balancer, ConnectionFlow flow, Lease lease);
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingMovesWhileASchedulerLooks(Exclusive action) throws Exception {
    var slow = new AtomicBoolean();
    var looking = new Semaphore(0);
    var done = new Semaphore(0);
    var cluster =
        Cluster.tcp(
            (servers, flow) -> {
              if (slow.compareAndSet(true, false)) {
                looking.release();
                done.acquireUninterruptibly();
              }
              return 0;
            },
            1);
    var flow = cluster.newClient();
    Lease lease = cluster.connect();
    slow.set(true);
    var decision = Thread.ofPlatform().start(() -> cluster.balancer().assign(flow));
    looking.acquire();
    var other = Thread.ofPlatform().start(() -> action.call.run(cluster.balancer(), flow, lease));
    await().until(other::getState, state -> state == State.WAITING || state == State.TERMINATED);
    var seen = other.getState();
    done.release();
    decision.join();
    other.join();
    assertThat(seen).isEqualTo(State.WAITING);
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
