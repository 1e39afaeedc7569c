package io.lvs4j.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.Persistence;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.scheduler.Schedulers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PersistenceTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(300);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Cluster cluster = cluster(Persistence.byClientAddress(TIMEOUT));

  private static Cluster cluster(Persistence persistence) {
    return Cluster.of(
        VirtualServer.tcp("192.0.2.1", 80)
            .scheduler(Schedulers.roundRobin())
            .persistence(persistence),
        1,
        1,
        1);
  }

  private int visit(String client) {
    Lease lease = cluster.balancer().assign(cluster.client(client));
    int server = Cluster.number(lease);
    lease.release();
    return server;
  }

  private void settings(VirtualServer.Builder changed) {
    cluster.balancer().update(changed.build());
  }

  private VirtualServer.Builder settings() {
    return cluster.balancer().definition().toBuilder();
  }

  @Test
  void aClientComesBackToItsServerUntilTheTimeoutHasPassedSinceItsLastConnectionBegan() {
    assertThat(visit("198.18.0.1")).isEqualTo(3);
    assertThat(visit("198.18.0.2")).isEqualTo(2);
    cluster.pass(TIMEOUT.minus(SECOND));
    assertThat(visit("198.18.0.1")).isEqualTo(3);
    cluster.pass(TIMEOUT.minus(SECOND));
    assertThat(visit("198.18.0.1")).isEqualTo(3);
    assertThat(visit("198.18.0.2")).as("forgotten").isEqualTo(1);
    cluster.pass(TIMEOUT);
    assertThat(visit("198.18.0.1")).as("forgotten too").isEqualTo(3);
    assertThat(visit("198.18.0.2")).as("forgotten again").isEqualTo(2);
  }

  @Test
  void aClientStaysWhileAnyOfItsConnectionsIsOpen() {
    Lease first = cluster.balancer().assign(cluster.client("198.18.0.1"));
    Lease second = cluster.balancer().assign(cluster.client("198.18.0.1"));
    cluster.pass(TIMEOUT.multipliedBy(10));
    first.release();
    assertThat(visit("198.18.0.1")).isEqualTo(3);
    cluster.pass(TIMEOUT.multipliedBy(10));
    assertThat(cluster.counters(3).persistent()).isEqualTo(1);
    second.release();
    assertThat(cluster.counters(3).persistent()).isZero();
    assertThat(visit("198.18.0.1")).isEqualTo(2);
  }

  @Test
  void aConnectionThatEndsBeforeTheTimeoutLeavesTheRestOfIt() {
    Lease lease = cluster.balancer().assign(cluster.client("198.18.0.1"));
    cluster.pass(Duration.ofSeconds(200));
    lease.release();
    cluster.pass(Duration.ofSeconds(99));
    assertThat(visit("198.18.0.1")).isEqualTo(3);

    lease = cluster.balancer().assign(cluster.client("198.18.0.1"));
    cluster.pass(Duration.ofSeconds(200));
    lease.release();
    cluster.pass(Duration.ofSeconds(100));
    assertThat(visit("198.18.0.1")).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "24, 128, 198.18.0.1, 198.18.0.200, true",
    "24, 128, 198.18.0.1, 198.18.1.1, false",
    "32, 128, 198.18.0.1, 198.18.0.2, false",
    "1, 128, 198.18.0.1, 203.0.113.7, true",
    "0, 128, 198.18.0.1, 203.0.113.7, true",
    "32, 64, 2001:db8::1, 2001:db8::ffff:1, true",
    "32, 64, 2001:db8::1, 2001:db8:0:1::1, false",
    "32, 128, 2001:db8::1, 2001:db8::2, false",
    "32, 127, 2001:db8::2, 2001:db8::3, true",
    "32, 48, 2001:db8::1, 2001:db8:0:ffff::1, true",
    "32, 65, 2001:db8::1, 2001:db8::8000:0:0:1, false",
    "32, 1, 2001:db8::1, 3fff::1, true",
    "32, 0, 2001:db8::1, fd00::1, true",
  })
  void clientsOfOneNetworkAreOneClient(
      int prefixV4, int prefixV6, String one, String other, boolean same) {
    var granular = cluster(Persistence.byClientAddress(TIMEOUT).granularity(prefixV4, prefixV6));
    Lease first = granular.balancer().assign(granular.client(one));
    Lease second = granular.balancer().assign(granular.client(other));

    assertThat(Cluster.number(first)).isEqualTo(3);
    assertThat(Cluster.number(second)).isEqualTo(same ? 3 : 2);
  }

  @Test
  void aQuiescedServerGivesUpItsClients() {
    Lease open = cluster.balancer().assign(cluster.client("198.18.0.1"));
    cluster.weight(3, 0);
    assertThat(visit("198.18.0.1")).isEqualTo(2);
    cluster.weight(3, 1);
    assertThat(visit("198.18.0.1")).as("at home on its new server").isEqualTo(2);
    open.release();
    assertThat(visit("198.18.0.1")).isEqualTo(2);
    assertThat(cluster.counters(3).persistent()).isZero();
    assertThat(cluster.counters(2).persistent()).isEqualTo(1);
  }

  @Test
  void aRemovedServerGivesUpItsClients() {
    visit("198.18.0.1");
    cluster.remove(3);
    assertThat(visit("198.18.0.1")).isEqualTo(2);
    cluster.add(3, 1);
    assertThat(visit("198.18.0.1")).isEqualTo(2);
  }

  @Test
  void aServerThatRefusedAConnectGivesUpTheClient() {
    var flow = cluster.client("198.18.0.1");
    Lease failed = cluster.balancer().assign(flow);
    Lease second = cluster.balancer().reassign(flow, failed);
    assertThat(Cluster.number(second)).isEqualTo(2);
    assertThat(visit("198.18.0.1")).isEqualTo(2);
    assertThat(cluster.counters(3).persistent()).isZero();
  }

  @Test
  void anOverloadedServerKeepsItsClients() {
    cluster.update(3, 1, 1, 0);
    cluster.balancer().assign(cluster.client("198.18.0.1"));
    assertThat(cluster.balancer().servers().overloaded(0)).isTrue();

    assertThat(visit("198.18.0.1")).isEqualTo(3);
    assertThat(visit("198.18.0.2")).isEqualTo(2);
  }

  @Test
  void clientsAreCountedOnTheirServersWhileTheyAreKept() {
    for (int i = 0; i < 30; i++) {
      visit("198.18.0." + i);
      visit("198.18.0." + i);
    }
    for (int server = 1; server <= 3; server++) {
      assertThat(cluster.counters(server).persistent()).isEqualTo(10);
      assertThat(cluster.counters(server).active()).isZero();
    }
    // The cache notices an expiry within about a second.
    cluster.pass(TIMEOUT.plusSeconds(2));
    for (int server = 1; server <= 3; server++) {
      assertThat(cluster.counters(server).persistent()).isZero();
    }
  }

  @Test
  void aChangedTimeoutHoldsForConnectionsFromThenOn() {
    visit("198.18.0.1");
    visit("198.18.0.2");
    settings(settings().persistence(Persistence.byClientAddress(TIMEOUT.multipliedBy(3))));
    visit("198.18.0.2");
    cluster.pass(TIMEOUT.multipliedBy(2));
    assertThat(visit("198.18.0.1")).as("forgotten").isEqualTo(1);
    assertThat(visit("198.18.0.2")).as("kept").isEqualTo(2);
  }

  @Test
  void anotherGranularityForgetsAllClients() {
    Lease open = cluster.balancer().assign(cluster.client("198.18.0.1"));
    settings(settings().persistence(Persistence.byClientAddress(TIMEOUT).granularity(24, 128)));
    assertThat(cluster.counters(3).persistent()).isZero();
    assertThat(visit("198.18.0.1")).isEqualTo(2);
    open.release();
    assertThat(visit("198.18.0.9")).isEqualTo(2);
    assertThat(cluster.counters(2).persistent()).isEqualTo(1);
  }

  @Test
  void aSingleDatagramKeepsItsClientWithoutAnOpenConnection() {
    var flow = cluster.client("198.18.0.1");
    assertThat(Cluster.number(cluster.balancer().assignOnce(flow))).isEqualTo(3);
    assertThat(Cluster.number(cluster.balancer().assignOnce(flow))).isEqualTo(3);
    cluster.pass(TIMEOUT);
    assertThat(Cluster.number(cluster.balancer().assignOnce(flow))).isEqualTo(2);
  }

  @Test
  void noMoreClientsAreKeptThanTheLimit() {
    var clients = new PersistentClients(Persistence.byClientAddress(TIMEOUT), () -> 0, 100);
    cluster.add(4, 1);
    var destination = cluster.balancer().servers().at(0);
    for (int i = 0; i < 10_000; i++) {
      var address = cluster.newClient().clientAddress();
      clients.keep(address, clients.find(address), destination, true);
    }
    clients.forgetExpired();
    assertThat(destination.persistent).isEqualTo(100);
  }
}
