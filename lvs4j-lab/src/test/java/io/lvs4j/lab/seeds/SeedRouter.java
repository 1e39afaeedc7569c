package io.lvs4j.lab.seeds;

import static org.awaitility.Awaitility.await;

import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.peer.RunningProcess;
import io.lvs4j.lab.peer.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A host with a keepalived.conf, and the program that reads it: keepalived, or lvs4j run. */
final class SeedRouter {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);

  /** Who reads the file. Both only for VRRP: this kernel may have no ip_vs. */
  enum Reader {
    KEEPALIVED {
      @Override
      List<String> command(Path directory) {
        return List.of(
            "keepalived",
            "--vrrp",
            "--dont-fork",
            "--log-console",
            "--log-detail",
            "--no-syslog",
            "--use-file=/etc/keepalived/keepalived.conf",
            "--pid=" + directory.resolve("keepalived.pid"),
            "--vrrp_pid=" + directory.resolve("vrrp.pid"));
      }

      @Override
      boolean isReady(String log) {
        return log.contains("Entering BACKUP STATE");
      }
    },
    LVS4J {
      @Override
      List<String> command(Path directory) {
        return RunJvm.command("run", "/etc/keepalived/keepalived.conf", "--vrrp");
      }

      @Override
      boolean isReady(String log) {
        return log.startsWith("lvs4j ready");
      }
    };

    abstract List<String> command(Path directory);

    abstract boolean isReady(String log);
  }

  private final Workspace workspace;
  private final Host host;
  private final Reader reader;
  private final Machine machine;
  private @Nullable RunningProcess process;

  SeedRouter(Workspace workspace, Host host, Reader reader, Machine machine) {
    this.workspace = workspace;
    this.host = host;
    this.reader = reader;
    this.machine = machine;
  }

  Host host() {
    return host;
  }

  Reader reader() {
    return reader;
  }

  Machine machine() {
    return machine;
  }

  /** Starts it, and doesn't wait. */
  void start() {
    process = host.start(workspace, machine.within(reader.command(workspace.directory("pids"))));
  }

  void awaitReady() {
    await(this + " ready")
        .atMost(LONG_ENOUGH)
        .failFast(this::assertAlive)
        .until(() -> reader.isReady(log()));
  }

  private void assertAlive() {
    if (!present().isAlive()) {
      throw new IllegalStateException(this + ": ended (expected: running); " + log());
    }
  }

  /** Asks it to end, and returns when it has, with what it has started. */
  void stop() {
    program().destroy();
    await(this + " ended").atMost(LONG_ENOUGH).until(() -> !present().isAlive());
  }

  /** Kills it, with no chance to say goodbye. */
  void kill() {
    present().kill();
  }

  /** Returns the processes of a program of the host, by the file that each was started from. */
  List<ProcessHandle> processes(String program) {
    return descendants().filter(each -> runs(each, program)).toList();
  }

  /** Kills a program of the host, its children too. */
  void kill(String program) {
    var killed = processes(program);
    killed.forEach(ProcessHandle::destroyForcibly);
    await(program + " killed")
        .atMost(LONG_ENOUGH)
        .until(() -> processes(program).stream().noneMatch(killed::contains));
  }

  /** Ends a daemon of the host that scripts look for. */
  void end(String daemon) {
    descendant(each -> runs(each, daemon)).destroy();
  }

  /** keepalived has a process for VRRP besides, of the same name. */
  private ProcessHandle program() {
    Predicate<ProcessHandle> isOne = each -> runs(each, "java") || runs(each, "keepalived");
    return descendant(isOne.and(each -> each.parent().filter(isOne).isEmpty()));
  }

  private static boolean runs(ProcessHandle process, String name) {
    return process.info().command().filter(command -> command.endsWith("/" + name)).isPresent();
  }

  private ProcessHandle descendant(Predicate<ProcessHandle> which) {
    return await("a process of " + host.name())
        .atMost(LONG_ENOUGH)
        .until(() -> descendants().filter(which).findFirst(), Optional::isPresent)
        .orElseThrow();
  }

  private Stream<ProcessHandle> descendants() {
    return ProcessHandle.of(present().pid()).stream().flatMap(ProcessHandle::descendants);
  }

  String log() {
    return present().log();
  }

  private RunningProcess present() {
    if (process == null) {
      throw new IllegalStateException(this + ": not started");
    }
    return process;
  }

  @Override
  public String toString() {
    return reader + " on " + host.name();
  }
}
