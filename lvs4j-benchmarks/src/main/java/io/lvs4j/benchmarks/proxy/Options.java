package io.lvs4j.benchmarks.proxy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param rounds how often everything is measured
 * @param slice how long a load at full speed is put on; the smaller measurements take half of it
 * @param warmUp for how long lvs4j is under load before the first round
 * @param idleConnections how many connections are held open to weigh one
 * @param peers the contenders, direct aside
 * @param jvm arguments for lvs4j's own JVM
 * @param json where to write the figures
 */
record Options(
    int rounds,
    Duration slice,
    Duration warmUp,
    int idleConnections,
    List<String> peers,
    List<String> jvm,
    Path json) {
  static final List<String> ALL_PEERS = List.of("lvs4j", "haproxy", "nginx");

  static final String USAGE =
      """
      options: --rounds N     how often everything is measured (5)
               --seconds S    how long each load at full speed lasts (4)
               --warm-up S    how long lvs4j is under load before that (25)
               --idle N       how many idle connections are weighed, as far as the limit of open
                              files allows (10000)
               --peers LIST   of lvs4j, haproxy and nginx (all)
               --jvm "ARGS"   arguments for lvs4j's own JVM (none)
               --json FILE    where the figures go (target/proxy-benchmark.json)
      """;

  /**
   * Reads the command line.
   *
   * @return empty when it asks for help
   * @throws IllegalArgumentException when it can't be understood
   */
  static Optional<Options> parse(List<String> arguments, Path target) {
    var options =
        new Options(
            5,
            Duration.ofSeconds(4),
            Duration.ofSeconds(25),
            10_000,
            ALL_PEERS,
            List.of(),
            target.resolve("proxy-benchmark.json"));
    Deque<String> rest = new ArrayDeque<>(arguments);
    while (!rest.isEmpty()) {
      String name = rest.pop();
      if (name.equals("--help")) {
        return Optional.empty();
      }
      options = options.with(name, rest.poll());
    }
    return Optional.of(options);
  }

  private Options with(String name, @Nullable String value) {
    if (value == null) {
      throw new IllegalArgumentException(name + ": nothing (expected: a known option, a value)");
    }
    return switch (name) {
      case "--rounds" ->
          new Options(number(name, value, 1), slice, warmUp, idleConnections, peers, jvm, json);
      case "--seconds" ->
          new Options(rounds, seconds(name, value), warmUp, idleConnections, peers, jvm, json);
      case "--warm-up" ->
          new Options(rounds, slice, seconds(name, value), idleConnections, peers, jvm, json);
      case "--idle" -> new Options(rounds, slice, warmUp, number(name, value, 0), peers, jvm, json);
      case "--peers" ->
          new Options(rounds, slice, warmUp, idleConnections, peers(value), jvm, json);
      case "--jvm" ->
          new Options(rounds, slice, warmUp, idleConnections, peers, words(value, " +"), json);
      case "--json" ->
          new Options(rounds, slice, warmUp, idleConnections, peers, jvm, Path.of(value));
      default -> throw new IllegalArgumentException(name + " (expected: a known option)");
    };
  }

  private static List<String> peers(String value) {
    var peers = words(value, ",");
    for (String peer : peers) {
      if (!ALL_PEERS.contains(peer)) {
        throw new IllegalArgumentException("--peers: " + peer + " (expected: " + ALL_PEERS + ")");
      }
    }
    return peers;
  }

  private static List<String> words(String value, String separator) {
    return List.of(value.strip().split(separator, -1));
  }

  private static Duration seconds(String name, String value) {
    return Duration.ofSeconds(number(name, value, 2));
  }

  private static int number(String name, String value, int least) {
    try {
      int number = Integer.parseInt(value);
      if (number >= least) {
        return number;
      }
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + least + " or more)");
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: a whole number)", e);
    }
  }
}
