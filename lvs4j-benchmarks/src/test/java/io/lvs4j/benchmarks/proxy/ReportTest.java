package io.lvs4j.benchmarks.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.benchmarks.proxy.Figures.Spread;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final Machine MACHINE = new Machine("Linux 1", "a \"fast\" one", 2, "JVM 25", 9);

  private static Figures figures(Row row, double... values) {
    var figures = new Figures();
    for (double value : values) {
      figures.add(row, value);
    }
    return figures;
  }

  private static Report report(Map<String, Figures> figures) {
    return new Report(MACHINE, "bench", List.of("v1"), Map.of("HAProxy", "a\nb"), figures);
  }

  @Test
  void aSpreadIsTheLeastTheMiddleAndTheMost() {
    assertThat(figures(Row.BULK_UP, 9, 1, 4).spread(Row.BULK_UP)).contains(new Spread(1, 4, 9));
    assertThat(figures(Row.BULK_UP, 9, 1, 4, 6).spread(Row.BULK_UP)).contains(new Spread(1, 5, 9));
    assertThat(figures(Row.BULK_UP, 9).spread(Row.BULK_DOWN)).isEmpty();
  }

  @Test
  void failuresAreAddedUp() {
    assertThat(figures(Row.FAILURES, 0, 0, 3, 2).spread(Row.FAILURES))
        .contains(new Spread(5, 5, 5));
  }

  @Test
  void aBaseIsSubtractedRoundByRound() {
    var figures = figures(Row.ADDED_NEW_P99, 30, 20);
    figures.subtract(Row.ADDED_NEW_P99, List.of(10.0, 15.0));
    assertThat(figures.of(Row.ADDED_NEW_P99)).containsExactly(20.0, 5.0);
  }

  @Test
  void aRowShowsSpreadsAndTheRatioToHaproxy() {
    var columns = new LinkedHashMap<String, Figures>();
    columns.put("direct", figures(Row.KEPT_REQUESTS, 4000));
    columns.put("lvs4j", figures(Row.KEPT_REQUESTS, 1500, 1400, 1600));
    columns.put("HAProxy", figures(Row.KEPT_REQUESTS, 2000, 1000, 3000));
    assertThat(report(columns).markdown())
        .contains("|  | better | direct | lvs4j | HAProxy | lvs4j : HAProxy |\n")
        .contains(
            "| requests/s, 64 kept connections | more | 4,000 | 1,500 (1,400 .. 1,600)"
                + " | 2,000 (1,000 .. 3,000) | 0.75 |\n");
  }

  @Test
  void withoutHaproxyThereIsNoRatio() {
    assertThat(report(Map.of("lvs4j", figures(Row.KEPT_REQUESTS, 1))).markdown())
        .contains("|  | better | lvs4j |\n|---|---|---|\n");
  }

  @Test
  void theJsonHoldsEverySingleFigureAndQuotesWhatHasTo() {
    assertThat(report(Map.of("HAProxy", figures(Row.BULK_UP, 1.5, 2))).json())
        .contains("\"BULK_UP\": [1.5, 2.0]")
        .contains("\"BULK_DOWN\": []")
        .contains("\"processor\": \"a \\\"fast\\\" one\"")
        .contains("\"configuration\": \"a\\u000ab\"");
  }
}
