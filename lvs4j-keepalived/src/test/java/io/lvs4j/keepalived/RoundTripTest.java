package io.lvs4j.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.vrrp.SyncGroup;
import io.lvs4j.api.vrrp.Tracker;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.keepalived.ipvsadm.IpvsadmRules;
import io.lvs4j.keepalived.model.GlobalDefinitions;
import io.lvs4j.keepalived.model.KernelScheduler;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is printed is read as what it was; {@code -Dlvs4j.seed=N} chooses the configurations. */
class RoundTripTest {
  private static final int CONFIGURATIONS = 500;

  @Test
  void aPrintedConfigurationIsReadAsItself() {
    long seed = Long.getLong("lvs4j.seed", System.nanoTime());
    var random = new Random(seed);
    IntStream.range(0, CONFIGURATIONS)
        .forEach(round -> {
          var made = Configurations.random(random);
          var printed = made.print();
          var read = Read.text(printed.text());
          var description = "seed " + seed + ", round " + round + ":\n" + printed.text();

          assertThat(printed.losses()).as(description).isEmpty();
          // What is odd about them, such as a weight in a sync group, is odd when it is read too.
          assertThat(read.hasErrors()).as(description).isFalse();
          assertThat(read.definitions()).as(description).isEqualTo(made.definitions());
          assertThat(read.vrrpInstances()).as(description).isEqualTo(made.vrrpInstances());
          assertThat(read.syncGroups().stream().map(RoundTripTest::fields).toList())
              .as(description)
              .isEqualTo(made.syncGroups().stream().map(RoundTripTest::fields).toList());
          assertThat(read.virtualServers()).as(description).isEqualTo(made.virtualServers());
        });
  }

  @Test
  void rulesSayTheSameTable() {
    long seed = Long.getLong("lvs4j.seed", System.nanoTime());
    var random = new Random(seed);
    IntStream.range(0, CONFIGURATIONS)
        .forEach(round -> {
          var servers = Configurations.random(random).virtualServers();
          var written = IpvsadmRules.write(servers);
          var read = IpvsadmRules.read("rules", written.text(), KernelScheduler::new);

          assertThat(read.diagnostics()).as("seed " + seed + "\n" + written.text()).isEmpty();
          assertThat(IpvsadmRules.write(read.virtualServers()).text())
              .as("seed " + seed)
              .isEqualTo(written.text());
        });
  }

  private static List<Object> fields(SyncGroup group) {
    return List.of(
        group.name(),
        group.instances(),
        group.trackers(),
        group.isWeightedTrackingOn(),
        group.listeners());
  }

  @Test
  void whatKeepalivedHasNoWordsForIsToldAsALoss() {
    var server =
        VirtualServer.tcp("10.0.0.1", 80)
            .scheduler((servers, flow) -> 0)
            .slowStart(Duration.ofSeconds(30))
            .connectRetries(1)
            .whileMaster("VI_1")
            .listener(event -> {})
            .realServer("10.0.0.2", 80)
            .build();
    var fullNat =
        VirtualServer.tcp("10.0.0.1", 81)
            .forwarding(ForwardingMethod.FULL_NAT)
            .realServer("10.0.0.2", 80)
            .build();
    var instance =
        VrrpInstance.builder("VI_1")
            .networkInterface("eth0")
            .virtualRouterId(1)
            .virtualAddress("10.0.0.1")
            .track(Tracker.directorHealth())
            .withoutStallGuard()
            .onMaster(event -> {})
            .build();

    var printed =
        KeepalivedConfiguration.of(
                GlobalDefinitions.NONE, List.of(server, fullNat), List.of(instance), List.of())
            .print();

    assertThat(printed.losses())
        .extracting(Object::toString)
        .containsExactly(
            "vrrp_instance VI_1: tracker director health"
                + " (expected: an interface, a script or a file)",
            "vrrp_instance VI_1: a listener (expected: a script)",
            "vrrp_instance VI_1: no stall guard (expected: as keepalived does)",
            "virtual_server 10.0.0.1:80/tcp: scheduler custom"
                + " (expected: one of the kernel's; wlc is written)",
            "virtual_server 10.0.0.1:80/tcp: slow start (expected: nothing of the kind)",
            "virtual_server 10.0.0.1:80/tcp: connect retries (expected: nothing of the kind)",
            "virtual_server 10.0.0.1:80/tcp: served while an instance is master"
                + " (expected: nothing of the kind)",
            "virtual_server 10.0.0.1:80/tcp: a listener (expected: nothing of the kind)",
            "virtual_server 10.0.0.1:81/tcp: forwarding FullNat"
                + " (expected: NAT, DR or TUN; left out)");
    assertThat(Read.told(printed.text())).isEmpty();
  }
}
