package io.lvs4j.health.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How what several checkers say of a weight comes together. */
class WeightReportTest {
  @ParameterizedTest(name = "{0} with {1} named and {2} added: {3}")
  @CsvSource({
    "10, , , 10",
    "10, 3, , 3",
    "10, , 5, 15",
    "10, , -5, 5",
    "10, , -11, 0",
    "10, 3, 5, 8",
    "10, 3 4, , 0",
    "10, 13 14, , 17",
    "0, 3, , 3",
    "0, , 7, 7",
    "2147483647, , 1, 2147483647",
    "2147483647, 2147483647 2147483647 2147483647, , 2147483647",
    "2147483647, 0 0 0, , 0",
    "1, , 2147483647 2147483647, 2147483647",
    "1, , -2147483647 -2147483647, 0",
  })
  void eachAddsToTheConfiguredWeightAndTheSumIsClamped(
      int configured, String named, String added, int effective) {
    var reports =
        Stream.concat(
                numbers(named).map(number -> WeightReport.of(Math.toIntExact(number))),
                numbers(added).map(WeightReport::added))
            .toList();
    assertThat(WeightReport.together(reports).effective(configured)).isEqualTo(effective);
  }

  private static Stream<Long> numbers(String text) {
    return text == null ? Stream.of() : Stream.of(text.split(" ")).map(Long::valueOf);
  }

  @Test
  void nobodySaysNothing() {
    assertThat(WeightReport.together(List.of())).isEqualTo(WeightReport.NONE);
  }
}
