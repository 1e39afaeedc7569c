package io.lvs4j.benchmarks.ipvs;

import java.util.List;
import java.util.Optional;

/**
 * What to measure.
 *
 * @param services how many virtual services there are
 * @param servers how many real servers each has
 * @param rounds how often everything is done
 */
record Options(int services, int servers, int rounds) {
  static final String USAGE =
      """
      usage: ./lvs4j bench ipvs [--services N] [--servers N] [--rounds N]
        --services N   virtual services (1000)
        --servers N    real servers of each (100)
        --rounds N     how often everything is done; the median counts (3)
      """;

  /** Returns the options; empty when help is asked for. */
  static Optional<Options> parse(List<String> arguments) {
    var options = new Options(1000, 100, 3);
    for (int i = 0; i < arguments.size(); i += 2) {
      String name = arguments.get(i);
      if (name.equals("--help")) {
        return Optional.empty();
      }
      int value = number(name, i + 1 < arguments.size() ? arguments.get(i + 1) : "none");
      options =
          switch (name) {
            case "--services" -> new Options(value, options.servers, options.rounds);
            case "--servers" -> new Options(options.services, value, options.rounds);
            case "--rounds" -> new Options(options.services, options.servers, value);
            default ->
                throw new IllegalArgumentException(
                    "option: " + name + " (expected: --services, --servers or --rounds)");
          };
    }
    return Optional.of(options);
  }

  private static int number(String name, String value) {
    if (!value.matches("[1-9][0-9]{0,4}")) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 1-99999)");
    }
    return Integer.parseInt(value);
  }

  List<String> arguments() {
    return List.of(
        "--services",
        Integer.toString(services),
        "--servers",
        Integer.toString(servers),
        "--rounds",
        Integer.toString(rounds));
  }
}
