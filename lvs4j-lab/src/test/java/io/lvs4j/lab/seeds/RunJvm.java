package io.lvs4j.lab.seeds;

import io.lvs4j.lab.peer.Jvm;
import java.util.List;

/** The command that runs {@code lvs4j} in a JVM of its own, from the classes of this one. */
final class RunJvm {
  private RunJvm() {}

  /** Returns it with these arguments, such as {@code run}, {@code keepalived.conf}. */
  static List<String> command(String... arguments) {
    return Jvm.command(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx128m",
            "-Dslf4j.internal.verbosity=ERROR"),
        "io.lvs4j.run.Program",
        List.of(arguments));
  }
}
