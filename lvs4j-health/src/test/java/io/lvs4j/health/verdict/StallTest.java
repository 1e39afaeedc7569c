package io.lvs4j.health.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which lateness is the fault of this process. */
class StallTest {
  @ParameterizedTest(name = "a timeout of {0} ms noticed {1} ms late")
  @CsvSource({
    "5000,0,false",
    "5000,2500,false",
    "5000,2501,true",
    "1000,500,false",
    "1000,501,true",
    "10,100,false",
    "10,101,true",
    "1,3600000,true",
    "5000,-1,false",
  })
  void aTimeoutIsDiscreditedByALatenessOfMoreThanHalfOfItAndATenthOfASecond(
      long timeout, long late, boolean discredited) {
    assertThat(Stall.discredits(0, Duration.ofMillis(late).toNanos(), Duration.ofMillis(timeout)))
        .isEqualTo(discredited);
  }

  @ParameterizedTest(name = "a period of {0} ms missed by {1} ms")
  @CsvSource({"8000,1000,false", "8000,1001,true", "400,100,false", "400,101,true"})
  void aTurnIsMissedByMoreThanAnEighthOfThePeriodAndATenthOfASecond(
      long period, long late, boolean missed) {
    assertThat(Stall.missed(0, Duration.ofMillis(late).toNanos(), Duration.ofMillis(period)))
        .isEqualTo(missed);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 500_000_000})
  void theOriginOfTheClockDoesNotMatter(long dueAt) {
    var second = Duration.ofSeconds(1);
    assertThat(Stall.discredits(dueAt, dueAt + 500_000_000, second)).isFalse();
    assertThat(Stall.discredits(dueAt, dueAt + 500_000_001, second)).isTrue();
  }
}
