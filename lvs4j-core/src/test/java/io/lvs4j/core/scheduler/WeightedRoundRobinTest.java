package io.lvs4j.core.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.Flow;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.ServerPool;
import io.lvs4j.core.balance.Cluster;
import io.lvs4j.core.balance.Lease;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WeightedRoundRobinTest {
  private static final int MOST = Integer.MAX_VALUE;

  /** In the first round the mark is 1, as the first server set it. */
  private static Cluster afterTheFirstRound(int... weights) {
    var cluster = Cluster.tcp(Schedulers.weightedRoundRobin(), weights);
    cluster.weight(1, 0);
    for (int server = 2; server <= weights.length; server++) {
      cluster.weight(server, 0);
    }
    for (int server = 1; server <= weights.length; server++) {
      cluster.weight(server, weights[server - 1]);
    }
    return cluster;
  }

  @Test
  void eachServerComesAsOftenInARoundAsItsWeight() {
    var cluster = Cluster.tcp(Schedulers.weightedRoundRobin(), 4, 3, 2);
    var visits = cluster.visit(900);
    assertThat(Collections.frequency(visits, 1)).isEqualTo(400);
    assertThat(Collections.frequency(visits, 2)).isEqualTo(300);
    assertThat(Collections.frequency(visits, 3)).isEqualTo(200);
    assertThat(cluster.visit(9)).isEqualTo(visits.subList(0, 9));
  }

  @Test
  void aCommonDivisorShortensTheRound() {
    var cluster = Cluster.tcp(Schedulers.weightedRoundRobin(), 400, 300, 200);
    var visits = cluster.visit(9);
    assertThat(Collections.frequency(visits, 1)).isEqualTo(4);
    assertThat(Collections.frequency(visits, 2)).isEqualTo(3);
    assertThat(Collections.frequency(visits, 3)).isEqualTo(2);
    assertThat(cluster.visit(9)).isEqualTo(visits);
  }

  @Test
  void everyChangeStartsAtTheHeadAgain() {
    var cluster = Cluster.tcp(Schedulers.weightedRoundRobin(), 1, 1, 1);
    assertThat(cluster.visit(2)).containsExactly(3, 2);
    cluster.weight(1, 1);
    assertThat(cluster.visit(2)).containsExactly(3, 2);
    cluster.add(4, 1);
    assertThat(cluster.visit(2)).containsExactly(4, 3);
    cluster.remove(1);
    assertThat(cluster.visit(4)).containsExactly(4, 3, 2, 4);
  }

  @Test
  void noServerIsChosenWhileNoneMayBe() {
    var cluster = Cluster.tcp(Schedulers.weightedRoundRobin(), 3, 5);
    cluster.weight(1, 0);
    cluster.update(2, 5, 1, 0);
    assertThat(cluster.connect(3)).containsExactly(2, 0, 0);
    cluster.weight(1, 3);
    assertThat(cluster.visit(3)).contains(1);
  }

  @Test
  @Timeout(10)
  void aFullServerOfTheGreatestWeightDoesNotHoldUpTheOthers() {
    var cluster = afterTheFirstRound(2, MOST);
    cluster.update(2, MOST, 1, 0);
    assertThat(cluster.connect(4)).containsExactly(2, 1, 1, 1);
    cluster.update(1, 2, 1, 0);
    assertThat(cluster.connect(3)).containsExactly(1, 0, 0);
  }

  /** The kernel's loop, pass by pass, with the kernel's names. */
  private static final class PassByPass implements Scheduler {
    private int cl = -1;
    private int cw;
    private int mw;
    private int di = 1;

    @Override
    public int schedule(ServerPool servers, Flow flow) {
      if (mw == 0) {
        return NONE;
      }
      int last = cl;
      int stop = -1;
      boolean lastPass = false;
      boolean restarted = false;
      int dest = cl;
      while (true) {
        for (dest++; dest < servers.size(); dest++) {
          if (!servers.overloaded(dest) && servers.weight(dest) >= cw) {
            cl = dest;
            return dest;
          }
          if (dest == stop) {
            cl = dest;
            return NONE;
          }
        }
        dest = -1;
        cw -= di;
        if (cw <= 0) {
          cw = mw;
          if (lastPass || last == -1) {
            cl = -1;
            return NONE;
          }
          restarted = true;
        }
        lastPass = cw <= di;
        if (lastPass && restarted && last != -1) {
          stop = last;
        }
      }
    }

    @Override
    public void serverAdded(ServerPool servers, int position) {
      cl = -1;
      di = 0;
      int max = 0;
      for (int i = 0; i < servers.size(); i++) {
        if (servers.weight(i) > 0) {
          di = BigInteger.valueOf(di).gcd(BigInteger.valueOf(servers.weight(i))).intValue();
        }
        max = Math.max(max, servers.weight(i));
      }
      di = Math.max(1, di);
      mw = max - (di - 1);
      if (cw > mw || cw == 0) {
        cw = mw;
      } else if (di > 1) {
        cw = cw / di * di + 1;
      }
    }

    @Override
    public void serverRemoved(ServerPool servers, int position, int id) {
      serverAdded(servers, position);
    }

    @Override
    public void serverUpdated(ServerPool servers, int position) {
      serverAdded(servers, position);
    }
  }

  @Test
  void leavingOutEmptyPassesChangesNoDecision() {
    var random = new Random(Cluster.SEED);
    for (int round = 0; round < 200; round++) {
      var ours = Cluster.tcp(Schedulers.weightedRoundRobin());
      var kernels = Cluster.tcp(new PassByPass());
      int unit = 1 + random.nextInt(3);
      int[] weights = new int[2 + random.nextInt(5)];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = unit * random.nextInt(random.nextBoolean() ? 4 : 40);
        int upper = random.nextInt(3) == 0 ? 1 + random.nextInt(6) : 0;
        ours.add(i + 1, weights[i], upper, 0);
        kernels.add(i + 1, weights[i], upper, 0);
      }
      Deque<Lease> oursOpen = new ArrayDeque<>();
      Deque<Lease> kernelsOpen = new ArrayDeque<>();
      for (int step = 0; step < 300; step++) {
        if (random.nextInt(4) == 0 && !oursOpen.isEmpty()) {
          oursOpen.removeFirst().release();
          kernelsOpen.removeFirst().release();
        } else if (random.nextInt(40) == 0) {
          int server = 1 + random.nextInt(weights.length);
          int weight = unit * random.nextInt(12);
          ours.update(server, weight, 2, 0);
          kernels.update(server, weight, 2, 0);
        } else {
          Lease mine = ours.connect();
          Lease theirs = kernels.connect();
          assertThat(Cluster.number(mine))
              .as("round %d, step %d, seed %d", round, step, Cluster.SEED)
              .isEqualTo(Cluster.number(theirs));
          if (mine != null) {
            oursOpen.addLast(mine);
            kernelsOpen.addLast(theirs);
          }
        }
      }
    }
  }

  @Test
  @Timeout(10)
  void greatestWeightsDoNotOverflow() {
    var cluster = afterTheFirstRound(MOST, MOST - 1, 1);
    var visits = cluster.visit(1_000);
    assertThat(Collections.frequency(visits, 1)).isBetween(500, 501);
    assertThat(Collections.frequency(visits, 2)).isBetween(499, 500);
  }
}
