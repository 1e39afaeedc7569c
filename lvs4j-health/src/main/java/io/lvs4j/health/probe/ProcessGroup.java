package io.lvs4j.health.probe;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A program that was started, and all that it starts: a session and process group of its own where
 * there is setsid(1), which makes itself one and becomes the program.
 */
final class ProcessGroup {
  private static final Optional<String> SETSID = find("setsid");
  private static final Optional<String> RUNUSER = find("runuser");

  private static final File NOWHERE = new File("/dev/null");

  /** Pipes and redirections of a start, and some to spare for others meanwhile. */
  private static final int DESCRIPTORS_OF_A_START = 24;

  private final Process process;
  private final boolean grouped;

  private ProcessGroup(Process process, boolean grouped) {
    this.process = process;
    this.grouped = grouped;
  }

  private static Optional<String> find(String program) {
    return Stream.of("/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/")
        .map(directory -> directory + program)
        .filter(path -> Files.isExecutable(Path.of(path)))
        .findFirst();
  }

  /**
   * Starts a program; its input is empty and its output is thrown away.
   *
   * @param user whom to run it as, {@code user} or {@code user:group}
   * @throws IOException if it can't be started, or can't be run as that user
   */
  static ProcessGroup start(List<String> command, Optional<String> user) throws IOException {
    requireProgram(command.getFirst());
    requireDescriptors();
    var whole = new ArrayList<String>();
    SETSID.ifPresent(whole::add);
    if (user.isPresent()) {
      whole.addAll(asUser(user.get()));
    }
    whole.addAll(command);
    var process =
        new ProcessBuilder(whole)
            .redirectInput(Redirect.from(NOWHERE))
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD)
            .start();
    return new ProcessGroup(process, SETSID.isPresent());
  }

  /** Says by an exception what setsid would say to nobody by its status. */
  private static void requireProgram(String program) throws IOException {
    if (program.contains("/") && !Files.isExecutable(Path.of(program))) {
      throw new IOException(
          program + (Files.exists(Path.of(program)) ? ": not executable" : ": no such file"));
    }
  }

  /**
   * Throws where a start would run out of descriptors in its middle. A JDK 25 on Linux then closes
   * descriptor 0, whatever that is in this process: at first its standard input, later perhaps
   * somebody's connection.
   */
  private static void requireDescriptors() throws IOException {
    if (!NOWHERE.exists()) {
      return;
    }
    var reserved = new ArrayList<FileInputStream>();
    try {
      for (int i = 0; i < DESCRIPTORS_OF_A_START; i++) {
        reserved.add(new FileInputStream(NOWHERE));
      }
    } finally {
      for (var each : reserved) {
        each.close();
      }
    }
  }

  private static List<String> asUser(String user) throws IOException {
    if (RUNUSER.isEmpty() || !ProcessHandle.current().info().user().orElse("").equals("root")) {
      throw new IOException("can't run as " + user + " (needs root and runuser of util-linux)");
    }
    var parts = user.split(":", 2);
    var prefix = new ArrayList<>(List.of(RUNUSER.get(), "-u", parts[0]));
    if (parts.length > 1) {
      prefix.addAll(List.of("-g", parts[1]));
    }
    prefix.add("--");
    return prefix;
  }

  /** Says whether a program could not be started because the system had nothing left for it. */
  static boolean isLackOfResources(IOException refused) {
    return Wording.isLackOfResources(refused) || Wording.message(refused).contains("can't run as");
  }

  /** Waits for the program to end; says whether it has. */
  boolean awaitEnd(Duration timeout) throws InterruptedException {
    return process.waitFor(timeout.toNanos(), NANOSECONDS);
  }

  int status() {
    return process.exitValue();
  }

  /** Asks the program to end by SIGTERM, and after the grace by SIGKILL; returns when it has. */
  void end(Duration grace) throws InterruptedException {
    signal("TERM", process.descendants().toList());
    process.waitFor(grace.toNanos(), NANOSECONDS);
    kill();
    process.waitFor();
  }

  /** Ends the program, and all that it has started, by SIGKILL. */
  void kill() {
    signal("KILL", process.descendants().toList());
  }

  private void signal(String name, List<ProcessHandle> descendants) {
    if (grouped && signalGroup(name)) {
      return;
    }
    boolean kill = name.equals("KILL");
    Stream.concat(descendants.stream(), Stream.of(process.toHandle()))
        .forEach(each -> {
          var _ = kill ? each.destroyForcibly() : each.destroy();
        });
  }

  /** The shell is one of POSIX for the sake of its kill; nothing of the configuration goes in. */
  private boolean signalGroup(String name) {
    try {
      var kill =
          new ProcessBuilder(
                  "/bin/sh", "-c", "kill -s \"$1\" -- \"-$2\"", "sh", name, "" + process.pid())
              .redirectInput(Redirect.from(new File("/dev/null")))
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.DISCARD)
              .start();
      return kill.onExit().join().exitValue() == 0 || !process.isAlive();
    } catch (IOException noShell) {
      return false;
    }
  }
}
