package io.lvs4j.lab.peer;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A program that is installed on this host.
 *
 * @param name what it is called by
 * @param path where it is
 */
public record Program(String name, Path path) {
  private static final List<String> SYSTEM_DIRECTORIES =
      List.of("/usr/local/sbin", "/usr/sbin", "/sbin");

  /** Looks for a program on PATH and where Debian keeps daemons, which is on root's PATH only. */
  public static Optional<Program> find(String name) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.concat(Stream.of(path.split(File.pathSeparator)), SYSTEM_DIRECTORIES.stream())
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst()
        .map(found -> new Program(name, found));
  }

  /** Returns the command line of this program with these arguments. */
  public List<String> command(String... arguments) {
    var command = new ArrayList<String>();
    command.add(path.toString());
    command.addAll(List.of(arguments));
    return command;
  }

  /** Runs the program and returns all that it printed; for questions such as its version. */
  public String answer(String... arguments) {
    try {
      Process process = new ProcessBuilder(command(arguments)).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String answer =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      process.onExit().join();
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(path + " can't be run", e);
    }
  }

  /** Returns the first line that the program prints when asked in this way for its version. */
  public String version(String argument) {
    return answer(argument).lines().findFirst().orElse(name + " of unknown version");
  }
}
