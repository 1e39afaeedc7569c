package io.lvs4j.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.ProcessRun;
import io.lvs4j.api.Program;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.vrrp.Tracker;
import io.lvs4j.keepalived.model.GlobalDefinitions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Scripts of a file that is for this host: which are run, whom as, and what is said of the rest.
 */
class ScriptsTest {
  private static final String EVERYWHERE =
      """
      global_defs {
      %1$s
      notify_fifo /run/lvs4j-test.fifo
      notify_fifo_script "%2$s fifo"
      }
      vrrp_script chk {
      script "%2$s chk"
      }
      vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
      10.0.0.1
      }
      track_script {
      chk
      }
      notify_master "%2$s master"
      notify "%2$s any"
      }
      virtual_server 10.0.0.1 80 {
      protocol TCP
      quorum_up "%2$s up"
      real_server 10.0.0.2 80 {
      notify_down "%2$s down"
      MISC_CHECK {
      misc_path "%2$s misc"
      }
      }
      }
      """;

  @TempDir private Path directory;
  private Path script;

  @BeforeEach
  void writeScript() throws IOException {
    script = directory.resolve("script.sh");
    Files.writeString(script, "#!/bin/sh\n");
    mode(directory, "rwxr-xr-x");
    mode(script, "rwxr-xr-x");
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private static void assumeRoot() {
    assumeThat(System.getProperty("user.name")).as("needs root").isEqualTo("root");
    assumeThat(Program.hasUser("keepalived_script")).as("keepalived's user").isFalse();
  }

  private static KeepalivedConfiguration read(String text) {
    return KeepalivedReader.builder().build().read("k.conf", text, Path.of("."));
  }

  private KeepalivedConfiguration everywhere(String global) {
    return read(EVERYWHERE.formatted(global, script));
  }

  private static List<Tracker> trackers(KeepalivedConfiguration read) {
    return read.vrrpInstances().getFirst().trackers();
  }

  private static List<ProcessRun> checks(VirtualServer server) {
    return server.realServers().getFirst().healthChecks().stream()
        .map(check -> (ProcessRun) check.probe())
        .toList();
  }

  private static void assertNothingRuns(KeepalivedConfiguration read) {
    assertThat(trackers(read)).isEmpty();
    assertThat(read.vrrpInstances().getFirst().listeners()).hasSize(1);
    var server = read.virtualServers().getFirst();
    assertThat(checks(server)).isEmpty();
    assertThat(server.listeners()).hasSize(1);
    assertThat(read.print().text()).doesNotContain("script.sh");
  }

  private List<String> toldEverywhere(String why) {
    return List.of(
        "k.conf:4:1: error: notify_fifo_script: " + why + "; the program is left out",
        "k.conf:7:1: error: script: " + why + "; the program is left out",
        "k.conf:18:1: error: notify_master: " + why + "; the program is left out",
        "k.conf:19:1: error: notify: " + why + "; the program is left out",
        "k.conf:23:1: error: quorum_up: " + why + "; the program is left out",
        "k.conf:25:1: error: notify_down: " + why + "; the program is left out",
        "k.conf:27:1: error: misc_path: " + why + "; the program is left out");
  }

  private static List<String> told(KeepalivedConfiguration read) {
    return read.diagnostics().stream().map(Object::toString).toList();
  }

  @Test
  void aScriptOfRootThatOthersCanWriteToIsLeftOutWhereverItStands() throws IOException {
    assumeRoot();
    mode(script, "rwxrwxrwx");
    var why = script + ": writable by others (expected: for a program of root, nobody else's)";
    for (var global : List.of("", "enable_script_security", "script_user root")) {
      var read = everywhere(global);
      assertThat(told(read)).containsExactlyInAnyOrderElementsOf(toldEverywhere(why));
      assertNothingRuns(read);
    }
  }

  @Test
  void securityCanBeTurnedOffAndIsMissed() throws IOException {
    assumeRoot();
    mode(script, "rwxrwxrwx");
    var read = everywhere("enable_script_security off");
    assertThat(read.hasErrors()).isFalse();
    assertThat(told(read))
        .hasSize(7)
        .allSatisfy(line ->
            assertThat(line)
                .contains(": warning: ", script + ": writable by others, and it runs as root"));
    assertThat(checks(read.virtualServers().getFirst()))
        .containsExactly(ProcessRun.of(Program.of("" + script, "misc").withoutSecurity()));
  }

  @Test
  void thatSecurityIsOffIsWrittenAndReadAgain() throws IOException {
    assumeRoot();
    mode(script, "rwxrwxrwx");
    var read = everywhere("enable_script_security off");
    var printed = read.print();
    assertThat(printed.text()).startsWith("global_defs {\n  enable_script_security off\n");
    assertThat(printed.losses()).isEmpty();
    var again = KeepalivedReader.builder().build().read("again.conf", printed.text(), directory);
    assertThat(again.hasErrors()).isFalse();
    assertThat(again.virtualServers()).isEqualTo(read.virtualServers());
    assertThat(again.vrrpInstances()).isEqualTo(read.vrrpInstances());
  }

  @Test
  void scriptsOfWhichSomeAreInsecureAreAllWrittenAsSecure() {
    var server =
        VirtualServer.tcp("10.0.0.1", 80)
            .healthCheck(HealthCheck.of(ProcessRun.of(Program.of("/bin/true").withoutSecurity())))
            .healthCheck(HealthCheck.of(ProcessRun.of(Program.of("/bin/false"))))
            .realServer("10.0.0.2", 80)
            .build();
    var printed =
        KeepalivedConfiguration.of(GlobalDefinitions.NONE, List.of(server), List.of(), List.of())
            .print();
    assertThat(printed.text()).doesNotContain("enable_script_security");
    assertThat(printed.losses())
        .extracting(Object::toString)
        .containsExactly(
            "enable_script_security: off for some programs (expected: the same for all; it is on"
                + " for those too)");
  }

  @Test
  void scriptsRunAsTheirUser() throws IOException {
    assumeRoot();
    mode(script, "rwxrwxrwx");
    var read = everywhere("script_user nobody daemon");
    assertThat(told(read)).isEmpty();
    var program = Program.of("" + script, "chk").user("nobody:daemon");
    assertThat(trackers(read)).containsExactly(Tracker.script("chk", program));
    assertThat(checks(read.virtualServers().getFirst()))
        .containsExactly(ProcessRun.of("" + script, "misc").user("nobody:daemon"));
    assertThat(read.print().text())
        .contains(
            "notify_master \"" + script + " master\" nobody daemon\n",
            "quorum_up \"" + script + " up\" nobody daemon\n",
            "user nobody daemon\n");
  }

  @Test
  void aScriptsOwnUserIsNearerThanThatOfAll() throws IOException {
    assumeRoot();
    var read =
        read(
            """
            global_defs {
            script_user root
            }
            vrrp_script chk {
            user nobody
            script %1$s
            }
            vrrp_instance VI_1 {
            interface eth0
            virtual_router_id 51
            virtual_ipaddress {
            10.0.0.1
            }
            track_script {
            chk
            }
            notify_backup %1$s nobody daemon
            }
            """
                .formatted(script));
    assertThat(told(read)).isEmpty();
    assertThat(trackers(read))
        .containsExactly(Tracker.script("chk", Program.of("" + script).user("nobody")));
    assertThat(read.print().text()).contains("notify_backup \"" + script + "\" nobody daemon\n");
  }

  @Test
  void usersAndProgramsThatAreNotThereAreTold() throws IOException {
    assumeRoot();
    assertThat(told(everywhere("script_user no-such-user")))
        .containsExactlyInAnyOrderElementsOf(toldEverywhere(script + ": no user no-such-user"));
    Files.delete(script);
    var read = everywhere("");
    assertThat(told(read))
        .containsExactlyInAnyOrderElementsOf(toldEverywhere(script + ": no such file"));
    assertNothingRuns(read);
  }

  @Test
  void aWordThatBeginsAsTheOpeningOfAFileGoesToAShell() {
    var read =
        read(
            """
            vrrp_script up {
            script "</dev/null"
            }
            vrrp_instance VI_1 {
            interface eth0
            virtual_router_id 51
            virtual_ipaddress {
            10.0.0.1
            }
            track_script {
            up
            }
            }
            """);
    assertThat(told(read)).isEmpty();
    assertThat(trackers(read)).containsExactly(Tracker.script("up", "/bin/sh", "-c", "</dev/null"));
  }
}
