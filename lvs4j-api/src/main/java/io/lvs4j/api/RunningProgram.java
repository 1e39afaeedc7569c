package io.lvs4j.api;

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
public final class RunningProgram {
  static final File NOWHERE = new File("/dev/null");

  /** Of util-linux; the one of busybox can't change the user. */
  static final Optional<String> SETPRIV =
      find("setpriv").filter(path -> !realName(path).equals("busybox"));

  private static final Optional<String> SETSID = find("setsid");

  /** Pipes and redirections of a start, and some to spare for others meanwhile. */
  private static final int DESCRIPTORS_OF_A_START = 24;

  private final Process process;
  private final boolean grouped;

  private RunningProgram(Process process, boolean grouped) {
    this.process = process;
    this.grouped = grouped;
  }

  private static Optional<String> find(String program) {
    return Stream.of("/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/")
        .map(directory -> directory + program)
        .filter(path -> Files.isExecutable(Path.of(path)))
        .findFirst();
  }

  private static String realName(String path) {
    try {
      return String.valueOf(Path.of(path).toRealPath().getFileName());
    } catch (IOException unreadable) {
      return path;
    }
  }

  /** Tells that a program isn't run as it is: see {@link Program#refusal()}. */
  public static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1;

    private final boolean absent;

    private RefusedException(String why, boolean absent) {
      super(why);
      this.absent = absent;
    }

    /** Returns whether the program isn't there, or can't be executed. */
    public boolean isAbsent() {
      return absent;
    }
  }

  /**
   * Starts a program; its input is empty and its output is thrown away.
   *
   * @throws RefusedException if it isn't to be run as it is
   * @throws IOException if the system can't start it now
   */
  public static RunningProgram start(Program program) throws IOException {
    requireDescriptors();
    var file = ProgramFile.of(program);
    if (file.refusal().isPresent()) {
      throw new RefusedException(file.refusal().get(), file.isAbsent());
    }
    var whole = new ArrayList<String>();
    SETSID.ifPresent(whole::add);
    if (program.user().isPresent() && !file.account().equals(Account.self())) {
      whole.addAll(asUser(file.account()));
    }
    whole.add(file.path().toString());
    whole.addAll(program.command().subList(1, program.command().size()));
    var process =
        new ProcessBuilder(whole)
            .redirectInput(Redirect.from(NOWHERE))
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD)
            .start();
    return new RunningProgram(process, SETSID.isPresent());
  }

  /** By numbers, which are those that were looked at. */
  private static List<String> asUser(Account account) {
    return List.of(
        SETPRIV.orElseThrow(),
        "--reuid=" + Integer.toUnsignedString(account.uid()),
        "--regid=" + Integer.toUnsignedString(account.gid()),
        "--init-groups",
        "--");
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

  /** Waits for the program to end; returns whether it has. */
  public boolean awaitEnd(Duration timeout) throws InterruptedException {
    return process.waitFor(timeout.toNanos(), NANOSECONDS);
  }

  /** Returns the status that the program ended with. */
  public int status() {
    return process.exitValue();
  }

  /** Asks the program to end by SIGTERM, and after the grace by SIGKILL; returns when it has. */
  public void end(Duration grace) throws InterruptedException {
    terminate();
    process.waitFor(grace.toNanos(), NANOSECONDS);
    kill();
    process.waitFor();
  }

  /** Asks the program, and all that it has started, to end by SIGTERM. */
  public void terminate() {
    signal("TERM");
  }

  /** Ends the program, and all that it has started, by SIGKILL. */
  public void kill() {
    signal("KILL");
  }

  private void signal(String name) {
    var descendants = process.descendants().toList();
    if (grouped && signalGroup(name)) {
      return;
    }
    // The program first: a script that outlives its command goes on to the next one.
    boolean kill = name.equals("KILL");
    Stream.concat(Stream.of(process.toHandle()), descendants.stream())
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
              .redirectInput(Redirect.from(NOWHERE))
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.DISCARD)
              .start();
      return kill.onExit().join().exitValue() == 0 || !process.isAlive();
    } catch (IOException noShell) {
      return false;
    }
  }
}
