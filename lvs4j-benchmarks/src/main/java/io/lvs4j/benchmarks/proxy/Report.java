package io.lvs4j.benchmarks.proxy;

import io.lvs4j.benchmarks.proxy.Figures.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What came of a run.
 *
 * @param machine where it ran
 * @param command how it was started
 * @param versions of all programs that took part
 * @param configurations of the contenders
 * @param figures by contender, in the order of the table's columns
 */
record Report(
    Machine machine,
    String command,
    List<String> versions,
    Map<String, String> configurations,
    Map<String, Figures> figures) {
  private static final String YARDSTICK = "HAProxy";

  /** Returns a table in Markdown: the median of each row, the least and the most below. */
  String markdown() {
    var text = new StringBuilder();
    text.append("Command: `%s`\n\n".formatted(command));
    text.append(
        "%s; %s, %d cores; %s\n\n"
            .formatted(machine.kernel(), machine.processor(), machine.cores(), machine.java()));
    text.append(versions.stream().map("- %s\n"::formatted).collect(Collectors.joining()));
    text.append("\nEach cell: median (least .. most) over the rounds. Ratios are of medians.\n\n");
    var columns = new ArrayList<String>(List.of("", "better"));
    columns.addAll(figures.keySet());
    var compared =
        figures.containsKey(YARDSTICK)
            ? figures.keySet().stream()
                .filter(name -> !name.equals(YARDSTICK) && !name.equals("direct"))
                .toList()
            : List.<String>of();
    compared.forEach(name -> columns.add(name + " : " + YARDSTICK));
    text.append(line(columns));
    text.append("|---".repeat(columns.size())).append("|\n");
    for (Row row : Row.values()) {
      var cells = new ArrayList<String>(List.of(row.label(), row.isMoreBetter() ? "more" : "less"));
      figures.values().forEach(contender -> cells.add(cell(row, contender.spread(row))));
      compared.forEach(name -> cells.add(ratio(row, name)));
      text.append(line(cells));
    }
    return text.toString();
  }

  private String ratio(Row row, String name) {
    var ours = spread(name, row);
    var theirs = spread(YARDSTICK, row);
    return ours.isEmpty()
            || theirs.isEmpty()
            || Math.min(ours.get().median(), theirs.get().median()) <= 0
        ? ""
        : number(ours.get().median() / theirs.get().median(), 2);
  }

  private Optional<Spread> spread(String name, Row row) {
    return Optional.ofNullable(figures.get(name)).flatMap(contender -> contender.spread(row));
  }

  private static String cell(Row row, Optional<Spread> spread) {
    return spread
        .map(of ->
            number(of.median(), row.decimals())
                + (of.least() == of.most()
                    ? ""
                    : " (%s .. %s)"
                        .formatted(
                            number(of.least(), row.decimals()), number(of.most(), row.decimals()))))
        .orElse("");
  }

  private static String line(List<String> cells) {
    return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  private static String number(double value, int decimals) {
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  /** Returns everything, each single figure too. */
  String json() {
    var contenders =
        figures.entrySet().stream()
            .map(entry ->
                "    %s: {\n      \"configuration\": %s,\n%s\n    }"
                    .formatted(
                        quoted(entry.getKey()),
                        quoted(configurations.getOrDefault(entry.getKey(), "")),
                        rows(entry.getValue())))
            .collect(Collectors.joining(",\n"));
    return """
    {
      "command": %s,
      "kernel": %s,
      "processor": %s,
      "cores": %d,
      "java": %s,
      "versions": [%s],
      "contenders": {
    %s
      }
    }
    """
        .formatted(
            quoted(command),
            quoted(machine.kernel()),
            quoted(machine.processor()),
            machine.cores(),
            quoted(machine.java()),
            versions.stream().map(Report::quoted).collect(Collectors.joining(", ")),
            contenders);
  }

  private static String rows(Figures figures) {
    return List.of(Row.values()).stream()
        .map(row -> "      %s: %s".formatted(quoted(row.name()), figures.of(row)))
        .collect(Collectors.joining(",\n"));
  }

  private static String quoted(String text) {
    return text.chars()
        .mapToObj(c ->
            switch (c) {
              case '"' -> "\\\"";
              case '\\' -> "\\\\";
              default -> c < ' ' ? String.format("\\u%04x", c) : Character.toString(c);
            })
        .collect(Collectors.joining("", "\"", "\""));
  }
}
