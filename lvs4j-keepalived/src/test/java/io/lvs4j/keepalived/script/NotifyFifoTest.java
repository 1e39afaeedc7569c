package io.lvs4j.keepalived.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.DirectorEvent;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Program;
import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.keepalived.KeepalivedReader;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The named pipes of global_defs: what is written, in what words and in what order. */
@Timeout(180)
class NotifyFifoTest {
  @TempDir private Path directory;

  @Test
  void eventsComeInOrderInTheWordsOfKeepalived() throws Exception {
    assumeThat(new File("/usr/bin/mkfifo")).as("mkfifo").exists();
    var pipe = directory.resolve("events");
    var text =
        """
        global_defs {
          notify_fifo %s
          vrrp_notify_priority_changes
        }
        vrrp_instance VI_1 {
          interface eth0
          virtual_router_id 51
          virtual_ipaddress {
            10.0.0.1
          }
        }
        vrrp_sync_group G {
          group {
            VI_1
            VI_2
          }
        }
        vrrp_instance VI_2 {
          interface eth0
          virtual_router_id 52
          notify_deleted
          notify_priority_changes off
          virtual_ipaddress {
            10.0.0.2
          }
        }
        virtual_server 10.0.0.1 80 {
          protocol TCP
          real_server 10.0.0.2 81 {
          }
        }
        """
            .formatted(pipe);
    var read = KeepalivedReader.builder().build().read("k.conf", text, directory);
    assertThat(read.diagnostics()).isEmpty();
    var printed = read.print();
    assertThat(printed.losses()).isEmpty();
    assertThat(printed.text())
        .contains("  notify_fifo " + pipe + "\n", "  notify_priority_changes\n");

    var instance = read.vrrpInstances().getFirst();
    var server = read.virtualServers().getFirst();
    var priority = new Priority(100);
    var less = new Priority(90);
    var other = InetAddress.ofLiteral("10.0.0.9");
    List<VrrpEvent> events =
        List.of(
            new VrrpEvent.Backup("VI_1", priority, ""),
            new VrrpEvent.PriorityChanged("VI_1", priority, new Priority(120)),
            new VrrpEvent.LowerPriorityHeard("VI_1", other, new Priority(50)),
            new VrrpEvent.Master("VI_1", priority, ""),
            new VrrpEvent.PriorityChanged("VI_1", priority, less),
            new VrrpEvent.LowerPriorityHeard("VI_1", other, new Priority(50)),
            new VrrpEvent.Fault("VI_1", less, ""),
            new VrrpEvent.Stopped("VI_1", less),
            new VrrpEvent.Stopped("VI_1", less, true));
    for (var event : events) {
      instance.listeners().forEach(each -> each.accept(event));
    }
    read.syncGroups()
        .getFirst()
        .listeners()
        .forEach(each -> each.accept(new VrrpEvent.Backup("G", priority, "")));
    var real = new Endpoint(InetAddress.ofLiteral("10.0.0.2"), 81);
    server
        .listeners()
        .forEach(each -> each.onEvent(new DirectorEvent.RealServerDown(server.id(), real, "")));
    server.listeners().forEach(each -> each.onEvent(new DirectorEvent.QuorumDown(server.id())));

    await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(pipe));
    try (BufferedReader lines = Files.newBufferedReader(pipe, StandardCharsets.UTF_8)) {
      assertThat(lines.readLine()).isEqualTo("INSTANCE \"VI_1\" BACKUP 100");
      assertThat(lines.readLine()).isEqualTo("INSTANCE \"VI_1\" BACKUP_PRIORITY 120");
      assertThat(lines.readLine()).isEqualTo("INSTANCE \"VI_1\" MASTER_RX_LOWER_PRI 120");
      assertThat(lines.readLine()).isEqualTo("INSTANCE \"VI_1\" MASTER 100");
      assertThat(lines.readLine()).isEqualTo("INSTANCE \"VI_1\" MASTER_PRIORITY 90");
      assertThat(lines.readLine()).isEqualTo("INSTANCE \"VI_1\" MASTER_RX_LOWER_PRI 90");
      assertThat(lines.readLine()).isEqualTo("INSTANCE \"VI_1\" FAULT 90");
      assertThat(lines.readLine()).isEqualTo("INSTANCE \"VI_1\" STOP 90");
      assertThat(lines.readLine()).isEqualTo("INSTANCE \"VI_1\" FAULT 90");
      assertThat(lines.readLine()).isEqualTo("GROUP \"G\" BACKUP 0");
      assertThat(lines.readLine()).isEqualTo("RS [10.0.0.2]:tcp:81 [10.0.0.1]:tcp:80 DOWN");
      assertThat(lines.readLine()).isEqualTo("VS [10.0.0.1]:tcp:80 DOWN");
    }
  }

  @Test
  void aPipeBelongsToTheUserAndTheGroupThatAreNamedOrToTheUserOfScripts() throws Exception {
    assumeThat(System.getProperty("user.name")).as("who runs this").isEqualTo("root");
    assumeThat(new File("/usr/bin/mkfifo")).as("mkfifo").exists();
    assumeThat(Program.hasUser("daemon:games")).as("daemon and games").isTrue();
    var all = directory.resolve("all");
    var vrrp = directory.resolve("vrrp");
    var servers = directory.resolve("servers");
    var text =
        """
        global_defs {
          lvs_notify_fifo %s
          script_user games
          notify_fifo %s daemon
          vrrp_notify_fifo %s daemon games
        }
        vrrp_instance VI_1 {
          interface eth0
          virtual_router_id 51
          virtual_ipaddress {
            10.0.0.1
          }
        }
        virtual_server 10.0.0.1 80 {
          protocol TCP
          real_server 10.0.0.2 81 {
          }
        }
        """
            .formatted(servers, all, vrrp);
    var read = KeepalivedReader.builder().build().read("k.conf", text, directory);
    assertThat(read.diagnostics()).isEmpty();
    assertThat(read.print().text())
        .contains("  notify_fifo " + all + " daemon\n")
        .contains("  vrrp_notify_fifo " + vrrp + " daemon games\n");
    var backup = new VrrpEvent.Backup("VI_1", new Priority(100), "");
    read.vrrpInstances().getFirst().listeners().forEach(each -> each.accept(backup));
    var server = read.virtualServers().getFirst();
    var up = new DirectorEvent.QuorumUp(server.id());
    server.listeners().forEach(each -> each.onEvent(up));

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          assertThat(owner(all)).isEqualTo("daemon daemon rw-------");
          assertThat(owner(vrrp)).isEqualTo("daemon games rw-------");
          assertThat(owner(servers)).isEqualTo("games games rw-------");
        });
  }

  private static String owner(Path pipe) throws IOException {
    var file = Files.readAttributes(pipe, PosixFileAttributes.class);
    return file.owner()
        + " "
        + file.group()
        + " "
        + PosixFilePermissions.toString(file.permissions());
  }

  @Test
  void aPipeWhoseOwnerIsNotThereIsLeftOutAndSaid() {
    var text =
        """
        global_defs {
          notify_fifo /run/a lvs4j-nobody
          vrrp_notify_fifo /run/b root lvs4j-nobodies
          lvs_notify_fifo /run/c root
        }
        """;
    var read = KeepalivedReader.builder().build().read("k.conf", text, directory);
    assertThat(read.diagnostics())
        .extracting(Object::toString)
        .containsExactly(
            "k.conf:2:22: error: notify_fifo: 'lvs4j-nobody' (expected: a user of this host, and"
                + " a group of it); the pipe is left out",
            "k.conf:3:27: error: vrrp_notify_fifo: 'root lvs4j-nobodies' (expected: a user of"
                + " this host, and a group of it); the pipe is left out");
  }
}
