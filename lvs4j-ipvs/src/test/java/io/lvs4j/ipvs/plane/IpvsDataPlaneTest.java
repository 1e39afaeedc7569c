package io.lvs4j.ipvs.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.StartException;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.plane.DataPlane;
import io.lvs4j.api.plane.DataPlaneProvider;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.ipvs.client.IpvsChange;
import io.lvs4j.ipvs.client.IpvsDestination;
import io.lvs4j.ipvs.client.IpvsForwarding;
import io.lvs4j.ipvs.client.IpvsTimeouts;
import io.lvs4j.ipvs.client.SyncDaemon;
import io.lvs4j.ipvs.client.SyncRole;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The plane as a director uses it, on a model of the kernel's table. */
class IpvsDataPlaneTest {
  private static final RealServer A = RealServer.of("10.0.1.1", 80);
  private static final RealServer B = RealServer.of("10.0.1.2", 80);
  private static final VirtualServer WEB = VirtualServer.tcp("10.0.0.1", 80).build();

  @TempDir Path sysctls;
  private final MemoryTable table = new MemoryTable();

  private IpvsDataPlane open(IpvsDataPlane.Builder builder) throws Exception {
    return builder.open(table, sysctls);
  }

  private static void join(CompletionStage<Void> stage) {
    stage.toCompletableFuture().join();
  }

  private static Destination of(RealServer server, int weight) {
    return new Destination(server, weight);
  }

  private ActualService found() {
    return Objects.requireNonNull(table.content().get(Translation.key(WEB.id())));
  }

  @Test
  void aStartThatFailsLeavesWhatItFoundAsItWas() throws Exception {
    var foreign = Translation.destination(WEB, of(B, 7));
    table.put(Translation.settings(WEB), Translation.destination(WEB, of(A, 3)), foreign);
    table.startDaemon(SyncDaemon.of(SyncRole.BACKUP, "eth1", 51));
    var before = table.content();
    var other = VirtualServer.udp("10.0.0.2", 53).build();
    try (var plane =
        open(
            IpvsDataPlane.builder()
                .foreignServices(ForeignServices.REMOVE)
                .syncDaemon("VI_1", SyncDaemonSettings.of("eth1", 51))
                .reconcileEvery(Duration.ofMillis(100)))) {
      plane.expect(List.of(WEB, other)).toCompletableFuture().join();
      join(plane.add(WEB, List.of(of(A, 1))));
      join(plane.add(other, List.of(of(A, 1))));
      assertThat(table.content()).isNotEqualTo(before);
      join(plane.takeBack(WEB.id()));
      join(plane.takeBack(other.id()));
      assertThat(table.content()).isEqualTo(before);
    }
    assertThat(table.content()).isEqualTo(before);
    assertThat(table.daemons()).hasSize(1);
  }

  @Test
  void whatTheKernelRefusesOfOneThatWasFoundLeavesItAsItWas() throws Exception {
    table.put(Translation.settings(WEB), Translation.destination(WEB, of(A, 3)));
    var before = table.content();
    var refused = Translation.key(B.endpoint());
    table.refuse(change ->
        change instanceof IpvsChange.AddDestination(var _, var added)
            && added.key().equals(refused));
    try (var plane = open(IpvsDataPlane.builder())) {
      assertThatThrownBy(() -> join(plane.add(WEB, List.of(of(A, 1), of(B, 1)))))
          .hasCauseInstanceOf(StartException.class);
      assertThat(table.content()).isEqualTo(before);
    }
    assertThat(table.content()).isEqualTo(before);
  }

  @Test
  void aSchedulerThatThisKernelLacksIsToldBeforeAnythingIsTouched() throws Exception {
    table.lack("twos");
    table.lack("sip");
    var twos = WEB.toBuilder().scheduler(new UnsupportedTest.Named("twos", Set.of())).build();
    try (var plane = open(IpvsDataPlane.builder())) {
      assertThat(plane.obstacles(List.of(WEB, twos)).toCompletableFuture().join())
          .extracting(Object::toString)
          .containsExactly(
              "virtual server 10.0.0.1:80/tcp: scheduler: twos, which this kernel doesn't have"
                  + " (expected: modprobe ip_vs_twos, or another one)");
    }
    assertThat(table.takeChanges()).isEmpty();
  }

  @Test
  void nothingIsLookedAtBeforeItIsKnownWhatBelongsThere() throws Exception {
    table.put(Translation.settings(WEB), Translation.destination(WEB, of(A, 1)));
    var other = VirtualServer.udp("10.0.0.2", 53).build();
    table.put(Translation.settings(other), Translation.destination(other, of(A, 1)));
    var edits = new CopyOnWriteArrayList<ForeignEdit>();
    var builder =
        IpvsDataPlane.builder()
            .foreignServices(ForeignServices.REMOVE)
            .foreignEditListener(edits::add)
            .reconcileEvery(Duration.ofMillis(100));
    try (var plane = open(builder)) {
      plane.master("VI_1", true);
      plane.obstacles(List.of(WEB)).toCompletableFuture().join();
      int looks = table.looks();
      assertThat(plane.expect(List.of(WEB, other)).toCompletableFuture().join())
          .containsOnlyKeys(WEB.id(), other.id())
          .containsEntry(WEB.id(), Set.of(A.endpoint()));
      assertThat(looks).as("looks before").isZero();
      join(plane.add(WEB, List.of(of(A, 1))));
      await().atMost(Duration.ofSeconds(10)).until(() -> table.looks() > 3);
      assertThat(table.takeChanges()).isEmpty();
      join(plane.add(other, List.of(of(A, 1))));
      var foreign = VirtualServer.udp("10.0.0.9", 53).build();
      table.put(Translation.settings(foreign));
      await().atMost(Duration.ofSeconds(10)).until(() -> table.content().size() == 2);
      assertThat(edits)
          .extracting(ForeignEdit::service)
          .containsExactly(Translation.key(foreign.id()).toString());
    }
  }

  @Test
  void whoWasExpectedAndIsToBeServedLaterIsLetGoOf() throws Exception {
    table.put(Translation.settings(WEB), Translation.destination(WEB, of(A, 1)));
    try (var plane = open(IpvsDataPlane.builder())) {
      plane.expect(List.of(WEB)).toCompletableFuture().join();
      plane.withhold(WEB.id());
      await().atMost(Duration.ofSeconds(10)).until(() -> table.content().isEmpty());
    }
  }

  @Test
  void virtualServersTakeTheTimeoutsOfThePlane() throws Exception {
    var builder =
        IpvsDataPlane.builder()
            .timeouts(Duration.ofHours(2), Duration.ofSeconds(20), Duration.ofSeconds(30));
    try (var plane = open(builder)) {
      var dns = VirtualServer.udp("10.0.0.1", 53).build();
      assertThat(plane.unsupported(WEB)).isEmpty();
      assertThat(plane.unsupported(dns)).isEmpty();
      assertThat(plane.unsupported(dns.toBuilder().idleTimeout(Duration.ofSeconds(31)).build()))
          .extracting(Object::toString)
          .singleElement()
          .asString()
          .contains("idle timeout: PT31S with the ipvs data plane (expected: PT30S");
    }
  }

  @Test
  void theKernelBeginsWithTheServerThatWasConfiguredLast() throws Exception {
    try (var plane = open(IpvsDataPlane.builder())) {
      join(plane.add(WEB, List.of(of(A, 1), of(B, 2))));
      assertThat(found().destinations())
          .extracting(each -> each.key().toString())
          .containsExactly("10.0.1.2:80", "10.0.1.1:80");
      join(plane.removeDestination(WEB.id(), A.endpoint()));
      join(plane.addDestination(WEB.id(), of(A, 1)));
      assertThat(found().destinations().getFirst().key()).isEqualTo(Translation.key(A.endpoint()));
    }
    assertThat(table.content()).as("closed").isEmpty();
    assertThat(table.isClosed()).isTrue();
  }

  @Test
  void aChangedMethodReachesThoseServersThatHaveNoneOfTheirOwn() throws Exception {
    var own = B.forwarding(ForwardingMethod.NAT);
    var web = WEB.toBuilder().realServer(A).realServer(own).build();
    try (var plane = open(IpvsDataPlane.builder())) {
      join(plane.add(web, List.of(of(A, 3), of(own, 4))));
      table.takeChanges();
      join(plane.update(web.toBuilder().forwarding(ForwardingMethod.DIRECT_ROUTING).build()));
      assertThat(table.takeChanges())
          .containsExactly(
              new IpvsChange.SetDestination(
                  Translation.key(web.id()),
                  new IpvsDestination(
                      Translation.key(A.endpoint()), IpvsForwarding.directRouting(), 3, 0, 0)));
    }
  }

  @Test
  void whoQuiescesAServerThenKnowsItsConnections() throws Exception {
    try (var plane = open(IpvsDataPlane.builder().reconcileEvery(Duration.ofHours(1)))) {
      join(plane.add(WEB, List.of(of(A, 1))));
      table.connections(Translation.key(A.endpoint()), 5);
      assertThat(plane.counters(WEB.id()).of(A.endpoint()).open()).isZero();
      join(plane.updateDestination(WEB.id(), of(A, 0)));
      assertThat(plane.counters(WEB.id()).of(A.endpoint()).open()).isEqualTo(5);
      assertThat(plane.openConnections()).isEqualTo(5);

      table.connections(Translation.key(A.endpoint()), 2);
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> plane.counters(WEB.id()).of(A.endpoint()).open() == 2);
      assertThat(plane.age(WEB.id())).isPresent();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1"})
  void whoIsDrainedHasNoClientsThatKeepComing(String expireQuiescentTemplate) throws Exception {
    Files.createDirectories(sysctls.resolve("net/ipv4/vs"));
    Files.writeString(
        sysctls.resolve("net/ipv4/vs/expire_quiescent_template"), expireQuiescentTemplate + "\n");
    var key = Translation.key(A.endpoint());
    try (var plane = open(IpvsDataPlane.builder().reconcileEvery(Duration.ofHours(1)))) {
      join(plane.add(WEB, List.of(of(A, 1))));
      table.connections(key, 1);
      table.clients(key, 1);
      join(plane.updateDestination(WEB.id(), of(A, 0)));
      assertThat(plane.isDrained(WEB.id(), A.endpoint())).isFalse();
      table.connections(key, 0);
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> plane.counters(WEB.id()).of(A.endpoint()).open() == 0);
      assertThat(plane.isDrained(WEB.id(), A.endpoint()))
          .as("a client that may come back")
          .isEqualTo(expireQuiescentTemplate.equals("1"));
      table.clients(key, 0);
      await().atMost(Duration.ofSeconds(10)).until(() -> plane.isDrained(WEB.id(), A.endpoint()));
    }
  }

  @Test
  void whatOthersChangeIsPutRightWithoutBeingAsked() throws Exception {
    try (var plane = open(IpvsDataPlane.builder().reconcileEvery(Duration.ofMillis(100)))) {
      join(plane.add(WEB, List.of(of(A, 1))));
      table.edit(
          new IpvsChange.DeleteDestination(
              Translation.key(WEB.id()), Translation.key(A.endpoint())));
      await().atMost(Duration.ofSeconds(10)).until(() -> found().destinations().size() == 1);
    }
  }

  @Test
  void aVirtualServerMayOutliveThePlane() throws Exception {
    try (var plane = open(IpvsDataPlane.builder().leaveOnClose())) {
      join(plane.add(WEB, List.of(of(A, 1))));
    }
    table.takeChanges();
    try (var plane = open(IpvsDataPlane.builder())) {
      join(plane.add(WEB, List.of(of(A, 1))));
      assertThat(table.takeChanges()).isEmpty();
    }
    assertThat(table.content()).isEmpty();
  }

  @Test
  void aThousandVirtualServersAreAddedInFewAnswersAndNoneIsTouchedAgain() throws Exception {
    var servers =
        IntStream.rangeClosed(1, 1000)
            .mapToObj(port -> VirtualServer.tcp("10.0.0.1", port).build())
            .toList();
    try (var plane = open(IpvsDataPlane.builder().leaveOnClose())) {
      var stages = servers.stream().map(each -> plane.add(each, List.of(of(A, 1)))).toList();
      stages.forEach(IpvsDataPlaneTest::join);
      assertThat(table.takeChanges()).hasSize(2000);
    }
    try (var plane = open(IpvsDataPlane.builder())) {
      var stages = servers.stream().map(each -> plane.add(each, List.of(of(A, 1)))).toList();
      stages.forEach(IpvsDataPlaneTest::join);
      assertThat(table.takeChanges()).isEmpty();
    }
  }

  @Test
  void theSyncDaemonFollowsItsInstanceAndNeverRunsTwice() throws Exception {
    var builder =
        IpvsDataPlane.builder().syncDaemon("VI_1", SyncDaemonSettings.of("eth1", 51).port(9000));
    table.startDaemon(SyncDaemon.of(SyncRole.MASTER, "eth0", 1));
    try (var plane = open(builder)) {
      assertThat(plane.followedInstances()).containsExactly("VI_1");
      plane.master("VI_1", false);
      plane.master("VI_2", true);
      plane.master("VI_1", true);
      plane.master("VI_1", true);
      plane.master("VI_1", false);
      join(plane.add(WEB, List.of()));
      assertThat(table.daemonHistory())
          .containsExactly(
              "start master, running 1",
              "stop master",
              "start backup, running 1",
              "stop backup",
              "start master, running 1",
              "stop master",
              "start backup, running 1");
      assertThat(table.daemons())
          .containsExactly(SyncDaemonSettings.of("eth1", 51).port(9000).as(SyncRole.BACKUP));
    }
    assertThat(table.daemons()).isEmpty();
  }

  @Test
  void aSyncDaemonOfAnEarlierLifeIsTakenOver() throws Exception {
    table.startDaemon(
        SyncDaemon.of(SyncRole.BACKUP, "eth1", 51)
            .withGroup(InetAddress.ofLiteral("224.0.0.81"), 8848));
    var builder = IpvsDataPlane.builder().syncDaemon("VI_1", SyncDaemonSettings.of("eth1", 51));
    try (var plane = open(builder)) {
      plane.master("VI_1", false);
      join(plane.add(WEB, List.of()));
      assertThat(table.daemonHistory()).containsExactly("start backup, running 1");
    }
  }

  @Test
  void timeoutsAreSetAndPutBack() throws Exception {
    var before = table.timeouts();
    var hour = Duration.ofHours(1);
    try (var plane = open(IpvsDataPlane.builder().timeouts(hour, Duration.ofMinutes(2), hour))) {
      assertThat(table.timeouts()).isEqualTo(new IpvsTimeouts(hour, Duration.ofMinutes(2), hour));
      assertThat(plane.unsupported(WEB.toBuilder().idleTimeout(hour).build())).isEmpty();
    }
    assertThat(table.timeouts()).isEqualTo(before);
  }

  @Test
  void whatIsWrongWithTheSettingsIsToldAtOnce() throws Exception {
    var wrong =
        IpvsDataPlane.builder()
            .reconcileEvery(Duration.ZERO)
            .timeouts(Duration.ZERO, Duration.ofSeconds(1), Duration.ofDays(32))
            .syncDaemon(
                "VI_1",
                SyncDaemonSettings.of("", 256)
                    .group(InetAddress.ofLiteral("10.0.0.1"))
                    .timeToLive(0)
                    .port(0)
                    .maximumLength(0));
    assertThatThrownBy(wrong::open)
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageStartingWith("9 configuration problems:")
        .hasMessageContaining("ipvs data plane: sync daemon: sync id: 256 (expected: 0-255)");
  }

  @Test
  void aKernelWithoutIpvsIsOneClearMessage() {
    Assumptions.assumeFalse(
        Files.exists(Path.of("/proc/net/ip_vs")), "this kernel has ip_vs; nothing to see");
    assertThatThrownBy(IpvsDataPlane::open)
        .isInstanceOf(StartException.class)
        .hasMessageStartingWith("ipvs data plane: ")
        .hasMessageNotContaining("\n");
  }

  @Test
  void itIsFoundAsAService() {
    assertThat(ServiceLoader.load(DataPlaneProvider.class))
        .extracting(DataPlaneProvider::name)
        .containsExactly("ipvs");
    assertThat(DataPlane.class).isAssignableFrom(IpvsDataPlane.class);
  }
}
