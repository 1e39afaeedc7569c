package io.lvs4j.lab.peer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Optional;
import java.util.regex.Pattern;

/** The bulk transfer meter iperf3. */
public final class Iperf3 {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Pattern RECEIVED =
      Pattern.compile(
          "\"sum_received\":\\s*\\{[^}]*\"bytes\":\\s*(\\d+)[^}]*\"bits_per_second\":\\s*([0-9.e+]+)");

  private final Program program;

  private Iperf3(Program program) {
    this.program = program;
  }

  /** Returns iperf3 if it is installed. */
  public static Optional<Iperf3> find() {
    return Program.find("iperf3").map(Iperf3::new);
  }

  /** Returns its version as it words it. */
  public String version() {
    return program.version("-v");
  }

  /** Which way the bytes go. */
  public enum Direction {
    /** From the client to the server. */
    UP,
    /** From the server to the client. */
    DOWN
  }

  /**
   * What arrived.
   *
   * @param bytes how much
   * @param bitsPerSecond how fast
   */
  public record Report(long bytes, double bitsPerSecond) {}

  /** Starts a server, which serves one client at a time. */
  public RunningProcess server(Workspace workspace, int port) {
    var process =
        workspace.start(
            "iperf3-server",
            program.command(
                "-s",
                "-B",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                "--forceflush",
                // It doesn't wait for good for the rest of a client that has given up.
                "--rcv-timeout",
                "5000",
                "--idle-timeout",
                "5"));
    // Not by a connection of ours: it would be the one client that is served.
    String line;
    do {
      line = process.line();
    } while (!line.startsWith("Server listening"));
    return process;
  }

  /** Transfers as much as goes through to a port of the loopback address, on several streams. */
  public Report transfer(
      Workspace workspace, int port, Direction direction, int streams, Duration duration) {
    var arguments = new ArrayList<String>();
    Collections.addAll(arguments, "-c", "127.0.0.1", "-p", Integer.toString(port), "-J");
    Collections.addAll(arguments, "-P", Integer.toString(streams));
    Collections.addAll(arguments, "-t", Long.toString(duration.toSeconds()));
    if (direction == Direction.DOWN) {
      arguments.add("-R");
    }
    return parse(
        workspace
            .start("iperf3", program.command(arguments.toArray(String[]::new)))
            .finish(duration.plus(PATIENCE)));
  }

  static Report parse(String json) {
    var matcher = RECEIVED.matcher(json);
    if (!matcher.find()) {
      throw new IllegalStateException("iperf3: " + json + " (expected: a member sum_received)");
    }
    return new Report(Long.parseLong(matcher.group(1)), Double.parseDouble(matcher.group(2)));
  }
}
