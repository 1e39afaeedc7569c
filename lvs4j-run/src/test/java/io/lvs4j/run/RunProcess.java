package io.lvs4j.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The program in a JVM of its own. */
final class RunProcess implements AutoCloseable {
  private static final int PATIENCE = 60;

  private final Process process;
  private final Path output;
  private final Path errors;

  private RunProcess(Process process, Path output, Path errors) {
    this.process = process;
    this.output = output;
    this.errors = errors;
  }

  static RunProcess start(Path directory, String... arguments) throws IOException {
    return start("256m", directory, List.of(), arguments);
  }

  /** Starts it by another program, given with its arguments. */
  static RunProcess start(Path directory, List<String> starter, String... arguments)
      throws IOException {
    return start("256m", directory, starter, arguments);
  }

  /** Starts it with a heap that can't grow beyond this size. */
  static RunProcess startWithin(String heap, Path directory, String... arguments)
      throws IOException {
    return start(heap, directory, List.of(), arguments);
  }

  private static RunProcess start(
      String heap, Path directory, List<String> starter, String... arguments) throws IOException {
    var output = Files.createTempFile(directory, "out", ".txt");
    var errors = Files.createTempFile(directory, "err", ".txt");
    var command = new ArrayList<>(starter);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx" + heap,
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            // Surefire runs tests from a jar that names the class path in its manifest.
            System.getProperty(
                "surefire.test.class.path",
                Objects.requireNonNull(System.getProperty("java.class.path"))),
            Program.class.getName()));
    command.addAll(List.of(arguments));
    var process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    return new RunProcess(process, output, errors);
  }

  String errors() {
    return text(errors);
  }

  List<String> lines() {
    return errors().lines().toList();
  }

  String output() {
    return text(output);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  void signal(String name) throws IOException, InterruptedException {
    var kill = new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + process.pid()).start();
    if (kill.waitFor() != 0) {
      throw new IOException("kill -" + name + ": " + process + "; " + errors());
    }
  }

  /** Sends a signal, waits for the end, and returns the status. */
  int end(String signal) throws IOException, InterruptedException {
    signal(signal);
    return ended();
  }

  /** Waits for the end, and returns the status. */
  int ended() throws InterruptedException {
    if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
      throw new IllegalStateException("not ended after " + PATIENCE + " s: " + errors());
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
