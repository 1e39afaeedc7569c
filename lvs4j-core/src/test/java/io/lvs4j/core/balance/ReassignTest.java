package io.lvs4j.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.Scheduler;
import io.lvs4j.core.scheduler.HashFlag;
import io.lvs4j.core.scheduler.Schedulers;
import java.util.ArrayList;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReassignTest {
  static Stream<Scheduler> everyScheduler() {
    return Stream.concat(
        Schedulers.names().stream().map(name -> Schedulers.byName(name, Set.of())),
        Stream.of(
            Schedulers.sourceHashing(HashFlag.FALLBACK),
            Schedulers.maglevHashing(HashFlag.FALLBACK),
            (servers, flow) -> 0,
            (servers, flow) -> servers.activeConnections(0) == 0 ? 0 : Scheduler.NONE));
  }

  @ParameterizedTest
  @MethodSource("everyScheduler")
  void aFailedConnectIsRetriedOnEveryOtherServerOnce(Scheduler scheduler) {
    var cluster = Cluster.tcp(scheduler, 3, 3, 3, 3, 3);
    var flow = cluster.newClient();

    var tried = new ArrayList<Integer>();
    Lease lease = cluster.balancer().assign(flow);
    while (lease != null && tried.size() < 10) {
      tried.add(Cluster.number(lease));
      lease = cluster.balancer().reassign(flow, lease);
    }

    assertThat(tried).as("seed %d", Cluster.SEED).containsExactlyInAnyOrder(1, 2, 3, 4, 5);
    assertThat(cluster.balancer().counters().destinations().values())
        .hasSize(5)
        .allSatisfy(counters -> {
          assertThat(counters.active()).isZero();
          assertThat(counters.connectFailures()).isEqualTo(1);
          assertThat(counters.traffic().connections()).isEqualTo(1);
        });
  }

  @ParameterizedTest
  @MethodSource("everyScheduler")
  void aRetryGoesToNoServerThatIsQuiescedOrOverloaded(Scheduler scheduler) {
    var cluster = Cluster.tcp(scheduler, 1, 0);
    cluster.add(3, 1, 1, 0);
    Lease last = null;
    for (int i = 0; i < 100 && cluster.active().get(3) == 0; i++) {
      last = cluster.connect();
      if (last != null && cluster.active().get(3) == 0) {
        last.release();
      }
    }
    // Server 3 is full now, or never was chosen; either way only server 1 may get a retry.
    cluster.update(3, cluster.active().get(3) == 0 ? 0 : 1, 1, 0);
    var flow = cluster.newClient();
    Lease lease = cluster.balancer().assign(flow);
    if (Cluster.number(lease) == 1) {
      assertThat(cluster.balancer().reassign(flow, lease)).isNull();
    } else if (lease != null) {
      assertThat(Cluster.number(cluster.balancer().reassign(flow, lease))).isEqualTo(1);
    }
  }

  @Test
  void theLeastLoadedOfTheOthersIsTakenWhenTheSchedulerKnowsNone() {
    var cluster = Cluster.tcp(Schedulers.weightedFailover(), 1, 1, 9);
    cluster.weight(3, 0);
    cluster.weight(1, 8);
    cluster.connect(3);
    cluster.weight(1, 1);
    cluster.weight(3, 9);
    cluster
        .balancer()
        .update(
            cluster.balancer().definition().toBuilder()
                .scheduler(Schedulers.sourceHashing())
                .build());
    var flow = cluster.newClient();
    Lease lease = cluster.balancer().assign(flow);
    while (Cluster.number(lease) != 3) {
      lease.release();
      flow = cluster.newClient();
      lease = cluster.balancer().assign(flow);
    }

    // Server 1 has three connections and server 2 none.
    assertThat(Cluster.number(cluster.balancer().reassign(flow, lease))).isEqualTo(2);
  }

  @Test
  void theTurnOfRoundRobinGoesOnAfterARetry() {
    var cluster = Cluster.tcp(Schedulers.roundRobin(), 1, 1, 1, 1);
    var flow = cluster.newClient();
    Lease first = cluster.balancer().assign(flow);
    Lease second = cluster.balancer().reassign(flow, first);

    assertThat(Cluster.number(first)).isEqualTo(4);
    assertThat(Cluster.number(second)).isEqualTo(3);
    assertThat(cluster.visit(5)).containsExactly(2, 1, 4, 3, 2);
  }

  @ParameterizedTest
  @MethodSource("everyHash")
  void aRetryLeavesTheTablesOfHashingAsTheyWere(Scheduler scheduler) {
    var disturbed = Cluster.tcp(scheduler, 5, 1, 3);
    var calm = Cluster.tcp(scheduler, 5, 1, 3);
    // The retry is the first decision after a change, when tables may be filled anew.
    var flow = disturbed.newClient();
    Lease lease = disturbed.balancer().assign(flow);
    disturbed.weight(2, 7);
    calm.weight(2, 7);
    disturbed.balancer().reassign(flow, lease).release();

    for (int i = 0; i < 500; i++) {
      var client = calm.client("10." + i % 7 + "." + i % 199 + "." + i % 251);
      assertThat(Cluster.number(disturbed.balancer().assign(client)))
          .isEqualTo(Cluster.number(calm.balancer().assign(client)));
    }
  }

  static Stream<Scheduler> everyHash() {
    return Stream.of(
        Schedulers.sourceHashing(), Schedulers.maglevHashing(), Schedulers.destinationHashing());
  }

  @Test
  void aServerThatLeftMeanwhileIsNoObstacle() {
    var cluster = Cluster.tcp(Schedulers.roundRobin(), 1, 1);
    var flow = cluster.newClient();
    Lease lease = cluster.balancer().assign(flow);
    cluster.remove(Cluster.number(lease));

    Lease next = cluster.balancer().reassign(flow, lease);

    assertThat(Cluster.number(next)).isEqualTo(1);
    assertThat(IntStream.rangeClosed(1, 2).filter(n -> cluster.active().containsKey(n)))
        .containsExactly(1);
  }
}
