package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.HealthCheck;
import io.lvs4j.health.verdict.CheckState;
import io.lvs4j.health.verdict.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;

/**
 * Ten thousand checkers of every two seconds on virtual time: in no twentieth of a second are there
 * many more than the 250 that are its due.
 */
class SpreadTest {
  private static final int CHECKERS = 10_000;
  private static final long MILLISECOND = 1_000_000L;
  private static final long SECOND = 1_000 * MILLISECOND;
  private static final long SLOT = 50 * MILLISECOND;
  private static final long ANSWER_TIME = 3 * MILLISECOND;
  private static final HealthCheck CHECK = HealthCheck.tcp().every(Duration.ofSeconds(2));

  private final Seed seed = Seed.get();
  private final CheckState[] states = new CheckState[CHECKERS];
  private final List<Long> starts = new ArrayList<>();
  private final PriorityQueue<Due> agenda = new PriorityQueue<>(Comparator.comparingLong(Due::at));

  private record Due(long at, int checker) {}

  private void begin(HealthCheck check) {
    var phases = new Phases(seed.random().nextDouble());
    for (int i = 0; i < CHECKERS; i++) {
      states[i] = CheckState.begin(check, phases.next(), 0);
      agenda.add(new Due(states[i].attemptAt(), i));
    }
  }

  /** Runs all checkers to a moment; what falls into the pause happens at its end. */
  private void run(HealthCheck check, long until, long pause, long end) {
    while (agenda.element().at() < until) {
      var due = agenda.remove();
      long now = due.at() >= pause && due.at() < end ? end : due.at();
      var state = states[due.checker()];
      var next = state.whenDue(now);
      if (next.equals(state)) {
        starts.add(now);
        next = state.after(check, new Outcome.Success(""), now, now + ANSWER_TIME);
      }
      states[due.checker()] = next;
      agenda.add(new Due(next.attemptAt(), due.checker()));
    }
  }

  /** Returns how many attempts were begun in each slot. */
  private int[] slots(long from, long to) {
    var counts = new int[(int) ((to - from) / SLOT)];
    for (long at : starts) {
      if (at >= from && at < to) {
        counts[(int) ((at - from) / SLOT)]++;
      }
    }
    return counts;
  }

  private void assertEven(long from, long to) {
    for (int count : slots(from, to)) {
      assertThat(count).as("from %d ms, %s", from / MILLISECOND, seed).isBetween(225, 275);
    }
  }

  @Test
  void theStartIsSpreadOverTheWarmUpAndAllThatFollowsOverTheDelayLoop() {
    begin(CHECK);
    run(CHECK, 12 * SECOND, Long.MAX_VALUE, Long.MAX_VALUE);
    assertThat(Arrays.stream(slots(0, SECOND)).max().getAsInt()).as("%s", seed).isLessThan(550);
    assertEven(3 * SECOND, 12 * SECOND);
    assertThat(starts.stream().filter(at -> at < 3 * SECOND + ANSWER_TIME).count())
        .as("nobody waits longer than the delay loop")
        .isGreaterThanOrEqualTo(2 * CHECKERS - CHECKERS / 100);
  }

  @Test
  void keepalivedsWarmUpOfADelayLoopIsEvenToo() {
    var check = CHECK.warmUp(Duration.ofSeconds(2));
    begin(check);
    run(check, 12 * SECOND, Long.MAX_VALUE, Long.MAX_VALUE);
    assertEven(0, 12 * SECOND);
  }

  @Test
  void afterAPauseOfTheProcessAnEighthGoesAtOnceAndTheRestInItsOwnRhythm() {
    begin(CHECK);
    run(CHECK, 20 * SECOND, 8 * SECOND, 11 * SECOND);
    assertThat(starts.stream().filter(at -> at == 11 * SECOND).count())
        .as("%s", seed)
        .isLessThanOrEqualTo(CHECKERS / 8 + CHECKERS / 100);
    for (int count : slots(11 * SECOND + SLOT, 20 * SECOND)) {
      assertThat(count).as("%s", seed).isLessThan(525);
    }
  }

  @Test
  void checksThatAreResumedGoOnInTheirOwnRhythm() {
    begin(CHECK);
    run(CHECK, 8 * SECOND, Long.MAX_VALUE, Long.MAX_VALUE);
    starts.clear();
    agenda.clear();
    long resumed = 60 * SECOND + 123 * MILLISECOND;
    for (int i = 0; i < CHECKERS; i++) {
      var before = states[i];
      states[i] = before.resumed(resumed);
      assertThat(states[i].attemptAt()).isGreaterThan(resumed);
      assertThat(states[i].up()).isEqualTo(before.up());
      agenda.add(new Due(states[i].attemptAt(), i));
    }
    run(CHECK, 70 * SECOND, Long.MAX_VALUE, Long.MAX_VALUE);
    assertEven(resumed, resumed + 9 * SECOND);
  }

  @Test
  void whoIsResumedBeforeItsMomentWaitsForIt() {
    var state = CheckState.begin(CHECK, 0.5, 0);
    assertThat(state.resumed(SECOND / 4)).isSameAs(state);
  }

  @Test
  void withoutAWarmUpAllGoTogetherAsWasAskedFor() {
    var check = CHECK.warmUp(Duration.ZERO);
    begin(check);
    run(check, 3 * SECOND, Long.MAX_VALUE, Long.MAX_VALUE);
    assertThat(starts.stream().filter(at -> at == 0).count()).isEqualTo(CHECKERS);
  }
}
