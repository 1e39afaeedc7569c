package io.lvs4j.lab.seeds;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The command that runs {@code lvs4j} in a JVM of its own, from the classes of this one. */
final class RunJvm {
  private RunJvm() {}

  /** Returns it with these arguments, such as {@code run}, {@code keepalived.conf}. */
  static List<String> command(String... arguments) {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dslf4j.internal.verbosity=ERROR",
                "-cp",
                // Surefire runs tests from a jar that names the class path in its manifest.
                System.getProperty(
                    "surefire.test.class.path",
                    Objects.requireNonNull(System.getProperty("java.class.path"))),
                "io.lvs4j.run.Program"));
    command.addAll(List.of(arguments));
    return command;
  }
}
