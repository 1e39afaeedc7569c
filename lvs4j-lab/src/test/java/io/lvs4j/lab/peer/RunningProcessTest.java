package io.lvs4j.lab.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RunningProcessTest {
  private final Workspace workspace = Workspace.create();

  @AfterEach
  void close() {
    workspace.close();
  }

  @Test
  void aWorkspaceEndsItsProcessesAndLeavesNothingBehind() {
    var process = workspace.start("cat", List.of("cat"));
    Path directory = workspace.directory("empty").getParent();
    workspace.close();
    assertThat(process.isAlive()).isFalse();
    assertThat(directory).doesNotExist();
    assertThatThrownBy(() -> workspace.start("cat", List.of("cat")))
        .hasMessageContaining("expected: an open workspace");
  }

  @Test
  void killingAProcessKillsWhatItHasStarted() {
    var process = workspace.start("shell", List.of("sh", "-c", "sleep 1000 & echo $!; wait"));
    var child = ProcessHandle.of(Long.parseLong(process.line())).orElseThrow();
    process.kill();
    assertThat(child.isAlive()).isFalse();
    assertThat(process.isAlive()).isFalse();
  }

  @Test
  void aProcessThatIgnoresTheRequestToEndIsKilled() {
    var process =
        workspace.start(
            "stubborn", List.of("sh", "-c", "trap '' TERM; echo ready; exec sleep 1000"));
    assertThat(process.line()).isEqualTo("ready");
    process.close();
    assertThat(process.isAlive()).isFalse();
  }

  @Test
  void aLineSentIsAnsweredByALine() {
    assertThat(workspace.start("cat", List.of("cat")).ask("hello")).isEqualTo("hello");
  }

  @Test
  void aFailedCommandIsReportedWithWhatItSaid() {
    var process = workspace.start("failing", List.of("sh", "-c", "echo because >&2; exit 7"));
    assertThatThrownBy(() -> process.finish(Duration.ofSeconds(10)))
        .hasMessageContaining("exit status 7")
        .hasMessageContaining("because");
  }

  @Test
  void aCommandThatTakesTooLongIsKilled() {
    var process = workspace.start("slow", List.of("sleep", "1000"));
    assertThatThrownBy(() -> process.finish(Duration.ofMillis(50)))
        .hasMessageContaining("exit status 137");
  }

  @Test
  void aProcessThatEndsInsteadOfListeningIsReportedAtOnce() {
    var process = workspace.start("failing", List.of("sh", "-c", "echo because >&2; exit 7"));
    assertThatThrownBy(() -> process.awaitListening(FreePorts.next()))
        .hasStackTraceContaining("because");
  }

  @Test
  void usageGrowsWithTheWorkOfAProcessAndOfItsChildren() {
    assumeTrue(Files.exists(Path.of("/proc/self/stat")), "no /proc on this system");
    var process =
        workspace.start("busy", List.of("sh", "-c", "(while :; do :; done) & echo begun; wait"));
    process.line();
    await()
        .untilAsserted(
            () -> assertThat(process.usage().cpu()).isGreaterThan(Duration.ofMillis(50)));
    assertThat(process.usage().residentBytes()).isPositive();
  }
}
