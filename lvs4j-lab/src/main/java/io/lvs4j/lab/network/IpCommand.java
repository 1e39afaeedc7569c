package io.lvs4j.lab.network;

import io.lvs4j.lab.peer.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The commands {@code ip} and {@code bridge} of iproute2. */
final class IpCommand {
  private final Program program;
  private final Program bridge;

  private IpCommand(Program program, Program bridge) {
    this.program = program;
    this.bridge = bridge;
  }

  static Optional<IpCommand> find() {
    return Program.find("ip")
        .flatMap(ip -> Program.find("bridge").map(bridge -> new IpCommand(ip, bridge)));
  }

  /** Returns the command line that runs a command in a network namespace. */
  List<String> within(String namespace, List<String> command) {
    var whole = new ArrayList<>(program.command("netns", "exec", namespace));
    whole.addAll(command);
    return whole;
  }

  /**
   * Runs it and returns what it printed.
   *
   * @throws IllegalStateException when it fails, with what it printed
   */
  String run(String arguments) {
    return run(program.command(arguments.split(" ", -1)), List.of());
  }

  /** Runs a command about a bridge. */
  void runBridge(String arguments) {
    run(bridge.command(arguments.split(" ", -1)), List.of());
  }

  /** Runs many, as one process. */
  void batch(List<String> lines) {
    if (!lines.isEmpty()) {
      run(program.command("-batch", "-"), lines);
    }
  }

  /** Runs many in a namespace, as one process. */
  void batch(String namespace, List<String> lines) {
    run(program.command("-n", namespace, "-batch", "-"), lines);
  }

  /** Runs any command with these lines as its input. */
  static String run(List<String> command, List<String> lines) {
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try (var input = process.outputWriter(StandardCharsets.UTF_8)) {
        for (String line : lines) {
          input.write(line + "\n");
        }
      }
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.onExit().join().exitValue();
      if (status != 0) {
        throw new IllegalStateException(
            String.join(" ", command) + ": exit status " + status + " (expected: 0); " + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(String.join(" ", command) + " can't be run", e);
    }
  }
}
