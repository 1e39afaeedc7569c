package io.lvs4j.lab.seeds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.Injector;
import io.lvs4j.lab.network.LabNetwork;
import io.lvs4j.lab.peer.Keepalived;
import io.lvs4j.lab.peer.RunningProcess;
import io.lvs4j.lab.peer.Workspace;
import io.lvs4j.lab.vrrp.CraftedAdvert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The lines of named pipes and the arguments of notify scripts, byte by byte: keepalived and lvs4j
 * read one file, go through the same events, and have to write the same.
 */
@Timeout(240)
class NotificationLinesTest {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);

  /** Who is asked. */
  enum Who {
    KEEPALIVED,
    LVS4J
  }

  private Workspace workspace;
  private LabNetwork network;
  private Host host;
  private Path directory;
  private final List<String> expected = new ArrayList<>();

  @BeforeEach
  void connect() {
    LabNetwork.obstacle().ifPresent(Assumptions::abort);
    assumeTrue(Keepalived.find().isPresent(), "keepalived is not installed");
    workspace = Workspace.create();
    network = LabNetwork.of("router", "other");
    host = network.host("router");
    directory = workspace.directory("told");
  }

  @AfterEach
  void close() {
    Optional.ofNullable(workspace).ifPresent(Workspace::close);
    Optional.ofNullable(network).ifPresent(LabNetwork::close);
  }

  private static final String GLOBAL =
      """
      global_defs {
        notify_fifo DIR/all
        vrrp_notify_fifo DIR/vrrp
        vrrp_notify_priority_changes
        script_user root
      }
      track_file priority {
        file DIR/priority
      }
      track_file fault {
        file DIR/fault
        weight 0
      }
      track_file group_fault {
        file DIR/group_fault
        weight 0
      }
      vrrp_sync_group G {
        group {
          VI_2
          VI_3
        }
        notify "/usr/bin/env DIR/script DIR/group"
      }
      vrrp_instance VI_1 {
        interface eth0
        virtual_router_id 51
        priority 100
        advert_int 1
        track_file {
          priority weight 1
          fault weight 0
        }
        notify "/usr/bin/env DIR/script DIR/instance"
        notify_master_rx_lower_pri "/usr/bin/env DIR/script DIR/lower"
        virtual_ipaddress {
          10.77.0.100
        }
      }
      vrrp_instance VI_2 {
        interface eth0
        virtual_router_id 52
        priority 170
        virtual_ipaddress {
          10.77.0.102
        }
      }
      vrrp_instance VI_3 {
        interface eth0
        virtual_router_id 53
        priority 180
        track_file {
          group_fault weight 0
        }
        virtual_ipaddress {
          10.77.0.103
        }
      }
      """;
  private static final String REMOVED =
      """
      vrrp_instance VI_4 {
        interface eth0
        virtual_router_id 54
        priority 250
        notify "/usr/bin/env DIR/script DIR/removed"
        notify_fault "/usr/bin/env DIR/script DIR/removed fault"
        notify_stop "/usr/bin/env DIR/script DIR/removed stop"
        virtual_ipaddress {
          10.77.0.104
        }
      }
      """;

  private String text(String text) {
    return text.replace("DIR", directory.toString());
  }

  private void write(String name, String text) throws IOException {
    // Moved there, so that nobody reads half of it.
    var part = Files.writeString(directory.resolve(name + ".part"), text);
    Files.move(part, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private String read(String name) {
    try {
      return Files.readString(directory.resolve(name));
    } catch (IOException notYet) {
      return "";
    }
  }

  /** Waits until both pipes have said this, after all that they have said before. */
  private void said(String... lines) {
    expected.addAll(List.of(lines));
    var all = String.join("\n", expected) + "\n";
    for (var pipe : List.of("all", "vrrp")) {
      await(pipe)
          .atMost(LONG_ENOUGH)
          .untilAsserted(() -> assertThat(read(pipe + ".lines")).isEqualTo(all));
    }
  }

  private void hears(int priority) {
    try (var injector = Injector.on(network.host("other"))) {
      injector.send(CraftedAdvert.version2(priority).frame(network.host("other")));
    }
  }

  @ParameterizedTest
  @EnumSource
  void bothWriteTheSame(Who who) throws Exception {
    write("priority", "0");
    write("fault", "0");
    write("group_fault", "0");
    write("script", "#!/bin/sh\nout=$1\nshift\necho \"$@\" >> $out\n");
    host.run("chmod", "755", directory.resolve("script").toString());
    for (var pipe : List.of("all", "vrrp")) {
      var path = directory.resolve(pipe).toString();
      host.run("mkfifo", path);
      host.start(
          workspace, List.of("/bin/sh", "-c", "exec cat <> " + path + " > " + path + ".lines"));
    }
    var file = Files.writeString(directory.resolve("k.conf"), text(GLOBAL + REMOVED));
    var process = start(who, file);

    begins();
    changesPriority();
    faults();
    Files.writeString(file, text(GLOBAL));
    host.run("kill", "-HUP", Long.toString(process.pid()));
    said("INSTANCE \"VI_4\" FAULT 250");
    host.run("kill", "-TERM", Long.toString(process.pid()));
    await("ended").atMost(LONG_ENOUGH).until(() -> !process.isAlive());
    ends();
    scripts();
  }

  private RunningProcess start(Who who, Path file) {
    if (who == Who.KEEPALIVED) {
      var command = new ArrayList<>(Keepalived.find().orElseThrow().command(workspace, ""));
      command.replaceAll(word -> word.startsWith("--use-file=") ? "--use-file=" + file : word);
      command.add("--vrrp");
      return host.start(workspace, command);
    }
    return host.start(workspace, RunJvm.command("run", file.toString(), "--vrrp"));
  }

  /** Who is ready first is another matter: an instance of lvs4j waits for its own trackers. */
  private void begins() {
    var ready =
        List.of(
            "GROUP \"G\" BACKUP 0",
            "INSTANCE \"VI_1\" BACKUP 100",
            "INSTANCE \"VI_2\" BACKUP 170",
            "INSTANCE \"VI_3\" BACKUP 180",
            "INSTANCE \"VI_4\" BACKUP 250");
    await("ready").atMost(LONG_ENOUGH).until(() -> first(ready.size()).size() == ready.size());
    assertThat(first(ready.size())).containsExactlyInAnyOrderElementsOf(ready);
    expected.addAll(first(ready.size()));
    said(
        "INSTANCE \"VI_4\" MASTER 250",
        "INSTANCE \"VI_2\" MASTER 170",
        "INSTANCE \"VI_3\" MASTER 180",
        "GROUP \"G\" MASTER 0",
        "INSTANCE \"VI_1\" MASTER 100");
  }

  private List<String> first(int lines) {
    return read("all.lines").lines().limit(lines).toList();
  }

  private void changesPriority() throws IOException {
    write("priority", "20");
    said("INSTANCE \"VI_1\" MASTER_PRIORITY 120");
    hears(50);
    said("INSTANCE \"VI_1\" MASTER_RX_LOWER_PRI 120");
    hears(200);
    said("INSTANCE \"VI_1\" BACKUP 120", "INSTANCE \"VI_1\" MASTER 120");
  }

  private void faults() throws IOException {
    write("fault", "1");
    said("INSTANCE \"VI_1\" FAULT 120");
    write("priority", "5");
    said("INSTANCE \"VI_1\" BACKUP_PRIORITY 105");
    write("fault", "0");
    said("INSTANCE \"VI_1\" BACKUP 105", "INSTANCE \"VI_1\" MASTER 105");
    write("priority", "0");
    said("INSTANCE \"VI_1\" MASTER_PRIORITY 100");
    write("group_fault", "1");
    said("INSTANCE \"VI_3\" FAULT 180", "INSTANCE \"VI_2\" FAULT 170", "GROUP \"G\" FAULT 0");
    write("group_fault", "0");
    said(
        "INSTANCE \"VI_3\" BACKUP 180",
        "INSTANCE \"VI_2\" BACKUP 170",
        "GROUP \"G\" BACKUP 0",
        "INSTANCE \"VI_2\" MASTER 170",
        "INSTANCE \"VI_3\" MASTER 180",
        "GROUP \"G\" MASTER 0");
  }

  /** Who ends first is another matter: a master of lvs4j waits for its successor. */
  private void ends() {
    var before = String.join("\n", expected) + "\n";
    for (var pipe : List.of("all", "vrrp")) {
      await(pipe)
          .atMost(LONG_ENOUGH)
          .untilAsserted(() ->
              assertThat(read(pipe + ".lines").substring(before.length()).lines())
                  .containsExactlyInAnyOrder(
                      "INSTANCE \"VI_1\" STOP 100",
                      "INSTANCE \"VI_2\" STOP 170",
                      "INSTANCE \"VI_3\" STOP 180",
                      "GROUP \"G\" STOP 0"));
    }
  }

  private void scripts() {
    assertThat(read("instance").lines())
        .containsExactly(
            "INSTANCE VI_1 BACKUP 100",
            "INSTANCE VI_1 MASTER 100",
            "INSTANCE VI_1 BACKUP 120",
            "INSTANCE VI_1 MASTER 120",
            "INSTANCE VI_1 FAULT 120",
            "INSTANCE VI_1 BACKUP 105",
            "INSTANCE VI_1 MASTER 105",
            "INSTANCE VI_1 STOP 100");
    assertThat(read("group").lines())
        .containsExactly(
            "GROUP G BACKUP 0",
            "GROUP G MASTER 0",
            "GROUP G FAULT 0",
            "GROUP G BACKUP 0",
            "GROUP G MASTER 0",
            "GROUP G STOP 0");
    assertThat(read("removed").lines())
        .containsExactly(
            "INSTANCE VI_4 BACKUP 250", "INSTANCE VI_4 MASTER 250", "INSTANCE VI_4 FAULT 250");
    assertThat(read("lower")).isEqualTo("\n");
  }
}
