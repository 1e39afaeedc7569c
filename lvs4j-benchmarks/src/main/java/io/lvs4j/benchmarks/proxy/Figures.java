package io.lvs4j.benchmarks.proxy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** All figures that were taken of one contender, a list for each row. */
final class Figures {
  private final Map<Row, List<Double>> figures = new EnumMap<>(Row.class);

  void add(Row row, double figure) {
    figures.computeIfAbsent(row, first -> new ArrayList<>()).add(figure);
  }

  List<Double> of(Row row) {
    return List.copyOf(figures.getOrDefault(row, List.of()));
  }

  /** Takes a row out and returns its figures. */
  List<Double> remove(Row row) {
    var removed = of(row);
    figures.remove(row);
    return removed;
  }

  /** Makes each figure of a row less by the one of the same round. */
  void subtract(Row row, List<Double> base) {
    var whole = of(row);
    figures.put(
        row,
        IntStream.range(0, whole.size())
            .mapToObj(round -> whole.get(round) - base.get(round))
            .collect(Collectors.toCollection(ArrayList::new)));
  }

  Optional<Spread> spread(Row row) {
    var sorted = new ArrayList<>(of(row));
    if (sorted.isEmpty()) {
      return Optional.empty();
    }
    if (row.isTotal()) {
      double total = sorted.stream().mapToDouble(figure -> figure).sum();
      return Optional.of(new Spread(total, total, total));
    }
    Collections.sort(sorted);
    int middle = sorted.size() / 2;
    double median =
        sorted.size() % 2 == 1
            ? sorted.get(middle)
            : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    return Optional.of(new Spread(sorted.getFirst(), median, sorted.getLast()));
  }

  /** The least, the middle and the greatest figure of a row. */
  record Spread(double least, double median, double most) {}
}
