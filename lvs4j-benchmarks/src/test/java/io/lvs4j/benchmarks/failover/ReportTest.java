package io.lvs4j.benchmarks.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
  @Test
  void aSpreadIsTheLeastTheMiddleAndTheGreatest() {
    assertThat(Outages.spread(millis(3, 1, 2))).isEqualTo(millis(1, 2, 3));
    assertThat(Outages.spread(millis(4, 1, 2, 3)))
        .containsExactly(Duration.ofMillis(1), Duration.ofNanos(2_500_000), Duration.ofMillis(4));
  }

  @Test
  void theTableShowsBothAndNamesTheSlowerOnes() {
    var rows = new LinkedHashMap<Case, Map<String, Outages>>();
    rows.put(
        new Case(Duration.ofMillis(100), Fault.KILL.label()),
        both(new Outages(millis(350), millis(362), millis(2)), 300));
    rows.put(
        new Case(Duration.ofMillis(100), Fault.LINK_CUT.label()),
        both(new Outages(millis(299), millis(362), millis(2)), 300));
    var report =
        new Report(
            "command",
            List.of("keepalived: \"2\""),
            List.of("lvs4j", "keepalived"),
            rows,
            255,
            Map.of(
                "lvs4j",
                new Weights(
                    new Weight(Duration.ofMillis(1500), 1 << 20),
                    new Weight(Duration.ofMillis(500), 2 << 20))));
    assertThat(report.markdown())
        .contains("| 100 ms | kill -9, of the service too | 350 / 350 / 350 | 300 / 300 / 300 |")
        .contains("| 100 ms | kill -9, of the service too | 50.0 (50.0 to 50.0) | slower |")
        .contains("| 100 ms | link cut | -1.0 (-1.0 to -1.0) | faster |")
        .contains("| lvs4j, master of all | 1.5 | 1.0 |");
    assertThat(report.json())
        .contains("\"lvs4j\": {\"outages\": [350.000]")
        .contains("keepalived: \\\"2\\\"");
  }

  @Test
  void optionsAreReadOrRefused() {
    var target = Path.of("target");
    var options =
        Options.parse(List.of("--rounds", "3", "--adverts", "10,100", "--jvm", "-Xmx64m"), target)
            .orElseThrow();
    assertThat(options.rounds()).isEqualTo(3);
    assertThat(options.intervals()).isEqualTo(millis(10, 100));
    assertThat(options.jvm()).containsExactly("-Xmx64m");
    assertThat(Options.parse(List.of("--help"), target)).isEmpty();
    assertThatThrownBy(() -> Options.parse(List.of("--adverts", "1"), target))
        .hasMessage("--adverts: 1 (expected: 10 to 40950)");
    assertThatThrownBy(() -> Options.parse(List.of("--instances", "256"), target))
        .hasMessage("--instances: 256 (expected: 0 to 255)");
    assertThatThrownBy(() -> Options.parse(List.of("--rounds"), target))
        .hasMessageContaining("expected: a known option, a value");
  }

  private static Map<String, Outages> both(Outages ours, long theirs) {
    var both = new LinkedHashMap<String, Outages>();
    both.put("lvs4j", ours);
    both.put("keepalived", new Outages(millis(theirs), millis(361), millis(1)));
    return both;
  }

  private static List<Duration> millis(long... millis) {
    return Arrays.stream(millis).mapToObj(Duration::ofMillis).toList();
  }
}
