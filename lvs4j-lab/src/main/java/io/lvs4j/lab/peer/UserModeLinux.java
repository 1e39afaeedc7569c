package io.lvs4j.lab.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Linux kernel of our own as a process, with this host's files: a machine with all privileges,
 * without this host's limits, and with modules that its kernel may lack. One processor, and slow:
 * for behaviour, not for speed.
 *
 * <p>It sees this host's files as they are, but can write nowhere except in the workspace that it
 * was started from and in file systems of its own, so it leaves nothing behind.
 *
 * <p>Where gcc is installed it is started with a small library that lets it run on processors with
 * AMX; see whole-state.c.
 */
public final class UserModeLinux {
  private static final Pattern STATUS = Pattern.compile("^guest: exit status (\\d+)$");
  private static final String BOOTED = "guest: booted";
  private static final Duration TO_BOOT = Duration.ofMinutes(5);
  private static final String CURE = "whole-state.c";
  private static final long MEGABYTE = 1 << 20;
  private static final Optional<UserModeLinux> FOUND =
      Program.find("linux.uml")
          .map(program -> new UserModeLinux(program, Program.find("gcc"), List.of()));

  private final Program program;
  private final Optional<Program> compiler;
  private final List<Path> preloaded;
  private final AtomicBoolean hasBooted = new AtomicBoolean();

  private UserModeLinux(Program program, Optional<Program> compiler, List<Path> preloaded) {
    this.program = program;
    this.compiler = compiler;
    this.preloaded = preloaded;
  }

  /** Looks for Debian's user-mode-linux. */
  public static Optional<UserModeLinux> find() {
    return FOUND;
  }

  /** Returns the same on a host whose C library is overlaid by these, the last one innermost. */
  UserModeLinux onHostWith(Path... libraries) {
    return new UserModeLinux(program, compiler, List.of(libraries));
  }

  /** Returns the same on a host without a C compiler. */
  UserModeLinux withoutCompiler() {
    return new UserModeLinux(program, Optional.empty(), preloaded);
  }

  /**
   * No guest boots on this host, so what needs one can't be tried here. Once one has booted in this
   * JVM, the failure of another to do so is an {@link IllegalStateException} instead.
   */
  public static final class NotBootedException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final String console;

    NotBootedException(String reason, String console) {
      super("no User-Mode-Linux guest boots here: " + reason);
      this.console = console;
    }

    /** Returns all that it printed. */
    public String console() {
      return console;
    }
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

  /** Returns how many guests this host's shared memory has room for at a time. */
  public static long guestsThatFit(Machine machine) {
    return sharedMemory()
        .map(room -> room.megabytes() / machine.megabytes())
        .orElse((long) Integer.MAX_VALUE);
  }

  /**
   * Boots, runs a command as root with loopback up, and halts. The command finds its directory for
   * temporary files in {@code TMPDIR}.
   *
   * @throws NotBootedException when the guest doesn't come so far as to begin with the command
   * @throws IllegalStateException when it takes longer than given, or ends before the command does,
   *     with all that was on its console; or when it doesn't boot although others have
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
    sharedMemory()
        .filter(room -> room.megabytes() < machine.megabytes())
        .ifPresent(room -> {
          throw notBooted(
              room.directory()
                  + " has "
                  + room.megabytes()
                  + " MB left (expected: the "
                  + machine.megabytes()
                  + " MB of its memory)",
              "");
        });
    var arguments =
        program.command(
            "mem=" + machine.megabytes() + "M",
            "rootfstype=hostfs",
            "rootflags=/",
            "ro",
            "init=" + init,
            "uml_dir=" + directory + "/",
            "con=null",
            "con0=null,fd:1",
            "quiet");
    var cure = compiler.flatMap(gcc -> cure(gcc, directory));
    var process = workspace.start("guest", preloading(cure, arguments));
    var console = new StringBuilder();
    awaitBoot(process, cure, console);
    hasBooted.set(true);
    return result(console + process.finish(atMost));
  }

  private void awaitBoot(RunningProcess process, Optional<Path> cure, StringBuilder console) {
    var deadline = process.killAfter(TO_BOOT);
    try {
      while (!console.toString().endsWith(BOOTED + "\n")) {
        console.append(process.line()).append('\n');
      }
    } catch (IllegalStateException ended) {
      var printed = console + process.log();
      throw notBooted(reason(printed, cure.isPresent()), printed);
    } finally {
      deadline.interrupt();
    }
  }

  private RuntimeException notBooted(String reason, String console) {
    var failure = new NotBootedException(reason, console);
    return hasBooted.get()
        ? new IllegalStateException(
            failure.getMessage() + ", although another has booted; " + console, failure)
        : failure;
  }

  /** Returns the line of its console that says why, and what to do about it if that is known. */
  private static String reason(String console, boolean cured) {
    var lines = console.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    var registers = lines.stream().filter(line -> line.contains("set fp regs failed")).findFirst();
    if (registers.isPresent()) {
      return registers.get()
          + (cured
              ? ""
              : "; the register state of this processor (AMX) is larger than it knows, for which it"
                  + " needs a library that gcc builds (Debian: apt install gcc libc6-dev)");
    }
    return lines.stream()
        .filter(line -> line.contains("Kernel panic"))
        .findFirst()
        .or(() -> lines.stream().reduce((_, last) -> last))
        .orElse("it ended without a word");
  }

  /** Builds the library that processors with AMX need; empty where the compiler can't. */
  private static Optional<Path> cure(Program gcc, Path directory) {
    Path source = directory.resolve(CURE);
    Path library = directory.resolve("whole-state.so");
    try (var text = UserModeLinux.class.getResourceAsStream(CURE)) {
      Files.write(source, Objects.requireNonNull(text, CURE).readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(source + " can't be written", e);
    }
    gcc.answer("-shared", "-fPIC", "-O2", "-o", library.toString(), source.toString(), "-ldl");
    return Files.exists(library) ? Optional.of(library) : Optional.empty();
  }

  // The variable ends with the process of the kernel: init has an environment of its own.
  private List<String> preloading(Optional<Path> cure, List<String> command) {
    var libraries =
        Stream.of(
                cure.stream().map(Path::toString),
                preloaded.stream().map(Path::toString),
                Stream.of(System.getenv().getOrDefault("LD_PRELOAD", "")))
            .flatMap(each -> each)
            .filter(each -> !each.isEmpty())
            .collect(Collectors.joining(":"));
    if (libraries.isEmpty()) {
      return command;
    }
    var preloading = new ArrayList<>(List.of("env", "LD_PRELOAD=" + libraries));
    preloading.addAll(command);
    return preloading;
  }

  /** Where the guest has its memory, and how much is left there. */
  private record SharedMemory(Path directory, long megabytes) {}

  /** Looks where User-Mode-Linux does; empty where there is no such file system to be filled. */
  private static Optional<SharedMemory> sharedMemory() {
    return Stream.concat(
            Stream.of("TMPDIR", "TMP", "TEMP")
                .map(name -> System.getenv().getOrDefault(name, ""))
                .filter(value -> !value.isEmpty()),
            Stream.of("/dev/shm"))
        .map(Path::of)
        .filter(Files::isDirectory)
        .flatMap(UserModeLinux::temporaryFileSystem)
        .findFirst();
  }

  private static Stream<SharedMemory> temporaryFileSystem(Path directory) {
    try {
      var store = Files.getFileStore(directory);
      return store.type().equals("tmpfs")
          ? Stream.of(new SharedMemory(directory, store.getUsableSpace() / MEGABYTE))
          : Stream.empty();
    } catch (IOException unreadable) {
      return Stream.empty();
    }
  }

  // Modules come from where the package has them, which modprobe has to be told each time.
  private static String script(
      Machine machine, Path writable, Path directory, List<String> command) {
    return """
    #!/bin/bash
    echo "guest: booted"
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
