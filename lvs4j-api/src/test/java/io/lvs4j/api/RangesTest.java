package io.lvs4j.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How durations are written. */
class RangesTest {
  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "PT0S, 0s",
    "PT2S, 2s",
    "PT0.15S, 150ms",
    "PT0.001S, 1ms",
    "PT0.999S, 999ms",
    "PT1.5S, 1.5s",
    "PT0.0015S, 0.0015s",
    "PT15M, 15m",
    "PT1M30S, 1m30s",
    "PT1H, 1h",
    "PT25H, 25h",
    "P1D, 1d",
    "P31D, 31d",
    "PT-1S, -1s",
    "PT-0.15S, -0.15s",
    "PT-3H, -3h",
  })
  void durationsAreWrittenAsPeopleDo(Duration duration, String written) {
    assertThat(Ranges.text(duration)).isEqualTo(written);
  }
}
