package io.lvs4j.vrrp.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.lvs4j.api.vrrp.Announcements;
import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.VrrpVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimersTest {
  @ParameterizedTest
  @CsvSource({
    "V2, 255, PT1S, 3906250",
    "V2, 100, PT1S, 609375000",
    "V2, 100, PT10S, 609375000",
    "V2, 1, PT1S, 996093750",
    "V3, 255, PT1S, 3906250",
    "V3, 100, PT1S, 609375000",
    "V3, 100, PT0.1S, 60937500",
    "V3, 100, PT0.01S, 6093750",
    "V3, 150, PT0.01S, 4140625",
    "V3, 1, PT40.95S, 40790039062",
  })
  void skewIsExactToTheNanosecond(
      VrrpVersion version, int priority, Duration interval, long nanos) {
    assertThat(Timers.skew(version, new Priority(priority), interval))
        .isEqualTo(Duration.ofNanos(nanos));
  }

  @ParameterizedTest
  @CsvSource({
    "V2, 100, PT1S, 3, PT3.609375S",
    "V3, 254, PT1S, 3, PT3.0078125S",
    "V3, 100, PT0.1S, 3, PT0.3609375S",
    "V3, 254, PT0.1S, 3, PT0.30078125S",
    "V3, 100, PT0.01S, 3, PT0.03609375S",
    "V3, 100, PT1S, 5, PT5.609375S",
  })
  void masterDownIsTheAdvertsAndTheSkew(
      VrrpVersion version, int priority, Duration interval, int adverts, Duration expected) {
    assertThat(Timers.masterDown(version, new Priority(priority), interval, adverts))
        .isEqualTo(expected);
  }

  @Test
  void momentsCompareAcrossTheEndOfTheClock() {
    var before = new Moment(Long.MAX_VALUE);
    var after = before.plus(Duration.ofNanos(10));

    assertThat(after.nanos()).isNegative();
    assertThat(before).isLessThan(after);
    assertThat(before.hasCome(after)).isTrue();
    assertThat(after.hasCome(before)).isFalse();
    assertThat(before.until(after)).isEqualTo(Duration.ofNanos(10));
    assertThat(before.earlier(after)).isEqualTo(before);
    assertThat(before.later(after)).isEqualTo(after);
  }

  /** "| 100 ms | 0.36 s | 0.26 s |" */
  @Test
  void theIntervalsOfTheOperationsPageAreThoseOfTheTimers() throws IOException {
    var row = Pattern.compile("\\| (\\d+) (m?s)[^|]*\\| ([0-9.]+) s \\| ([0-9.]+) s \\|");
    int rows = 0;
    for (var line : Files.readAllLines(Path.of("../docs/operations.md"))) {
      var cells = row.matcher(line);
      if (!cells.matches()) {
        continue;
      }
      rows++;
      long millis = Long.parseLong(cells.group(1)) * (cells.group(2).equals("s") ? 1000 : 1);
      var interval = Duration.ofMillis(millis);
      double down =
          Timers.masterDown(VrrpVersion.V3, new Priority(100), interval, 3).toNanos() / 1e9;
      assertThat(Double.parseDouble(cells.group(3))).isCloseTo(down, withinPercentage(3));
      assertThat(Double.parseDouble(cells.group(4)))
          .isCloseTo(down - millis / 1e3, withinPercentage(3));
    }
    assertThat(rows).isEqualTo(4);
  }

  @Test
  void theComparisonPageSaysHowOftenAMasterAnnouncesItself() throws IOException {
    assertThat(Announcements.defaults().refresh()).isEqualTo(Duration.ofSeconds(1));
    assertThat(Files.readString(Path.of("../docs/comparison-with-keepalived.md")))
        .contains("| once more every second |");
  }
}
