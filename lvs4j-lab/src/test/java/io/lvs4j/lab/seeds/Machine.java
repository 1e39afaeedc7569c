package io.lvs4j.lab.seeds;

import static org.awaitility.Awaitility.await;

import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.peer.Keepalived;
import io.lvs4j.lab.peer.Program;
import io.lvs4j.lab.peer.RunningProcess;
import io.lvs4j.lab.peer.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A machine as the documents have it, on a host of the lab: with processes, {@code /etc/keepalived}
 * and {@code /root} of its own, so that scripts run as they stand. A web server goes by the name of
 * httpd, and a script stands for systemctl.
 */
final class Machine {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);
  private static final Path ETC = Path.of("/etc/keepalived");

  private final Host host;
  private final Workspace workspace;
  private final Path directory;

  /** Makes it; nothing runs there yet. */
  Machine(Host host, Workspace workspace) {
    this.host = host;
    this.workspace = workspace;
    this.directory = workspace.directory("machine");
    try {
      for (String each : List.of("etc", "root", "bin")) {
        Files.createDirectory(directory.resolve(each));
      }
    } catch (IOException refused) {
      throw new UncheckedIOException(directory + " can't be filled", refused);
    }
    executable(directory.resolve("enter"), Seed.file("machine.sh"));
    executable(directory.resolve("bin/systemctl"), Seed.file("systemctl.sh"));
  }

  /** Returns why there can be no such machine here; empty when there can. */
  static Optional<String> obstacle() {
    return Stream.of("unshare", "pkill", "ps")
        .filter(name -> Program.find(name).isEmpty())
        .map(name -> name + " is not installed (Debian: apt install util-linux procps)")
        .findFirst()
        .or(() ->
            Files.isDirectory(ETC)
                ? Optional.empty()
                : Optional.of(
                    ETC + " is not there to be covered (Debian: apt install keepalived)"));
  }

  /** Puts a file where the machine has {@code /etc/keepalived}, executable by all. */
  void install(String name, String text) {
    executable(directory.resolve("etc").resolve(name), text);
  }

  /** Lets the machine have a web server that answers with a line; nobody has started it yet. */
  void website(String line) {
    try {
      Files.copy(
          Program.find("nginx").orElseThrow().path(),
          directory.resolve("bin/httpd"),
          StandardCopyOption.COPY_ATTRIBUTES);
      Files.writeString(
          directory.resolve("httpd.conf"),
          """
          user root;
          pid httpd.pid;
          error_log httpd.log;
          events {
          }
          http {
            access_log off;
            client_body_temp_path body;
            proxy_temp_path proxy;
            fastcgi_temp_path fastcgi;
            uwsgi_temp_path uwsgi;
            scgi_temp_path scgi;
            server {
              listen 80;
              location / {
                default_type text/plain;
                return 200 "%s\\n";
              }
            }
          }
          """
              .formatted(line));
    } catch (IOException refused) {
      throw new UncheckedIOException(directory + " can't be filled", refused);
    }
  }

  private static void executable(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException refused) {
      throw new UncheckedIOException(file + " can't be written", refused);
    }
    if (!file.toFile().setExecutable(true, false)) {
      throw new IllegalStateException(file + ": not executable (expected: executable)");
    }
  }

  private List<String> within() {
    return List.of(
        "unshare",
        "--pid",
        "--fork",
        "--kill-child",
        "--mount-proc",
        directory.resolve("enter").toString(),
        directory.toString());
  }

  /** Starts {@code lvs4j run} there, and returns when it is ready. */
  Running run(String configuration) {
    return new Running(RunProgram.start(host, workspace, configuration, within()).process());
  }

  /** Starts keepalived there, for the same configuration. */
  Running keepalived(String configuration) {
    var command = new ArrayList<>(within());
    command.addAll(Keepalived.find().orElseThrow().command(workspace, configuration));
    return new Running(host.start(workspace, command));
  }

  /** Returns a file, such as {@code root/haproxy.log}; empty text when there is none. */
  String read(String name) {
    try {
      var file = file(name);
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException refused) {
      throw new UncheckedIOException(name + " can't be read", refused);
    }
  }

  /** Returns where a file of the machine is to be found from outside. */
  Path file(String name) {
    return directory.resolve(name);
  }

  /** What runs on a machine. */
  final class Running {
    private final RunningProcess process;

    private Running(RunningProcess process) {
      this.process = process;
    }

    /** Returns what it has said. */
    String log() {
      return process.log();
    }

    boolean isAlive() {
      return process.isAlive();
    }

    /** Returns the processes of a program on the machine, by the file that it was started from. */
    List<ProcessHandle> processes(String program) {
      return ProcessHandle.of(process.pid()).stream()
          .flatMap(ProcessHandle::descendants)
          .filter(
              each -> each.info().command().filter(it -> it.endsWith("/" + program)).isPresent())
          .toList();
    }

    /** Kills a program, its children too. */
    void kill(String program) {
      var killed = processes(program);
      killed.forEach(ProcessHandle::destroyForcibly);
      await(program + " killed")
          .atMost(LONG_ENOUGH)
          .until(() -> processes(program).stream().noneMatch(killed::contains));
    }

    /**
     * Asks a program to end as {@code systemctl stop keepalived} does; the machine goes with it.
     */
    void stop(String program) {
      // The first of several is the parent of the others.
      processes(program).getFirst().destroy();
      await(program + " ended").atMost(LONG_ENOUGH).until(() -> !process.isAlive());
    }
  }
}
