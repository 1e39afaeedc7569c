package io.lvs4j.benchmarks.proxy;

import io.lvs4j.lab.peer.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The host that everything runs on.
 *
 * @param kernel name and release
 * @param processor the model
 * @param cores how many this process may use
 * @param java the virtual machine
 * @param files how many files a process may have open
 */
record Machine(String kernel, String processor, int cores, String java, int files) {
  private static final int FILES_IF_UNLIMITED = 1_000_000;

  static Machine here() {
    return new Machine(
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        field(Path.of("/proc/cpuinfo"), "model name\\s*:\\s*").orElse("unknown"),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
        openFiles());
  }

  /** Returns the limit that the processes we start inherit. */
  private static int openFiles() {
    return Program.find("sh")
        .map(shell -> shell.answer("-c", "ulimit -n"))
        .map(limit -> limit.equals("unlimited") ? FILES_IF_UNLIMITED : Integer.parseInt(limit))
        .map(limit -> Math.min(limit, FILES_IF_UNLIMITED))
        .orElse(1024);
  }

  private static Optional<String> field(Path file, String prefix) {
    if (!Files.isReadable(file)) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.matches(prefix + ".*"))
          .findFirst()
          .map(line -> line.replaceFirst(prefix, ""));
    } catch (IOException e) {
      throw new UncheckedIOException(file + " can't be read", e);
    }
  }
}
