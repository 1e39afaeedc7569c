package io.lvs4j.core.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.core.balance.Cluster;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PowerOfTwoChoicesTest {
  private static final int VISITS = 100_000;

  /** Six standard deviations of a binomial share: a false alarm in 500 million runs. */
  private static void assertShare(List<Integer> visits, int server, double share) {
    double deviation = Math.sqrt(visits.size() * share * (1 - share));
    assertThat((double) Collections.frequency(visits, server))
        .as("visits of server %d, seed %d", server, Cluster.SEED)
        .isBetween(visits.size() * share - 6 * deviation, visits.size() * share + 6 * deviation);
  }

  @Test
  void idleServersAreDrawnByTheirWeightsWithOneLotMoreForTheFirst() {
    var visits = Cluster.tcp(Schedulers.powerOfTwoChoices(), 3, 2, 0, 1).visit(VISITS);
    assertShare(visits, 4, 2 / 7.0);
    assertShare(visits, 2, 2 / 7.0);
    assertShare(visits, 1, 3 / 7.0);
    assertThat(visits).doesNotContain(3);
  }

  @Test
  void aLoadedServerIsChosenOnlyWhenBothDrawsFallOnIt() {
    var cluster = Cluster.tcp(Schedulers.powerOfTwoChoices(), 1);
    cluster.connect();
    cluster.add(2, 4);
    var visits = cluster.visit(VISITS);
    assertShare(visits, 1, 1 / 36.0);
    assertShare(visits, 2, 35 / 36.0);
  }

  @Test
  void overloadedServersAreNotDrawn() {
    var cluster = Cluster.tcp(Schedulers.powerOfTwoChoices(), 1);
    cluster.update(1, 1, 1, 0);
    cluster.connect();
    assertThat(cluster.visit(1)).containsExactly(0);
    cluster.add(2, 1);
    assertThat(cluster.visit(1_000)).containsOnly(2);
  }

  @Test
  void greatestWeightsDoNotOverflow() {
    int most = Integer.MAX_VALUE;
    var visits = Cluster.tcp(Schedulers.powerOfTwoChoices(), most, most, most, most).visit(VISITS);
    for (int server = 1; server <= 4; server++) {
      assertShare(visits, server, 0.25);
    }
  }
}
