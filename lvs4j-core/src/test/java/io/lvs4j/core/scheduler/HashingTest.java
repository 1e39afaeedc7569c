package io.lvs4j.core.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.Scheduler;
import io.lvs4j.core.balance.Cluster;
import io.lvs4j.core.balance.Lease;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HashingTest {
  private static final int CLIENTS = 4_000;

  /** Returns the servers of many clients. */
  private static int[] servers(Cluster cluster) {
    var random = new Random(1);
    return IntStream.range(0, CLIENTS)
        .map(i -> {
          String address =
              "10." + random.nextInt(256) + "." + random.nextInt(256) + "." + (i & 255);
          Lease lease = cluster.balancer().assign(cluster.client(address));
          if (lease != null) {
            lease.release();
          }
          return Cluster.number(lease);
        })
        .toArray();
  }

  private static long moved(int[] before, int[] after) {
    return IntStream.range(0, CLIENTS).filter(i -> before[i] != after[i]).count();
  }

  static Stream<Scheduler> byClient() {
    return Stream.of(Schedulers.sourceHashing(), Schedulers.maglevHashing());
  }

  @ParameterizedTest
  @MethodSource("byClient")
  void sharesFollowTheWeights(Scheduler scheduler) {
    var servers = servers(Cluster.tcp(scheduler, 1, 2, 5));
    assertThat(Arrays.stream(servers).filter(server -> server == 1).count())
        .isBetween(CLIENTS / 10L, CLIENTS / 6L);
    assertThat(Arrays.stream(servers).filter(server -> server == 3).count())
        .isBetween(CLIENTS * 5 / 9L, CLIENTS * 5 / 7L);
  }

  @Test
  void drainingAServerMovesNoOtherClientWithMaglev() {
    var cluster = Cluster.tcp(Schedulers.maglevHashing(HashFlag.FALLBACK), 3, 1, 2, 4);
    var before = servers(cluster);
    cluster.weight(3, 0);
    var drained = servers(cluster);
    for (int i = 0; i < CLIENTS; i++) {
      if (before[i] == 3) {
        assertThat(drained[i]).isNotEqualTo(3).isNotZero();
      } else {
        assertThat(drained[i]).isEqualTo(before[i]);
      }
    }
    cluster.weight(3, 2);
    assertThat(moved(before, servers(cluster))).isZero();
  }

  @Test
  void aServerThatIsAddedQuiescedHasNoEntryWithMaglev() {
    var cluster = Cluster.tcp(Schedulers.maglevHashing(), 1, 1);
    var before = servers(cluster);
    cluster.add(3, 0);
    assertThat(moved(before, servers(cluster))).isZero();
  }

  @Test
  void aServerThatLeavesMovesFewOtherClientsWithMaglev() {
    var cluster = Cluster.tcp(Schedulers.maglevHashing(), 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    var before = servers(cluster);
    cluster.remove(5);
    var after = servers(cluster);
    long others =
        IntStream.range(0, CLIENTS).filter(i -> before[i] != 5 && before[i] != after[i]).count();
    assertThat(others).isLessThan(CLIENTS / 20);
    assertThat(after).doesNotContain(5, 0);
  }

  @Test
  void withoutFallbackAClientOfAQuiescedServerIsRefused() {
    for (Scheduler scheduler :
        new Scheduler[] {Schedulers.sourceHashing(), Schedulers.maglevHashing()}) {
      var cluster = Cluster.tcp(scheduler, 1, 1);
      cluster.weight(1, 0);
      assertThat(servers(cluster)).contains(0, 2).doesNotContain(1);
    }
  }

  @ParameterizedTest
  @MethodSource("byPort")
  void onlyWithThePortFlagOnesConnectionsAreSpread(Scheduler scheduler) {
    var cluster = Cluster.tcp(scheduler, 1, 1, 1);
    long distinct =
        IntStream.range(40_000, 40_100)
            .map(port ->
                Cluster.number(
                    cluster.balancer().assign(cluster.client("198.18.0.1", port, "192.0.2.1"))))
            .distinct()
            .count();
    assertThat(distinct).isEqualTo(scheduler.flags().isEmpty() ? 1 : 3);
  }

  static Stream<Scheduler> byPort() {
    return Stream.of(
        Schedulers.sourceHashing(),
        Schedulers.sourceHashing(HashFlag.PORT),
        Schedulers.maglevHashing(),
        Schedulers.maglevHashing(HashFlag.PORT));
  }

  @ParameterizedTest
  @MethodSource("byClient")
  void anIpv6AddressIsFoldedToTheXorOfItsWords(Scheduler scheduler) {
    var cluster = Cluster.tcp(scheduler, 1, 1, 1, 1, 1, 1, 1);
    for (int i = 1; i < 200; i++) {
      var folded = cluster.balancer().assign(cluster.client("10.7.0." + i));
      var v6 = cluster.balancer().assign(cluster.client("a05:0:0:1:2:0:0:" + hex(i)));
      assertThat(Cluster.number(v6)).isEqualTo(Cluster.number(folded));
    }
  }

  /** Returns the last group of an address whose words XOR to 0a07:00xx. */
  private static String hex(int i) {
    return Integer.toHexString(i ^ 1);
  }

  @Test
  void greatestWeightsDoNotOverflow() {
    int most = Integer.MAX_VALUE;
    assertThat(servers(Cluster.tcp(Schedulers.maglevHashing(), most, most, 1)))
        .contains(1, 2, 3)
        .doesNotContain(0);
    assertThat(servers(Cluster.tcp(Schedulers.sourceHashing(), 1, most))).containsOnly(2);
  }

  @Test
  void moreServersThanEntriesLeaveTheLastOnesWithout() {
    var cluster = Cluster.tcp(Schedulers.maglevHashing());
    for (int server = 1; server <= MaglevTable.SIZE + 100; server++) {
      cluster.add(server, 1);
    }
    assertThat(servers(cluster)).doesNotContain(0);
    assertThat(Arrays.stream(servers(cluster)).min().orElseThrow()).isGreaterThan(100);
  }
}
