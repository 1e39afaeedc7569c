package io.lvs4j.benchmarks.failover;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param rounds how often each fault befalls each contender at each interval
 * @param intervals the times between two adverts
 * @param instances how many instances are weighed on one interface; 0 for none
 * @param weighing for how long
 * @param jvm arguments for lvs4j's own JVMs
 * @param json where to write the figures
 */
record Options(
    int rounds,
    List<Duration> intervals,
    int instances,
    Duration weighing,
    List<String> jvm,
    Path json) {
  static final String USAGE =
      """
      options: --rounds N     how often each fault befalls each contender (10); 0 for none
               --adverts LIST times between two adverts, in milliseconds (1000,100,10)
               --instances N  how many instances are weighed on one interface, up to 255 (255);
                              0 for none
               --seconds S    for how long they are weighed (60)
               --jvm "ARGS"   arguments for lvs4j's own JVMs (none)
               --json FILE    where the figures go (target/failover-benchmark.json)
      """;

  private static final int MOST_INSTANCES = 255;

  /**
   * Reads the command line.
   *
   * @return empty when it asks for help
   * @throws IllegalArgumentException when it can't be understood
   */
  static Optional<Options> parse(List<String> arguments, Path target) {
    var options =
        new Options(
            10,
            List.of(Duration.ofSeconds(1), Duration.ofMillis(100), Duration.ofMillis(10)),
            MOST_INSTANCES,
            Duration.ofSeconds(60),
            List.of(),
            target.resolve("failover-benchmark.json"));
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
          new Options(number(name, value, 0, 1000), intervals, instances, weighing, jvm, json);
      case "--adverts" ->
          new Options(rounds, intervals(name, value), instances, weighing, jvm, json);
      case "--instances" ->
          new Options(
              rounds, intervals, number(name, value, 0, MOST_INSTANCES), weighing, jvm, json);
      case "--seconds" ->
          new Options(
              rounds,
              intervals,
              instances,
              Duration.ofSeconds(number(name, value, 1, 3600)),
              jvm,
              json);
      case "--jvm" ->
          new Options(
              rounds, intervals, instances, weighing, List.of(value.strip().split(" +", -1)), json);
      case "--json" -> new Options(rounds, intervals, instances, weighing, jvm, Path.of(value));
      default -> throw new IllegalArgumentException(name + " (expected: a known option)");
    };
  }

  private static List<Duration> intervals(String name, String value) {
    return Arrays.stream(value.split(",", -1))
        .map(interval -> Duration.ofMillis(number(name, interval, 10, 40_950)))
        .toList();
  }

  private static int number(String name, String value, int least, int most) {
    try {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + least + " to " + most + ")");
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: a whole number)", e);
    }
  }
}
