package io.lvs4j.lab.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** The HTTP load generator wrk. */
public final class Wrk {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Prints the figures exactly and on one line; wrk's own words round them. */
  private static final String REPORT =
      """
      done = function(summary, latency, requests)
        local e = summary.errors
        io.write(string.format("wrk-report %d %d %d %d %d %d %d %d %d\\n",
          summary.requests, summary.duration,
          e.connect, e.read, e.write, e.timeout, e.status,
          latency:percentile(50), latency:percentile(99)))
      end
      """;

  private static final Pattern REPORTED =
      Pattern.compile("^wrk-report" + " (\\d+)".repeat(9) + "$", Pattern.MULTILINE);

  private final Program program;

  private Wrk(Program program) {
    this.program = program;
  }

  /** Returns wrk if it is installed. */
  public static Optional<Wrk> find() {
    return Program.find("wrk").map(Wrk::new);
  }

  /** Returns its version as it words it. */
  public String version() {
    return program.version("-v");
  }

  /**
   * A load to be put on an HTTP server of the loopback address.
   *
   * @param port where it listens
   * @param connections how many at a time, each with one request at a time
   * @param duration for how long, in whole seconds
   * @param keptConnections whether a connection carries many requests, or one
   */
  public record Load(int port, int connections, Duration duration, boolean keptConnections) {}

  /**
   * What came of a load.
   *
   * @param requests requests that were answered
   * @param duration how long it really took
   * @param connectErrors connections that were refused
   * @param readErrors connections that broke while an answer was awaited
   * @param writeErrors connections that broke while a request was written
   * @param timeouts requests not answered within 10 s
   * @param badStatuses answers with a status above 399
   * @param median half of the requests were answered within this time
   * @param p99 99 of 100 requests were answered within this time
   */
  public record Report(
      long requests,
      Duration duration,
      long connectErrors,
      long readErrors,
      long writeErrors,
      long timeouts,
      long badStatuses,
      Duration median,
      Duration p99) {
    /** Returns how many requests failed in whatever way. */
    public long failures() {
      return connectErrors + readErrors + writeErrors + timeouts + badStatuses;
    }

    /** Returns requests answered per second. */
    public double requestsPerSecond() {
      return requests / (duration.toNanos() / 1e9);
    }
  }

  /** Puts a load on and waits for its end. */
  public Report run(Workspace workspace, Load load) {
    return report(start(workspace, load), load);
  }

  /** Begins to put a load on; the process is to be given to {@link #report}. */
  public RunningProcess start(Workspace workspace, Load load) {
    Path script = workspace.directory("wrk").resolve("report.lua");
    try {
      Files.writeString(script, REPORT);
    } catch (IOException e) {
      throw new UncheckedIOException(script + " can't be written", e);
    }
    var arguments = new ArrayList<String>();
    Collections.addAll(arguments, "-t1", "-c" + load.connections());
    Collections.addAll(arguments, "-d" + load.duration().toSeconds() + "s", "--timeout", "10s");
    Collections.addAll(arguments, "-s", script.toString());
    if (!load.keptConnections()) {
      Collections.addAll(arguments, "-H", "Connection: close");
    }
    arguments.add("http://127.0.0.1:" + load.port() + "/");
    return workspace.start("wrk", program.command(arguments.toArray(String[]::new)));
  }

  /** Waits for the end of a load and returns what came of it. */
  public static Report report(RunningProcess process, Load load) {
    return parse(process.finish(load.duration().plus(PATIENCE)));
  }

  static Report parse(String output) {
    var matcher = REPORTED.matcher(output);
    if (!matcher.find()) {
      throw new IllegalStateException("wrk: " + output + " (expected: a line wrk-report)");
    }
    long[] figures =
        IntStream.rangeClosed(1, 9).mapToLong(i -> Long.parseLong(matcher.group(i))).toArray();
    return new Report(
        figures[0],
        micros(figures[1]),
        figures[2],
        figures[3],
        figures[4],
        figures[5],
        figures[6],
        micros(figures[7]),
        micros(figures[8]));
  }

  private static Duration micros(long count) {
    return Duration.ofNanos(count * 1000);
  }
}
