package io.lvs4j.lab.seeds;

import io.lvs4j.lab.peer.Program;
import io.lvs4j.lab.peer.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a machine of the documents has of its own: processes, {@code /etc/keepalived} and {@code
 * /root}, so that files can be used and scripts run as they stand. A web server goes by the name of
 * httpd, and a script stands for systemctl.
 */
final class Machine {
  private static final Path ETC = Path.of("/etc/keepalived");

  private final Path directory;

  /** Makes it; nothing runs there yet. */
  Machine(Workspace workspace) {
    this.directory = workspace.directory("machine");
    try {
      for (String each : List.of("etc", "root", "bin", "daemons")) {
        Files.createDirectory(directory.resolve(each));
      }
    } catch (IOException refused) {
      throw new UncheckedIOException(directory + " can't be filled", refused);
    }
    put("enter", Seed.file("machine.sh"));
    put("bin/systemctl", Seed.file("systemctl.sh"));
  }

  /** Returns why there can be no such machine here; empty when there can. */
  static Optional<String> obstacle() {
    return Stream.of("unshare", "pkill", "killall", "ps")
        .filter(name -> Program.find(name).isEmpty())
        .map(name -> name + " is not installed (Debian: apt install util-linux procps psmisc)")
        .findFirst()
        .or(() ->
            Files.isDirectory(ETC)
                ? Optional.empty()
                : Optional.of(
                    ETC + " is not there to be covered (Debian: apt install keepalived)"));
  }

  /** Puts a file into {@code /etc/keepalived}; a script can be run by all. */
  Machine file(String name, String text) {
    put("etc/" + name, text);
    return this;
  }

  private void put(String name, String text) {
    try {
      var file = Files.writeString(directory.resolve(name + ".new"), text);
      if (text.startsWith("#!")) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
      // At once: it may be a script that is run meanwhile.
      Files.move(file, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException refused) {
      throw new UncheckedIOException(refused);
    }
  }

  /** Lets a process of this name run there, as far as ps and killall can tell. */
  Machine daemon(String name) {
    try {
      Files.copy(
          Path.of("/bin/sleep"),
          directory.resolve("daemons").resolve(name),
          StandardCopyOption.COPY_ATTRIBUTES);
      return this;
    } catch (IOException refused) {
      throw new UncheckedIOException(refused);
    }
  }

  /** Lets the machine have a web server that answers with a line; nobody has started it yet. */
  Machine website(String line) {
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
      return this;
    } catch (IOException refused) {
      throw new UncheckedIOException(directory + " can't be filled", refused);
    }
  }

  /** Returns the command that runs a program there. */
  List<String> within(List<String> program) {
    var command = new ArrayList<>(List.of("unshare", "--pid", "--fork", "--kill-child"));
    command.addAll(List.of("--mount-proc", directory.resolve("enter").toString()));
    command.add(directory.toString());
    command.addAll(program);
    return command;
  }

  /** Says whether a file is in {@code /etc/keepalived}. */
  boolean has(String name) {
    return Files.exists(directory.resolve("etc").resolve(name));
  }

  /**
   * Returns the lines of a file that scripts have written to {@code /root}, none if they haven't.
   */
  List<String> written(String name) {
    var file = directory.resolve("root").resolve(name);
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
