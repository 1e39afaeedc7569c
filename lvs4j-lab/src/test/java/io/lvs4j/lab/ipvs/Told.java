package io.lvs4j.lab.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A script that takes down what it is told, and by the program of which name. */
final class Told {
  /** What the program is called that runs the scripts of keepalived. */
  static final String KEEPALIVED = "keepalived";

  /** What the program is called that runs the scripts of lvs4j. */
  static final String LVS4J = "java";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path directory;
  private final Path script;
  private final Map<String, Integer> known = new HashMap<>();

  Told(Path directory) {
    this.directory = directory;
    this.script = directory.resolve("tell");
    try {
      Files.writeString(
          script,
          "#!/bin/sh\nread -r who < /proc/$PPID/comm\necho \"$*\" >> " + directory + "/$who\n");
    } catch (IOException e) {
      throw new UncheckedIOException(script.toString(), e);
    }
    if (!script.toFile().setExecutable(true)) {
      throw new IllegalStateException(script + ": not executable (expected: executable)");
    }
  }

  /** Returns what a virtual server says of quorum in a keepalived.conf. */
  String quorum(String name) {
    return line("quorum_up", name + " quorum_up") + line("quorum_down", name + " quorum_down");
  }

  /** Returns what a real server says of its coming and going in a keepalived.conf. */
  String realServer(String name, int port) {
    return line("notify_up", name + " up " + port) + line("notify_down", name + " down " + port);
  }

  private String line(String keyword, String words) {
    return keyword + " \"" + script + " " + words + "\"\n";
  }

  /** Waits until keepalived and lvs4j have told just this since this was asked before. */
  void bothAre(String when, String... lines) {
    is(KEEPALIVED, when, lines);
    is(LVS4J, when, lines);
  }

  /** Waits until a program has told just this since this was asked before. */
  void is(String program, String when, String... lines) {
    await(when)
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(news(program))
                .as("%s told by %s", when, program)
                .containsExactlyInAnyOrder(lines));
    known.merge(program, lines.length, Integer::sum);
  }

  private List<String> news(String who) throws IOException {
    Path file = directory.resolve(who);
    return Files.exists(file)
        ? Files.readAllLines(file).stream().skip(known.getOrDefault(who, 0)).toList()
        : List.of();
  }
}
