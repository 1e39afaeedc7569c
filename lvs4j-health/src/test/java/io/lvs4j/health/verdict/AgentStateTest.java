package io.lvs4j.health.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HAProxy's words, one line after the other. */
class AgentStateTest {
  private static AgentState after(String... lines) {
    var state = AgentState.SILENT;
    for (var line : lines) {
      state = state.after(line).state();
    }
    return state;
  }

  @ParameterizedTest(name = "{0}: weight {2}, up {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "75%                        | true  | 150",
        "0%                         | true  | 0",
        "1%                         | true  | 2",
        "150%                       | true  | 300",
        "up                         | true  | 200",
        "down                       | false | 200",
        "fail#disk full             | false | 200",
        "stopped # on purpose       | false | 200",
        "drain                      | true  | 0",
        "maint                      | false | 200",
        "ready                      | true  | 200",
        "UP, Ready,\t50%            | true  | 100",
        "up ready 50% maxconn:30    | true  | 100",
        "drain 50%                  | true  | 0",
        "down up                    | true  | 200",
        "maxconn:30                 | true  | 200",
        "99999%                     | true  | 51200"
      })
  void oneLine(String line, boolean up, int weight) {
    var heard = AgentState.SILENT.after(line);
    assertThat(heard.known()).isTrue();
    assertThat(heard.unknown()).isEmpty();
    assertThat(heard.state().isUp()).isEqualTo(up);
    assertThat(heard.state().weight().effective(200)).isEqualTo(weight);
  }

  @Test
  void whatALineDoesNotMentionStays() {
    assertThat(after("50%", "up").weight().effective(100)).isEqualTo(50);
    assertThat(after("maint", "up").isUp()).as("up is no end of maint").isFalse();
    assertThat(after("maint", "ready").isUp()).isTrue();
    assertThat(after("down", "ready").isUp()).as("ready is no end of down").isFalse();
    assertThat(after("down", "75%").isUp()).isFalse();
    assertThat(after("down", "up").isUp()).isTrue();
    assertThat(after("drain", "75%").weight().effective(100)).isZero();
    assertThat(after("drain", "75%", "ready").weight().effective(100)).isEqualTo(75);
    assertThat(after("drain", "maint", "ready").isUp()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(value = {"''", "' '", "hello", "75", "-1%", "%", "maxconn:", "#down", "1000000%"})
  void aLineWithoutAKnownWordIsNone(String line) {
    var heard = after("drain").after(line);
    assertThat(heard.known()).isFalse();
    assertThat(heard.state().admin()).isEqualTo("drain");
  }

  @Test
  void anUnknownWordAmongOthersIsTold() {
    var heard = AgentState.SILENT.after("up rocking 50%");
    assertThat(heard.known()).isTrue();
    assertThat(heard.unknown()).isEqualTo(List.of("rocking"));
    assertThat(heard.state().percent()).isEqualTo(50);
  }

  @Test
  void theRemarkIsTheLastLinesOwn() {
    assertThat(after("down#disk full").words()).isEqualTo("down, ready, 100 %: disk full");
    assertThat(after("down#disk full", "drain").words()).isEqualTo("down, drain, 100 %");
  }

  @Test
  void aShareOfASmallWeightIsRoundedUpSoThatOnlyNoneIsNothing() {
    assertThat(WeightReport.percent(75).effective(1)).isEqualTo(1);
    assertThat(WeightReport.percent(1).effective(1)).isEqualTo(1);
    assertThat(WeightReport.percent(0).effective(1)).isZero();
    assertThat(WeightReport.percent(50).effective(0)).isZero();
    assertThat(WeightReport.percent(25_600).effective(Integer.MAX_VALUE))
        .isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void theSharesOfSeveralAgentsAndTheirWeightsComeTogether() {
    assertThat(
            WeightReport.together(List.of(WeightReport.percent(75), WeightReport.percent(75)))
                .effective(100))
        .isEqualTo(50);
    assertThat(
            WeightReport.together(List.of(WeightReport.percent(50), WeightReport.added(7)))
                .effective(100))
        .isEqualTo(57);
    assertThat(
            WeightReport.together(List.of(WeightReport.QUIESCED, WeightReport.of(1000)))
                .effective(100))
        .isZero();
  }
}
