package io.lvs4j.lab.peer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Runs a program in a JVM of its own: the same Java, with the same classes, as here. */
public final class Jvm {
  private Jvm() {}

  /** Returns the command. */
  public static List<String> command(List<String> options, Class<?> main, String... arguments) {
    return command(options, main.getName(), List.of(arguments));
  }

  /**
   * Returns the command.
   *
   * @param options for the JVM, such as {@code -Xmx64m}
   * @param main the name of the class
   * @param arguments for the program
   */
  public static List<String> command(List<String> options, String main, List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.addAll(options);
    command.addAll(List.of("-cp", classPath(), main));
    command.addAll(arguments);
    return command;
  }

  // Surefire runs tests from a jar that names the class path in its manifest.
  private static String classPath() {
    return System.getProperty(
        "surefire.test.class.path",
        Objects.requireNonNull(System.getProperty("java.class.path"), "java.class.path"));
  }
}
