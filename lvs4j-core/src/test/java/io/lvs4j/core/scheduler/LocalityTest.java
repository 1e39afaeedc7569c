package io.lvs4j.core.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.core.balance.Cluster;
import io.lvs4j.core.balance.Lease;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LocalityTest {
  private static final Duration DAY = Duration.ofDays(1);

  /** Opens a connection to a virtual address and returns the number of its server. */
  private static int open(Cluster cluster, String virtualAddress) {
    return Cluster.number(lease(cluster, virtualAddress));
  }

  private static Lease lease(Cluster cluster, String virtualAddress) {
    return cluster.balancer().assign(cluster.client("198.18.0.1", 40_000, virtualAddress));
  }

  private static int visit(Cluster cluster, String virtualAddress) {
    Lease lease = lease(cluster, virtualAddress);
    lease.release();
    return Cluster.number(lease);
  }

  @Test
  void anAddressStaysOnItsServerUntilThatIsOvercommittedAndAnotherHalfIdle() {
    var cluster = Cluster.tcp(Schedulers.localityBasedLeastConnection(), 2, 2);
    assertThat(open(cluster, "192.0.2.1")).isEqualTo(2);
    assertThat(open(cluster, "192.0.2.1")).isEqualTo(2);
    assertThat(open(cluster, "192.0.2.1")).as("2 of 2 is not above its weight").isEqualTo(2);
    assertThat(open(cluster, "192.0.2.1")).as("3 of 2 while the other is idle").isEqualTo(1);
    assertThat(open(cluster, "192.0.2.1")).as("remembered").isEqualTo(1);
    assertThat(open(cluster, "192.0.2.1")).isEqualTo(1);
    assertThat(open(cluster, "192.0.2.1")).as("none is half idle").isEqualTo(1);
  }

  @Test
  void eachAddressHasItsOwnServer() {
    var cluster = Cluster.tcp(Schedulers.localityBasedLeastConnection(), 9, 9);
    assertThat(open(cluster, "192.0.2.1")).isEqualTo(2);
    assertThat(open(cluster, "2001:db8::1")).isEqualTo(1);
    assertThat(open(cluster, "192.0.2.1")).isEqualTo(2);
    assertThat(open(cluster, "2001:db8::1")).isEqualTo(1);
  }

  @Test
  void aThresholdOfARememberedServerIsNotLookedAtByLblcButByLblcr() {
    var lblc = Cluster.tcp(Schedulers.localityBasedLeastConnection(), 9, 9);
    lblc.update(2, 9, 1, 0);
    assertThat(open(lblc, "192.0.2.1")).isEqualTo(2);
    assertThat(open(lblc, "192.0.2.1")).isEqualTo(2);
    var lblcr = Cluster.tcp(Schedulers.localityBasedLeastConnectionWithReplication(), 9, 9);
    lblcr.update(2, 9, 1, 0);
    assertThat(open(lblcr, "192.0.2.1")).isEqualTo(2);
    assertThat(open(lblcr, "192.0.2.1")).isEqualTo(1);
  }

  @Test
  void aServerThatComesBackStillHasItsAddresses() {
    var cluster = Cluster.tcp(Schedulers.localityBasedLeastConnection(), 9, 9);
    open(cluster, "192.0.2.1");
    open(cluster, "192.0.2.2");
    cluster.remove(2);
    cluster.add(3, 9);
    cluster.add(2, 9);
    assertThat(visit(cluster, "192.0.2.1")).isEqualTo(2);
    cluster.remove(2);
    assertThat(visit(cluster, "192.0.2.1")).isEqualTo(3);
    cluster.add(2, 9);
    assertThat(visit(cluster, "192.0.2.1")).isEqualTo(3);
  }

  @Test
  void aServerThatGotTheIdOfAnotherDoesNotInheritItsAddresses() {
    for (String name : new String[] {"lblc", "lblcr"}) {
      var cluster = Cluster.tcp(Schedulers.byName(name, Set.of()), 9, 9);
      assertThat(visit(cluster, "192.0.2.1")).isEqualTo(2);
      cluster.remove(2);
      cluster.pass(Duration.ofMinutes(3));
      cluster.add(3, 9);
      assertThat(open(cluster, "192.0.2.9")).isEqualTo(3);
      // Least connection says server 1, the id that is remembered server 3.
      assertThat(visit(cluster, "192.0.2.1")).as(name).isEqualTo(1);
    }
  }

  @Test
  void anAddressUnusedForADayIsForgottenByTheNextFullSweep() {
    var cluster = Cluster.tcp(Schedulers.localityBasedLeastConnection(), 9, 9);
    visit(cluster, "192.0.2.1");
    Lease busy = lease(cluster, "192.0.2.2");
    assertThat(Cluster.number(busy)).isEqualTo(2);
    Lease other = lease(cluster, "192.0.2.3");
    assertThat(Cluster.number(other)).isEqualTo(1);
    lease(cluster, "192.0.2.4");
    cluster.pass(DAY);
    // One minute of each thirty has a full sweep.
    cluster.pass(Duration.ofMinutes(30));
    assertThat(visit(cluster, "192.0.2.1")).as("by least connection now").isEqualTo(1);
  }

  @Test
  void anAddressUsedWithinADayIsNotForgotten() {
    var cluster = Cluster.tcp(Schedulers.localityBasedLeastConnection(), 9, 9);
    visit(cluster, "192.0.2.1");
    lease(cluster, "192.0.2.2");
    lease(cluster, "192.0.2.3");
    lease(cluster, "192.0.2.4");
    for (int i = 0; i < 5; i++) {
      cluster.pass(DAY.minusMinutes(31));
      assertThat(visit(cluster, "192.0.2.1")).isEqualTo(2);
    }
  }

  @Test
  void theSetOfAnAddressGrowsWhenItsServersAreOvercommittedAndShrinksAfterADay() {
    var cluster = Cluster.tcp(Schedulers.localityBasedLeastConnectionWithReplication(), 2, 2, 2);
    for (int i = 0; i < 3; i++) {
      assertThat(open(cluster, "192.0.2.1")).isEqualTo(3);
    }
    assertThat(open(cluster, "192.0.2.1")).as("the set grows").isEqualTo(2);
    assertThat(open(cluster, "192.0.2.1")).as("the less loaded of the set").isEqualTo(2);
    assertThat(open(cluster, "192.0.2.1")).isEqualTo(2);
    // Both are of equal load, the newer member of the set is first.
    cluster.weight(2, 3);
    cluster.weight(3, 3);
    cluster.weight(1, 1);
    cluster.connect(0);
    assertThat(visit(cluster, "192.0.2.1")).isEqualTo(2);
    cluster.pass(DAY.minusMinutes(1));
    assertThat(visit(cluster, "192.0.2.1")).isEqualTo(2);
    cluster.pass(Duration.ofMinutes(2));
    // The first of the most loaded goes, after it has been chosen once more.
    assertThat(visit(cluster, "192.0.2.1")).isEqualTo(2);
    assertThat(visit(cluster, "192.0.2.1")).isEqualTo(3);
  }

  @Test
  void aCrowdedTableForgetsWhatWasUnusedForSixMinutes() {
    var table = new LocalityTable<Nothing>();
    for (int i = 0; i < 20_000; i++) {
      table.remember(address(i), new Nothing(), 0);
    }
    long minute = Duration.ofMinutes(1).toNanos();
    assertThat(table.use(address(19_999), 0)).isNotNull();
    assertThat(table.use(address(19_998), 5 * minute)).isNotNull();
    assertThat(table.use(address(0), 5 * minute)).isNotNull();
    // The sixth minute takes four thirds of what is above 16,384, the longest unused first.
    assertThat(table.use(address(1), 6 * minute)).isNull();
    int goal = (20_000 - 16_384) * 4 / 3;
    assertThat(table.use(address(goal), 6 * minute)).isNull();
    assertThat(table.use(address(goal + 1), 6 * minute)).isNotNull();
    assertThat(table.use(address(0), 6 * minute)).isNotNull();
  }

  @Test
  void aFullTableTakesNoMoreAddresses() {
    var table = new LocalityTable<Nothing>();
    for (int i = 0; i <= LocalityTable.MOST_ENTRIES; i++) {
      table.remember(address(i), new Nothing(), 0);
    }
    assertThat(table.use(address(LocalityTable.MOST_ENTRIES - 1), 0)).isNotNull();
    assertThat(table.use(address(LocalityTable.MOST_ENTRIES), 0)).isNull();
  }

  private static final class Nothing extends LocalityTable.Entry {}

  private static InetAddress address(int i) {
    return InetAddress.ofLiteral("10.1." + (i >> 8) + "." + (i & 255));
  }
}
