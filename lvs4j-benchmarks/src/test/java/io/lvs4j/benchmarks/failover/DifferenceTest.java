package io.lvs4j.benchmarks.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DifferenceTest {
  private static final List<Duration> NOTHING = millis(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  @Test
  void isThatOfTheSameRounds() {
    // As far apart as the moments of the fault are, and still told apart.
    assertThat(Difference.of(millis(901, 502, 103), millis(900, 500, 100)))
        .isEqualTo(
            new Difference(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(3)));
  }

  @Test
  void ofTenTheSecondAndTheNinthBoundTheMedian() {
    var difference = Difference.of(millis(5, 1, 9, 3, 7, 2, 10, 4, 8, 6), NOTHING);
    assertThat(difference.least()).isEqualTo(Duration.ofMillis(2));
    assertThat(difference.median()).isEqualTo(Duration.ofNanos(5_500_000));
    assertThat(difference.most()).isEqualTo(Duration.ofMillis(9));
  }

  @Test
  void ofTwentyTheSixthAndTheFifteenthBoundTheMedian() {
    var twenty = new long[20];
    Arrays.setAll(twenty, i -> i + 1);
    var difference = Difference.of(millis(twenty), millis(new long[20]));
    assertThat(difference.least()).isEqualTo(Duration.ofMillis(6));
    assertThat(difference.most()).isEqualTo(Duration.ofMillis(15));
  }

  @Test
  void oneRoundOnTheOtherSideIsNoDoubtButTwoAre() {
    assertThat(Difference.of(millis(-9, 1, 1, 1, 1, 1, 1, 1, 1, 1), NOTHING).isSlower()).isTrue();
    assertThat(Difference.of(millis(-9, -9, 1, 1, 1, 1, 1, 1, 1, 1), NOTHING).isSlower()).isFalse();
    assertThat(Difference.of(millis(9, -1, -1, -1, -1, -1, -1, -1, -1, -1), NOTHING).isFaster())
        .isTrue();
    assertThat(Difference.of(NOTHING, NOTHING).isFaster()).isFalse();
    assertThat(Difference.of(NOTHING, NOTHING).isSlower()).isFalse();
  }

  @Test
  void comparesOnlyAsManyRoundsOfTheOneAsOfTheOther() {
    assertThatThrownBy(() -> Difference.of(millis(1), NOTHING))
        .hasMessage("1 and 10 rounds (expected: as many, 1 at least)");
  }

  private static List<Duration> millis(long... millis) {
    return Arrays.stream(millis).mapToObj(Duration::ofMillis).toList();
  }
}
