package io.lvs4j.lab.seeds;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.keepalived.KeepalivedConfiguration;
import io.lvs4j.keepalived.KeepalivedReader;
import io.lvs4j.keepalived.diagnostic.Severity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The seeds' keepalived.conf files are read as they stand, each mistake told once in its place. */
class SeedFilesTest {
  private static KeepalivedConfiguration read(String name) {
    return KeepalivedReader.builder()
        .user("root")
        .forAnotherHost()
        .build()
        .read(name, Seed.file(name), Path.of("."));
  }

  private static List<String> told(KeepalivedConfiguration read) {
    return read.diagnostics().stream()
        .filter(each -> each.severity() != Severity.NOTE)
        .map(each -> each.position().line() + ": " + each.text())
        .toList();
  }

  @Test
  void seed000TwoDirectorsAndTwoNginx() {
    var master = read("000-master.conf");
    var backup = read("000-backup.conf");

    assertThat(master.vrrpInstances().getFirst().priority()).isEqualTo(new Priority(151));
    assertThat(backup.vrrpInstances().getFirst().priority()).isEqualTo(new Priority(150));
    assertThat(master.virtualServers()).isEqualTo(backup.virtualServers());
    var server = master.virtualServers().getFirst();
    assertThat(server.forwarding()).isEqualTo(ForwardingMethod.DIRECT_ROUTING);
    assertThat(server.persistence()).as("persistence_time is no keyword").isEmpty();
    assertThat(server.realServers()).hasSize(2);
    var check = server.realServers().getFirst().healthChecks().getFirst();
    assertThat(check.connectTimeout())
        .as("connection_timeout is no keyword")
        .isEqualTo(Duration.ofSeconds(5));
    assertThat(check.delayBeforeRetry()).isEqualTo(Duration.ofSeconds(3));
    assertThat(told(master))
        .anyMatch(line -> line.contains("unknown keyword 'lvs_id' in global_defs"))
        .anyMatch(line -> line.contains("unknown keyword 'persistence_time' in virtual_server"))
        .anyMatch(line -> line.contains("unknown keyword 'connection_timeout' in TCP_CHECK"));
    assertThat(master.hasErrors()).isFalse();
  }

  @Test
  void seed001ScriptsAndMistakes() {
    var read = read("001-keepalived.conf");

    var instance = read.vrrpInstances().getFirst();
    assertThat(instance.trackers()).hasSize(2);
    assertThat(instance.trackers().get(0).weight()).isEqualTo(-2);
    assertThat(instance.trackers().get(1).weight()).as("'weight - 2' is none").isZero();
    assertThat(read.virtualServers().getFirst().persistence().orElseThrow().timeout())
        .isEqualTo(Duration.ofSeconds(5));
    assertThat(told(read))
        .hasSize(5)
        .anyMatch(line -> line.contains("'&&' is an argument of [, for there is no shell"))
        .anyMatch(line -> line.contains("weight: '-'"))
        .anyMatch(line -> line.contains("unknown keyword 'net_mask'"));
    assertThat(read.hasErrors()).isFalse();
  }

  @Test
  void seed004CommentsBehindValuesAndNotifyScripts() {
    var vrrp = read("004-vrrp.conf");
    assertThat(vrrp.vrrpInstances().getFirst().listeners()).hasSize(3);
    assertThat(vrrp.vrrpInstances().getFirst().trackers().getFirst().fall()).isEqualTo(3);
    assertThat(vrrp.hasErrors()).isFalse();

    var lvs = read("004-lvs.conf");
    var server = lvs.virtualServers().getFirst();
    assertThat(server.sorryServer().orElseThrow().endpoint()).hasToString("127.0.0.1:80");
    assertThat(server.persistence().orElseThrow().timeout()).isEqualTo(Duration.ofSeconds(50));
    assertThat(told(lvs)).hasSize(2).allMatch(line -> line.contains("'nb_get_retry'"));
  }
}
