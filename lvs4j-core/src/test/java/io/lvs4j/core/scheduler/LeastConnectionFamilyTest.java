package io.lvs4j.core.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.core.balance.Cluster;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeastConnectionFamilyTest {
  /** Weights of servers 1, 2, ... and the servers of the connections that come and stay. */
  @ParameterizedTest
  @CsvSource({
    "lc,  1 5 9,  3 2 1 3 2 1",
    "lc,  1 0 9,  3 1 3 1 3 1",
    "wlc, 1 1 2,  3 2 1 3 3 2",
    "wlc, 2147483647 2147483647 1073741823,  3 2 1 2 1 2",
    "sed, 1 1 2,  3 3 2 1 3 3",
    "sed, 2147483647 1073741823,  1 1 2 1 1 2",
    "nq,  1 1 2,  3 2 1 3 3 3",
    "nq,  9 0 1,  3 1 1 1 1 1",
    "fo,  1 7 7,  3 3 3 3 3 3",
    "fo,  2147483647 7 7,  1 1 1 1 1 1",
    "ovf, 1 2 1,  2 2 2 3 3 1",
    "ovf, 2147483647 7 7,  1 1 1 1 1 1",
    "ovf, 0 0 0,  0 0 0 0 0 0",
  })
  void choosesAsTheKernelDoes(String name, String weights, String chosen) {
    var cluster =
        Cluster.tcp(
            Schedulers.byName(name, Set.of()),
            Arrays.stream(weights.split(" ")).mapToInt(Integer::parseInt).toArray());
    assertThat(cluster.connect(6))
        .isEqualTo(Arrays.stream(chosen.split(" ")).map(Integer::valueOf).toList());
  }

  @Test
  void anInactiveConnectionWeighsA256thOfAnActiveOne() {
    var cluster = Cluster.tcp(Schedulers.weightedLeastConnection(), 1, 1);
    cluster.connect().halfClosed();
    assertThat(cluster.connect(2)).containsExactly(1, 2);
  }
}
