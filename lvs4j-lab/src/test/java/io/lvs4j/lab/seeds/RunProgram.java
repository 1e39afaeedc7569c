package io.lvs4j.lab.seeds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.peer.RunningProcess;
import io.lvs4j.lab.peer.Workspace;
import io.lvs4j.lab.run.RunJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** {@code lvs4j run} on a host of the lab, in a JVM of its own. */
final class RunProgram implements RunningSeed {
  private static final Duration TO_START = Duration.ofMinutes(2);

  private final RunningProcess process;
  private final Path file;

  private RunProgram(RunningProcess process, Path file) {
    this.process = process;
    this.file = file;
  }

  /** Starts it with this configuration, and returns when it is ready. */
  static RunProgram start(Host host, Workspace workspace, String configuration) {
    var file = workspace.directory("run").resolve("keepalived.conf");
    write(file, configuration);
    var command = RunJvm.command("run", file.toString());
    var program = new RunProgram(host.start(workspace, command), file);
    await(host.name() + " ready")
        .atMost(TO_START)
        .failFast(host.name() + " has ended", () -> !program.process.isAlive())
        .until(() -> program.log().startsWith("lvs4j ready"));
    return program;
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException refused) {
      throw new UncheckedIOException(refused);
    }
  }

  /** Returns what it has said. */
  String log() {
    return process.log();
  }

  /** Lets it read another configuration, and waits until it says what came of it. */
  void reload(String configuration) {
    write(file, configuration);
    long before = reloads();
    try {
      var kill = new ProcessBuilder("/bin/sh", "-c", "kill -HUP " + process.pid()).start();
      kill.onExit().join();
    } catch (IOException refused) {
      throw new UncheckedIOException(refused);
    }
    await("reloaded").atMost(TO_START).until(() -> reloads() > before);
  }

  private long reloads() {
    return log().lines().filter(line -> line.contains("reloaded")).count();
  }

  /** Asks it to end, and waits until it says that it has. */
  @Override
  public void stop() {
    process.close();
    assertThat(log()).endsWith("left");
  }
}
