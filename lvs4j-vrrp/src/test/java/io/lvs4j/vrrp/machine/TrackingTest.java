package io.lvs4j.vrrp.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.Tracker;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrackingTest {
  private static final Reading GOOD = new Reading.Good();
  private static final Reading BAD = new Reading.Bad("refused");

  private static Tracker check(int weight, boolean reversed) {
    var tracker = Tracker.check("db", () -> true).weight(weight);
    return reversed ? tracker.reversed() : tracker;
  }

  @ParameterizedTest
  @CsvSource({
    // weight, reversed, good, offset
    "20, false, true, 20",
    "20, false, false, 0",
    "-20, false, true, 0",
    "-20, false, false, -20",
    "20, true, true, -20",
    "20, true, false, 0",
    "-20, true, true, 0",
    "-20, true, false, 20",
  })
  void aWeightIsARewardOrAPenalty(int weight, boolean reversed, boolean good, int offset) {
    assertThat(Tracking.of(check(weight, reversed), good ? GOOD : BAD))
        .isEqualTo(Tracked.offset(offset));
  }

  @Test
  void withoutAWeightBadIsAFaultAndReversedGoodIs() {
    assertThat(Tracking.of(check(0, false), GOOD)).isEqualTo(Tracked.GOOD);
    assertThat(Tracking.of(check(0, false), BAD).faults()).containsExactly("tracker db: refused");
    assertThat(Tracking.of(check(0, true), BAD)).isEqualTo(Tracked.GOOD);
    assertThat(Tracking.of(check(0, true), GOOD).isFaulty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    // weight, value, offset, fault
    "1, 0, 0, false",
    "1, -30, -30, false",
    "2, -30, -60, false",
    "-1, 30, -30, false",
    "1, 253, 253, false",
    "1, 1000, 253, false",
    "1, -253, -253, false",
    "1, -254, 0, true",
    "253, 2147483647, 253, false",
    "253, -2147483648, 0, true",
    "0, 0, 0, false",
    "0, 1, 0, true",
  })
  void aNumberIsMultipliedByTheWeight(int weight, int value, int offset, boolean fault) {
    var tracked =
        Tracking.of(Tracker.offset("load", () -> value).weight(weight), new Reading.Value(value));

    assertThat(tracked.offset()).isEqualTo(offset);
    assertThat(tracked.isFaulty()).isEqualTo(fault);
  }

  @Test
  void onlyATrackerWithoutWeightIsWaitedFor() {
    assertThat(Tracking.of(check(0, false), new Reading.Unknown()).pending()).isTrue();
    assertThat(Tracking.of(check(5, false), new Reading.Unknown())).isEqualTo(Tracked.GOOD);
  }

  @Test
  void allTrackersAddUp() {
    var total =
        Tracking.total(
            Map.of(
                check(20, false), GOOD,
                Tracker.offset("load", () -> 0), new Reading.Value(-5),
                Tracker.networkInterface("eth1"), new Reading.Bad("down")));

    assertThat(total.offset()).isEqualTo(15);
    assertThat(total.faults()).containsExactly("tracker eth1: down");
  }

  @ParameterizedTest
  @CsvSource({"100, 20, 120", "100, 200, 254", "100, -200, 1", "254, 1, 254", "255, -200, 255"})
  void theEffectivePriorityStaysBetween1And254AndAnOwnersIsLeftAlone(
      int base, int offset, int effective) {
    assertThat(new Priority(base).adjusted(offset)).isEqualTo(new Priority(effective));
  }

  @ParameterizedTest
  @CsvSource({
    // rise, fall, failed at first, answers, what it is after each of them
    "1, 1, false, +-+, +-+",
    "2, 3, false, +, +",
    "2, 3, false, -, -",
    "2, 3, false, +--+---+-++, ++++++---.+",
    "3, 1, true, +++-, ..+-",
    "2, 2, true, +-++--, ...++-",
  })
  void aCheckRisesAndFallsAfterSoManyAnswersInARow(
      int rise, int fall, boolean failedAtFirst, String answers, String expected) {
    var tracker = Tracker.check("db", () -> true).rise(rise).fall(fall);
    var counter = CheckCounter.of(failedAtFirst ? tracker.failedAtFirst() : tracker);
    var seen = new StringBuilder();
    for (char answer : answers.toCharArray()) {
      counter = counter.after(answer == '+');
      seen.append(counter.isGood() ? '+' : '-');
    }

    assertThat(seen.toString()).isEqualTo(expected.replace('.', '-'));
  }

  @Test
  void aCheckIsUnknownUntilItsFirstAnswerUnlessTakenAsFailed() {
    var tracker = Tracker.check("db", () -> true);

    assertThat(CheckCounter.of(tracker).known()).isFalse();
    assertThat(CheckCounter.of(tracker.failedAtFirst()).known()).isTrue();
    assertThat(CheckCounter.of(tracker.failedAtFirst()).isGood()).isFalse();
  }
}
