package io.lvs4j.lab.run;

import io.lvs4j.lab.peer.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a document says is at {@code /etc/keepalived} and {@code /root} of a host, and which daemons
 * run there. A program that is started in it sees these files and these processes and no others of
 * the kind, by namespaces of its own: files can be used as they stand.
 */
final class SeedPlace {
  /**
   * Arguments: the directory for /etc/keepalived, the one for /root, an empty one, and behind --
   * the program. What is in /root stays in sight, but for its files: the program may live there.
   * The shell stays as the first process, so that those which have ended are gone.
   */
  private static final String SCRIPT =
      """
      mount --bind "$1" /etc/keepalived && mount --bind /root "$3" && mount --bind "$2" /root || exit 1
      for each in "$3"/.[!.]* "$3"/*; do
        if [ -d "$each" ]; then
          mkdir -p "/root/${each##*/}" && mount --bind "$each" "/root/${each##*/}" || exit 1
        fi
      done
      for each in nginx httpd; do
        [ -e "/etc/keepalived/$each" ] && "/etc/keepalived/$each" 3600 &
      done
      shift 4
      "$@" &
      wait $!
      """;

  private final Path etc;
  private final Path root;
  private final Path hidden;

  SeedPlace(Workspace workspace) {
    this.etc = workspace.directory("etc");
    this.root = workspace.directory("root");
    this.hidden = workspace.directory("hidden");
  }

  /** Puts a file into /etc/keepalived. */
  SeedPlace file(String name, String text) {
    try {
      var file = Files.writeString(etc.resolve(name + ".new"), text);
      if (text.startsWith("#!")) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
      // At once: it may be a script that is run meanwhile.
      Files.move(file, etc.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      return this;
    } catch (IOException refused) {
      throw new UncheckedIOException(refused);
    }
  }

  /** Lets a process of this name run there, as far as ps and killall can tell. */
  SeedPlace daemon(String name) {
    try {
      Files.copy(Path.of("/bin/sleep"), etc.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
      return this;
    } catch (IOException refused) {
      throw new UncheckedIOException(refused);
    }
  }

  /** Returns the command that runs a program here. */
  List<String> within(List<String> program) {
    var command = new ArrayList<>(List.of("unshare", "--pid", "--fork", "--kill-child"));
    command.addAll(List.of("--mount-proc", "sh", "-c", SCRIPT, "sh"));
    Stream.of(etc, root, hidden).map(Path::toString).forEach(command::add);
    command.add("--");
    command.addAll(program);
    return command;
  }

  /** Returns the lines of a file that scripts have written to /root, none if they haven't. */
  List<String> written(String name) {
    var file = root.resolve(name);
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
