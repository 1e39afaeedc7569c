package io.lvs4j.lab.seeds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.peer.RunningProcess;
import io.lvs4j.lab.peer.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** {@code lvs4j run} on a host of the lab, in a JVM of its own. */
final class RunProgram implements RunningSeed {
  private static final Duration TO_START = Duration.ofMinutes(2);
  private static final Duration TO_END = Duration.ofMinutes(1);

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
    var process = host.start(workspace, RunJvm.command("run", file.toString()));
    awaitReady(host, process);
    return new RunProgram(process, file);
  }

  /** Waits until a program has said that it is ready. */
  static void awaitReady(Host host, RunningProcess process) {
    await(host.name() + " ready")
        .atMost(TO_START)
        .failFast(() -> {
          if (!process.isAlive()) {
            throw new IllegalStateException(host.name() + " has ended: " + process.log());
          }
        })
        .until(() -> process.log().contains("lvs4j ready"));
  }

  /** Asks a program, or the one within what was started, to end, and waits as long as it takes. */
  static void end(RunningProcess process) {
    var itself = ProcessHandle.of(process.pid()).orElseThrow();
    var java =
        itself
            .descendants()
            .filter(each -> each.info().command().filter(it -> it.endsWith("/java")).isPresent())
            .findFirst()
            .orElse(itself);
    java.destroy();
    await(process + " ended").atMost(TO_END).until(() -> !process.isAlive());
    process.close();
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException refused) {
      throw new UncheckedIOException(refused);
    }
  }

  /** Returns the process. */
  RunningProcess process() {
    return process;
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
    end(process);
    assertThat(log()).endsWith("left");
  }
}
