package io.lvs4j.core.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Flow;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.ServerPool;
import io.lvs4j.api.Traffic;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.plane.DestinationCounters;
import io.lvs4j.core.scheduler.Schedulers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BalancerTest {
  @Test
  void aConnectionIsActiveThenInactiveThenGone() {
    var cluster = Cluster.tcp(Schedulers.roundRobin(), 1);
    Lease lease = cluster.connect();
    assertThat(counts(cluster.counters(1))).containsExactly(1, 0);
    lease.halfClosed();
    lease.halfClosed();
    assertThat(counts(cluster.counters(1))).containsExactly(0, 1);
    lease.release();
    lease.release();
    lease.halfClosed();
    assertThat(counts(cluster.counters(1))).containsExactly(0, 0);
  }

  private static List<Integer> counts(DestinationCounters counters) {
    return List.of(counters.active(), counters.inactive());
  }

  @Test
  void aConnectionThatEndedStaysInactiveAsLongAsTheKernelKeepsIt() {
    var cluster = Cluster.tcp(Schedulers.roundRobin(), 1);
    Lease closed = cluster.connect();
    Lease reset = cluster.connect();
    closed.halfClosed();
    closed.closed();
    closed.closed();
    reset.reset();
    reset.release();
    assertThat(counts(cluster.counters(1))).containsExactly(0, 2);
    assertThat(cluster.counters(1).open()).isZero();
    cluster.pass(Duration.ofSeconds(9));
    assertThat(counts(cluster.counters(1))).containsExactly(0, 2);
    cluster.pass(Duration.ofSeconds(2));
    assertThat(counts(cluster.counters(1))).containsExactly(0, 1);
    cluster.pass(Duration.ofSeconds(108));
    assertThat(counts(cluster.counters(1))).containsExactly(0, 1);
    cluster.pass(Duration.ofSeconds(2));
    assertThat(counts(cluster.counters(1))).containsExactly(0, 0);
  }

  @Test
  void clientsOneAfterTheOtherAreSpreadByWeight() {
    for (var overhead : Overhead.values()) {
      for (var scheduler :
          List.of(Schedulers.weightedLeastConnection(), Schedulers.leastConnection())) {
        var cluster =
            Cluster.of(VirtualServer.tcp("192.0.2.1", 80).scheduler(scheduler), overhead, 1, 3);
        var visits = new int[3];
        for (int i = 0; i < 1_000; i++) {
          Lease lease = cluster.connect();
          visits[Cluster.number(lease)]++;
          lease.closed();
          cluster.pass(Duration.ofMillis(70));
        }
        if (scheduler.equals(Schedulers.leastConnection())) {
          assertThat(visits[1]).isBetween(490, 510);
        } else {
          assertThat(visits[1]).isBetween(245, 255);
        }
      }
    }
  }

  @Test
  void whatIsForgottenSecondBySecondIsWhatWasClosed() {
    long seed = Cluster.SEED;
    var random = new java.util.Random(seed);
    var cluster = Cluster.tcp(Schedulers.roundRobin(), 1);
    var ends = new ArrayList<Long>();
    long millis = 0;
    for (int step = 0; step < 5_000; step++) {
      long pause =
          switch (random.nextInt(20)) {
            case 0 -> random.nextInt(200_000);
            case 1 -> 0;
            default -> random.nextInt(3_000);
          };
      cluster.pass(Duration.ofMillis(pause));
      millis += pause;
      boolean reset = random.nextInt(3) == 0;
      Lease lease = cluster.connect();
      if (reset) {
        lease.reset();
      } else {
        lease.closed();
      }
      ends.add(millis / 1000 + (reset ? 10 : 120));
      long second = millis / 1000;
      ends.removeIf(end -> end <= second);
      assertThat(cluster.counters(1).inactive())
          .as("step %d, -Dlvs4j.seed=%d", step, seed)
          .isEqualTo(ends.size());
    }
  }

  @Test
  void connectionsThatEndedTakeNoPlaceBelowAThreshold() {
    var cluster = Cluster.tcp(Schedulers.weightedLeastConnection());
    cluster.add(1, 1, 2, 1);
    for (int i = 0; i < 10; i++) {
      Lease lease = cluster.connect();
      assertThat(lease).as("connection %d", i).isNotNull();
      lease.closed();
    }
    Lease one = cluster.connect();
    Lease two = cluster.connect();
    assertThat(cluster.connect()).isNull();
    one.closed();
    two.closed();
    assertThat(cluster.connect()).isNotNull();
  }

  @Test
  void aDestinationThatLeftIsListedForItsOpenConnectionsOnly() {
    var cluster = Cluster.tcp(Schedulers.roundRobin(), 1, 1);
    cluster.connect().closed();
    cluster.connect().closed();
    cluster.remove(2);
    assertThat(cluster.balancer().counters().destinations()).containsOnlyKeys(Cluster.endpoint(1));
    cluster.add(2, 1);
    assertThat(cluster.counters(2).inactive()).as("the kernel finds them again").isOne();
  }

  @Test
  void aUdpSessionIsAlwaysInactiveAndItsDatagramsAreCounted() {
    var cluster =
        Cluster.of(VirtualServer.udp("192.0.2.1", 53).scheduler(Schedulers.roundRobin()), 1);
    Lease lease = cluster.connect();
    assertThat(counts(cluster.counters(1))).containsExactly(0, 1);
    lease.countIn(40);
    lease.countIn(50);
    lease.countOut(512);
    lease.halfClosed();
    assertThat(counts(cluster.counters(1))).containsExactly(0, 1);
    lease.release();
    assertThat(counts(cluster.counters(1))).containsExactly(0, 0);
    assertThat(cluster.counters(1).traffic()).isEqualTo(new Traffic(1, 2, 1, 90, 512));
  }

  @Test
  void ofATcpConnectionOnlyBytesAreCounted() {
    var cluster = Cluster.tcp(Schedulers.roundRobin(), 1);
    Lease lease = cluster.connect();
    lease.countIn(100);
    lease.countOut(2_000_000_000);
    lease.countOut(2_000_000_000);
    assertThat(cluster.counters(1).traffic()).isEqualTo(new Traffic(1, 0, 0, 100, 4_000_000_000L));
  }

  @Test
  void aSingleDatagramIsCountedButNeverOpen() {
    var cluster =
        Cluster.of(
            VirtualServer.udp("192.0.2.1", 53).scheduler(Schedulers.roundRobin()).onePacket(), 1);
    Lease lease = cluster.balancer().assignOnce(cluster.newClient());
    lease.countIn(40);
    assertThat(counts(cluster.counters(1))).containsExactly(0, 0);
    lease.release();
    assertThat(counts(cluster.counters(1))).containsExactly(0, 0);
    assertThat(cluster.counters(1).traffic()).isEqualTo(new Traffic(1, 1, 0, 40, 0));
  }

  @Test
  void aRemovedDestinationIsCountedUntilItsLastConnectionHasEnded() {
    var cluster = Cluster.tcp(Schedulers.roundRobin(), 1, 1);
    Lease lease = cluster.connect();
    cluster.remove(2);
    lease.countOut(7);
    assertThat(cluster.balancer().counters().destinations().values())
        .extracting(DestinationCounters::endpoint)
        .containsExactly(Cluster.endpoint(1), Cluster.endpoint(2));
    assertThat(cluster.counters(2).traffic().outBytes()).isEqualTo(7);
    assertThat(cluster.visit(2)).containsExactly(1, 1);
    lease.release();
    assertThat(cluster.balancer().counters().destinations().values())
        .extracting(DestinationCounters::endpoint)
        .containsExactly(Cluster.endpoint(1));
  }

  @Test
  void whatPassedThroughADestinationThatLeftStaysInTheTotal() {
    var cluster = Cluster.tcp(Schedulers.roundRobin(), 1, 1);
    Lease lease = cluster.connect();
    lease.countOut(7);
    var total = cluster.balancer().counters().total();
    assertThat(total.outBytes()).isEqualTo(7);

    cluster.remove(Cluster.number(lease));
    assertThat(cluster.balancer().counters().total()).isEqualTo(total);
    lease.release();
    assertThat(cluster.balancer().counters().total()).isEqualTo(total);
    cluster.pass(Duration.ofMinutes(10));
    cluster.add(9, 1);
    assertThat(cluster.balancer().counters().departed().outBytes()).isEqualTo(7);
    assertThat(cluster.balancer().counters().total()).isEqualTo(total);
  }

  @Test
  void aDestinationThatComesBackFindsItsCountersAndItsId() {
    var cluster = Cluster.tcp(Schedulers.roundRobin(), 1, 1, 1);
    var table = cluster.balancer().servers();
    int id = table.id(0);
    Lease lease = cluster.connect();
    lease.countIn(5);
    cluster.remove(3);
    cluster.add(4, 1);
    assertThat(table.positionOf(id)).isEqualTo(-1);
    cluster.pass(Duration.ofDays(1));
    cluster.add(3, 1);

    assertThat(table.positionOf(id)).isZero();
    assertThat(table.activeConnections(0)).isEqualTo(1);
    assertThat(cluster.counters(3).traffic().inBytes()).isEqualTo(5);
    lease.release();
    assertThat(table.activeConnections(0)).isZero();
  }

  @Test
  void aDestinationIsRememberedForTwoMinutesAfterItsLastConnection() {
    var cluster = Cluster.tcp(Schedulers.roundRobin(), 1);
    cluster.connect().release();
    cluster.remove(1);
    cluster.pass(Duration.ofSeconds(119));
    cluster.add(1, 1);
    assertThat(cluster.counters(1).traffic().connections()).isEqualTo(1);
    cluster.remove(1);
    cluster.pass(Duration.ofSeconds(120));
    cluster.add(1, 1);
    assertThat(cluster.counters(1).traffic().connections()).isZero();
  }

  @Test
  void theTwoMinutesBeginWithTheEndOfTheLastConnection() {
    var cluster = Cluster.tcp(Schedulers.roundRobin(), 1);
    Lease lease = cluster.connect();
    cluster.remove(1);
    cluster.pass(Duration.ofMinutes(10));
    lease.release();
    cluster.pass(Duration.ofSeconds(119));
    cluster.add(1, 1);
    assertThat(cluster.counters(1).traffic().connections()).isEqualTo(1);
  }

  @Test
  void idsStaySmallWhenDestinationsComeAndGo() {
    var cluster = Cluster.tcp(Schedulers.roundRobin(), 1);
    for (int i = 0; i < 1_000; i++) {
      cluster.add(2 + i, 1);
      cluster.remove(2 + i);
      cluster.pass(Duration.ofMinutes(2));
    }
    cluster.add(1_002, 1);
    assertThat(cluster.balancer().servers().id(0)).isLessThanOrEqualTo(2);
  }

  @Test
  void theSchedulerSeesTheNewestServerFirstAndHearsOfEachChange() {
    var heard = new ArrayList<String>();
    var listener =
        new Scheduler() {
          @Override
          public int schedule(ServerPool servers, Flow flow) {
            return NONE;
          }

          @Override
          public void serverAdded(ServerPool servers, int position) {
            heard.add("added " + position + " of " + pool(servers));
          }

          @Override
          public void serverRemoved(ServerPool servers, int position, int id) {
            heard.add("removed " + position + " id " + id + " of " + pool(servers));
          }

          @Override
          public void serverUpdated(ServerPool servers, int position) {
            heard.add("updated " + position + " of " + pool(servers));
          }

          private List<String> pool(ServerPool servers) {
            var all = new ArrayList<String>();
            for (int i = 0; i < servers.size(); i++) {
              assertThat(servers.positionOf(servers.id(i))).isEqualTo(i);
              all.add(servers.endpoint(i).address().getAddress()[3] + "w" + servers.weight(i));
            }
            return all;
          }
        };
    var cluster = Cluster.tcp(listener, 1, 2, 3);
    cluster.weight(2, 0);
    cluster.remove(1);

    assertThat(heard)
        .containsExactly(
            "added 0 of [1w1]",
            "added 0 of [2w2, 1w1]",
            "added 0 of [3w3, 2w2, 1w1]",
            "updated 1 of [3w3, 2w0, 1w1]",
            "removed 2 id 0 of [3w3, 2w0]");

    heard.clear();
    var before = cluster.balancer().definition();
    cluster.balancer().update(before.toBuilder().idleTimeout(Duration.ofHours(1)).build());
    assertThat(heard).as("the same scheduler goes on").isEmpty();
    cluster.balancer().update(before.toBuilder().scheduler(Schedulers.roundRobin()).build());
    cluster.balancer().update(before);
    assertThat(heard)
        .as("another one hears of the servers as if they had just been added")
        .containsExactly("added 0 of [2w0]", "added 0 of [3w3, 2w0]");
  }

  @Test
  void anotherSchedulerTakesOverWithTheLiveCounters() {
    var cluster = Cluster.tcp(Schedulers.roundRobin(), 1, 1, 1);
    cluster.connect(4); // 3 2 1 3
    var definition = cluster.balancer().definition();
    cluster.balancer().update(definition.toBuilder().idleTimeout(Duration.ofHours(1)).build());
    assertThat(cluster.connect(1)).as("an equal scheduler keeps its turn").containsExactly(2);
    cluster
        .balancer()
        .update(definition.toBuilder().scheduler(Schedulers.leastConnection()).build());
    assertThat(cluster.connect(1)).containsExactly(1);
    assertThat(cluster.active()).containsValues(2, 2, 2);
  }

  @Test
  void anEmptyPoolRefuses() {
    for (String name : Schedulers.names()) {
      var cluster = Cluster.tcp(Schedulers.byName(name, Set.of()));
      assertThat(cluster.connect()).as(name).isNull();
      cluster.add(1, 1);
      assertThat(cluster.connect()).as(name).isNotNull();
      cluster.remove(1);
      assertThat(cluster.connect()).as(name).isNull();
    }
  }

  @Test
  void whatIsNotThereCanNotBeChanged() {
    var cluster = Cluster.tcp(Schedulers.roundRobin(), 1);
    Endpoint unknown = Cluster.endpoint(2);
    assertThatThrownBy(() -> cluster.balancer().remove(unknown))
        .hasMessage(
            "virtual server 192.0.2.1:80/tcp: destination 10.0.0.2:80: unknown"
                + " (expected: a destination of this virtual server)");
    assertThatThrownBy(() -> cluster.weight(2, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> cluster.add(1, 1)).isInstanceOf(IllegalArgumentException.class);
  }
}
