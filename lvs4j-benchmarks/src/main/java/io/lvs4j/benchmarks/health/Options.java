package io.lvs4j.benchmarks.health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What to measure.
 *
 * @param servers how many real servers there are, one row each
 * @param window how long each row is measured
 * @param guest whether in User-Mode-Linux, where keepalived has its ip_vs, or on this host, where
 *     it hasn't and lvs4j is measured alone
 */
record Options(List<Integer> servers, Duration window, boolean guest) {
  static final String USAGE =
      """
      usage: ./lvs4j bench health [--servers N[,N...]] [--seconds N] [--where guest|host]
        --servers N,N  real servers, each checked by TCP_CHECK every 2 s (1000,10000)
        --seconds N    how long each row is measured (30)
        --where WHERE  guest: in User-Mode-Linux, beside keepalived, which needs ip_vs;
                       host: on this host, lvs4j alone (guest)
      """;

  private static final int MOST_SERVERS = 60_000;

  /** Returns the options; empty when help is asked for. */
  static Optional<Options> parse(List<String> arguments) {
    var options = new Options(List.of(1000, 10_000), Duration.ofSeconds(30), true);
    for (int i = 0; i < arguments.size(); i += 2) {
      String name = arguments.get(i);
      if (name.equals("--help")) {
        return Optional.empty();
      }
      var value = i + 1 < arguments.size() ? arguments.get(i + 1) : "none";
      options =
          switch (name) {
            case "--servers" -> new Options(numbers(name, value), options.window, options.guest);
            case "--seconds" ->
                new Options(
                    options.servers, Duration.ofSeconds(number(name, value, 3600)), options.guest);
            case "--where" -> new Options(options.servers, options.window, isGuest(value));
            default ->
                throw new IllegalArgumentException(
                    "option: " + name + " (expected: --servers, --seconds or --where)");
          };
    }
    return Optional.of(options);
  }

  private static boolean isGuest(String value) {
    return switch (value) {
      case "guest" -> true;
      case "host" -> false;
      default ->
          throw new IllegalArgumentException("--where: " + value + " (expected: guest or host)");
    };
  }

  private static List<Integer> numbers(String name, String value) {
    var numbers = new ArrayList<Integer>();
    Stream.of(value.split(",", -1)).forEach(each -> numbers.add(number(name, each, MOST_SERVERS)));
    return List.copyOf(numbers);
  }

  private static int number(String name, String value, int most) {
    if (!value.matches("[1-9][0-9]{0,4}") || Integer.parseInt(value) > most) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 1-" + most + ")");
    }
    return Integer.parseInt(value);
  }

  List<String> arguments() {
    return List.of(
        "--servers",
        servers.stream().map(String::valueOf).collect(Collectors.joining(",")),
        "--seconds",
        Long.toString(window.toSeconds()),
        "--where",
        guest ? "guest" : "host");
  }
}
