package io.lvs4j.lab.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A Linux kernel of our own as a process, with this host's files: a machine with all privileges,
 * without this host's limits, and with modules that its kernel may lack. One processor, and slow:
 * for behaviour, not for speed.
 *
 * <p>It sees this host's files as they are, but can write nowhere except in the workspace that it
 * was started from and in file systems of its own, so it leaves nothing behind.
 */
public final class UserModeLinux {
  private static final Pattern STATUS = Pattern.compile("^guest: exit status (\\d+)$");

  private final Program program;

  private UserModeLinux(Program program) {
    this.program = program;
  }

  /** Looks for Debian's user-mode-linux. */
  public static Optional<UserModeLinux> find() {
    return Program.find("linux.uml").map(UserModeLinux::new);
  }

  /**
   * What a command did in the guest.
   *
   * @param status its exit status
   * @param output all that it printed, standard output and error in one
   */
  public record Result(int status, String output) {}

  /**
   * What the guest is like.
   *
   * @param megabytes its memory
   * @param openFiles how many files a process may have open
   * @param modules what is loaded at the start; the kernel loads by itself what it misses later
   */
  public record Machine(int megabytes, int openFiles, List<String> modules) {}

  /**
   * Boots, runs a command as root with loopback up, and halts. The command finds its directory for
   * temporary files in {@code TMPDIR}.
   *
   * @throws IllegalStateException when the guest takes longer than given or ends before the command
   *     does, with all that was on its console
   */
  public Result run(Workspace workspace, Machine machine, List<String> command, Duration atMost) {
    Path directory = workspace.directory("guest");
    Path init = directory.resolve("init");
    try {
      Files.writeString(init, script(machine, workspace.path(), directory, command));
    } catch (IOException e) {
      throw new UncheckedIOException(init + " can't be written", e);
    }
    if (!init.toFile().setExecutable(true)) {
      throw new IllegalStateException(init + ": not executable (expected: executable)");
    }
    String console =
        workspace
            .start(
                "guest",
                program.command(
                    "mem=" + machine.megabytes() + "M",
                    "rootfstype=hostfs",
                    "rootflags=/",
                    "ro",
                    "init=" + init,
                    "uml_dir=" + directory + "/",
                    "con=null",
                    "con0=null,fd:1",
                    "quiet"))
            .finish(atMost);
    return result(console);
  }

  // Modules come from where the package has them, which modprobe has to be told each time.
  private static String script(
      Machine machine, Path writable, Path directory, List<String> command) {
    return """
    #!/bin/bash
    export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    export HOME=%1$s TMPDIR=%1$s
    mount -t proc proc /proc
    mount -t sysfs sysfs /sys
    mount -t tmpfs tmpfs /run
    mount -t hostfs -o %2$s none %2$s
    mkdir -p /run/modules/lib
    ln -s /usr/lib/uml/modules /run/modules/lib/modules
    printf '#!/bin/sh\\nexec modprobe -d /run/modules "$@"\\n' > /run/modprobe
    chmod +x /run/modprobe
    echo /run/modprobe > /proc/sys/kernel/modprobe
    for module in %3$s; do
      /run/modprobe "$module"
    done
    ip link set lo up
    sysctl -q net.ipv4.ip_local_port_range='1024 65535'
    ulimit -n %4$d
    %5$s
    echo "guest: exit status $?"
    halt -f
    """
        .formatted(
            quoted(directory.toString()),
            quoted(writable.toString()),
            machine.modules().stream().map(UserModeLinux::quoted).collect(Collectors.joining(" ")),
            machine.openFiles(),
            command.stream().map(UserModeLinux::quoted).collect(Collectors.joining(" ")));
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  private static Result result(String console) {
    int status =
        console
            .lines()
            .map(STATUS::matcher)
            .filter(matcher -> matcher.matches())
            .map(MatchResult::group)
            .map(line -> Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1)))
            .findFirst()
            .orElseThrow(() ->
                new IllegalStateException("guest: no exit status (expected: one); " + console));
    return new Result(status, console);
  }
}
