package io.lvs4j.core.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.core.balance.Cluster;
import org.junit.jupiter.api.Test;

class RoundRobinTest {
  private final Cluster cluster = Cluster.tcp(Schedulers.roundRobin(), 1, 1, 1, 1);

  @Test
  void goesRoundFromTheNewestServer() {
    assertThat(cluster.visit(6)).containsExactly(4, 3, 2, 1, 4, 3);
  }

  @Test
  void anAddedServerWaitsForTheNextRound() {
    cluster.visit(2);
    cluster.add(5, 1);
    assertThat(cluster.visit(4)).containsExactly(2, 1, 5, 4);
  }

  @Test
  void theServerAfterARemovedOneIsNext() {
    cluster.visit(2);
    cluster.remove(3);
    assertThat(cluster.visit(4)).containsExactly(2, 1, 4, 2);
  }

  @Test
  void theHeadIsNextWhenTheNewestServerWasLastAndIsRemoved() {
    cluster.visit(1);
    cluster.remove(4);
    assertThat(cluster.visit(4)).containsExactly(3, 2, 1, 3);
  }

  @Test
  void removingAServerThatHadItsTurnOrWaitsForItChangesNoOthers() {
    cluster.visit(2);
    cluster.remove(4);
    assertThat(cluster.visit(1)).containsExactly(2);
    cluster.remove(1);
    assertThat(cluster.visit(2)).containsExactly(3, 2);
  }

  @Test
  void aChangedWeightKeepsTheTurn() {
    cluster.visit(2);
    cluster.weight(2, 0);
    cluster.weight(1, 100);
    assertThat(cluster.visit(4)).containsExactly(1, 4, 3, 1);
  }

  @Test
  void theOnlyServerLeftIsChosenAgainAndAgain() {
    for (int server : new int[] {1, 2, 4}) {
      cluster.weight(server, 0);
    }
    assertThat(cluster.visit(3)).containsExactly(3, 3, 3);
    cluster.weight(3, 0);
    assertThat(cluster.visit(1)).containsExactly(0);
    cluster.weight(4, 1);
    assertThat(cluster.visit(1)).containsExactly(4);
  }
}
