package io.lvs4j.core.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.core.balance.Cluster;
import java.time.Duration;
import java.util.Collections;
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

  @Test
  @Timeout(10)
  void greatestWeightsDoNotOverflow() {
    var cluster = afterTheFirstRound(MOST, MOST - 1, 1);
    cluster.pass(Duration.ofSeconds(1));
    var visits = cluster.visit(1_000);
    assertThat(Collections.frequency(visits, 1)).isBetween(500, 501);
    assertThat(Collections.frequency(visits, 2)).isBetween(499, 500);
  }
}
