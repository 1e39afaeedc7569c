package io.lvs4j.benchmarks.failover;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What came of a run.
 *
 * @param command how it was started
 * @param versions of the programs that took part
 * @param contenders their names, in the order of the table's columns
 * @param outages by case and contender
 * @param instances how many were weighed
 * @param weights by contender
 */
record Report(
    String command,
    List<String> versions,
    List<String> contenders,
    Map<Case, Map<String, Outages>> outages,
    int instances,
    Map<String, Weights> weights) {
  private static final String YARDSTICK = "keepalived";
  private static final double MEBIBYTE = 1024 * 1024;

  /** Returns tables in Markdown. */
  String markdown() {
    var text = new StringBuilder();
    text.append("Command: `%s`\n\n%s\n\n".formatted(command, machine()));
    versions.forEach(version -> text.append("- %s\n".formatted(version)));
    if (!outages.isEmpty()) {
      text.append(
          """

          Each cell: least / median / most, in milliseconds. Outage: the longest time without an
          answer, from the old master's last advert on, for a client that asks every millisecond.
          Takeover: from that advert to the new master's first. Announced: from there to its first
          announcement of the address.

          """);
      var columns = new ArrayList<>(List.of("adverts each", "what befalls the master"));
      contenders.forEach(name -> columns.add(name + ": outage"));
      contenders.forEach(name -> columns.add(name + ": takeover"));
      contenders.forEach(name -> columns.add(name + ": announced"));
      columns.add("n");
      text.append(line(columns)).append("|---".repeat(columns.size())).append("|\n");
      outages.forEach((row, figures) -> {
        var cells = new ArrayList<String>();
        cells.add(row.interval().toMillis() + " ms");
        cells.add(row.what());
        contenders.forEach(name -> cells.add(cell(of(figures, name).outages())));
        contenders.forEach(name -> cells.add(cell(of(figures, name).takeovers())));
        contenders.forEach(name -> cells.add(cell(of(figures, name).announcements())));
        cells.add(Integer.toString(of(figures, contenders.getFirst()).outages().size()));
        text.append(line(cells));
      });
      compare(text);
    }
    if (!weights.isEmpty()) {
      text.append("\n%d instances on one interface, adverts each second:\n\n".formatted(instances));
      text.append(line(List.of("", "CPU, s a minute", "resident memory, MiB")));
      text.append("|---|---|---|\n");
      weights.forEach((name, weight) -> {
        text.append(weight(name + ", master of all", weight.master()));
        text.append(weight(name + ", backup of all", weight.backup()));
      });
    }
    return text.toString();
  }

  private void compare(StringBuilder text) {
    if (!contenders.contains(YARDSTICK)) {
      return;
    }
    for (var name : contenders) {
      if (name.equals(YARDSTICK)) {
        continue;
      }
      text.append(
          """

          By how much the outage with %s is longer than that with %s in the same round, with the
          fault at the same moment between two adverts, in milliseconds: the median, and where the
          true one is by the sign test with 95 %% certainty.

          """
              .formatted(name, YARDSTICK));
      text.append(
          line(List.of("adverts each", "what befalls the master", "longer by", "so it is")));
      text.append("|---|---|---|---|\n");
      outages.forEach((row, figures) -> {
        var difference =
            Difference.of(of(figures, name).outages(), of(figures, YARDSTICK).outages());
        text.append(
            line(
                List.of(
                    row.interval().toMillis() + " ms",
                    row.what(),
                    "%s (%s to %s)"
                        .formatted(
                            milliseconds(difference.median()),
                            milliseconds(difference.least()),
                            milliseconds(difference.most())),
                    verdict(difference))));
      });
    }
  }

  private static String verdict(Difference difference) {
    if (difference.isSlower()) {
      return "slower";
    }
    return difference.isFaster() ? "faster" : "not told apart";
  }

  private static Outages of(Map<String, Outages> figures, String contender) {
    return Objects.requireNonNull(figures.get(contender), contender);
  }

  private static String weight(String name, Weight weight) {
    return line(
        List.of(
            name,
            number(weight.cpu().toMillis() / 1000.0),
            number(weight.residentBytes() / MEBIBYTE)));
  }

  private static String cell(List<Duration> figures) {
    return Outages.spread(figures).stream()
        .map(Report::milliseconds)
        .collect(Collectors.joining(" / "));
  }

  private static String milliseconds(Duration duration) {
    return number(duration.toNanos() / 1e6);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%,.0f", value);
  }

  private static String line(List<String> cells) {
    return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  private static String machine() {
    return "%s %s; %s, %d cores; %s %s"
        .formatted(
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            processor(),
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("java.vm.name"),
            System.getProperty("java.vm.version"));
  }

  private static String processor() {
    Path file = Path.of("/proc/cpuinfo");
    try (var lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .orElse("unknown processor");
    } catch (IOException e) {
      throw new UncheckedIOException(file + " can't be read", e);
    }
  }

  /** Returns everything, each single figure too, in milliseconds. */
  String json() {
    var rows =
        outages.entrySet().stream()
            .map(row ->
                "    {\"intervalMillis\": %d, \"what\": \"%s\", %s}"
                    .formatted(
                        row.getKey().interval().toMillis(),
                        row.getKey().what(),
                        row.getValue().entrySet().stream()
                            .map(entry ->
                                "\"%s\": {\"outages\": %s, \"takeovers\": %s, \"announcements\": %s}"
                                    .formatted(
                                        entry.getKey(),
                                        array(entry.getValue().outages()),
                                        array(entry.getValue().takeovers()),
                                        array(entry.getValue().announcements())))
                            .collect(Collectors.joining(", "))))
            .collect(Collectors.joining(",\n"));
    var weighed =
        weights.entrySet().stream()
            .map(entry ->
                "    \"%s\": {\"master\": %s, \"backup\": %s}"
                    .formatted(
                        entry.getKey(),
                        json(entry.getValue().master()),
                        json(entry.getValue().backup())))
            .collect(Collectors.joining(",\n"));
    return """
    {
      "command": %s,
      "machine": %s,
      "versions": [%s],
      "cases": [
    %s
      ],
      "instances": %d,
      "weights": {
    %s
      }
    }
    """
        .formatted(
            quoted(command),
            quoted(machine()),
            versions.stream().map(Report::quoted).collect(Collectors.joining(", ")),
            rows,
            instances,
            weighed);
  }

  private static String json(Weight weight) {
    return "{\"cpuSecondsPerMinute\": %s, \"residentBytes\": %d}"
        .formatted(weight.cpu().toNanos() / 1e9, weight.residentBytes());
  }

  private static String array(List<Duration> figures) {
    return figures.stream()
        .map(figure -> String.format(Locale.ROOT, "%.3f", figure.toNanos() / 1e6))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
