package io.lvs4j.health.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.HealthCheck;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of keepalived's checkers, one by one, on a clock that the test moves. */
class CheckStateTest {
  private static final Outcome GOOD = new Outcome.Success("good");
  private static final Outcome BAD = new Outcome.Failure("bad");
  private static final Outcome NOTHING = new Outcome.Inconclusive("nothing");
  private static final long SECOND = 1_000_000_000L;
  private static final HealthCheck CHECK =
      HealthCheck.tcp()
          .every(Duration.ofSeconds(10))
          .retries(2)
          .delayBeforeRetry(Duration.ofSeconds(3))
          .warmUp(Duration.ofSeconds(10));

  private long now = 1_000 * SECOND;

  private CheckState begin(HealthCheck check) {
    return CheckState.begin(check, 0, now);
  }

  /** Lets attempts end with these outcomes, each at the moment when it was due. */
  private CheckState play(CheckState state, HealthCheck check, Outcome... outcomes) {
    for (var outcome : outcomes) {
      now = state.attemptAt();
      assertThat(state.whenDue(now)).as("an attempt in time is made").isSameAs(state);
      state = state.after(check, outcome, now, now);
    }
    return state;
  }

  private long secondsToNextAttempt(CheckState state) {
    return (state.attemptAt() - now) / SECOND;
  }

  @Nested
  class AtFirst {
    @ParameterizedTest(name = "at phase {0} waits {1} s")
    @CsvSource({"0,0", "0.2,2", "0.5,5", "0.999999999,9"})
    void waitsForAPartOfTheWarmUp(double phase, long seconds) {
      assertThat(secondsToNextAttempt(CheckState.begin(CHECK, phase, now))).isEqualTo(seconds);
    }

    @ParameterizedTest(name = "at phase {0} after {1} s")
    @CsvSource({"0,4", "0.5,7", "0.999999999,9"})
    void asksAgainSoonerIfTheWarmUpIsShorterThanTheDelayLoop(double phase, long seconds) {
      var check = CHECK.warmUp(Duration.ofSeconds(4));
      var asked = play(CheckState.begin(check, phase, now), check, GOOD);
      assertThat(secondsToNextAttempt(asked)).isEqualTo(seconds);
      assertThat(secondsToNextAttempt(play(asked, check, GOOD))).isEqualTo(10);
    }

    @Test
    void asksAgainAfterTheDelayLoopIfThereIsNoWarmUp() {
      var check = CHECK.warmUp(Duration.ZERO);
      assertThat(secondsToNextAttempt(play(begin(check), check, GOOD))).isEqualTo(10);
    }

    @Test
    void holdsTheServerForUp() {
      assertThat(begin(CHECK).up()).isTrue();
      assertThat(begin(CHECK).checked()).isFalse();
    }

    @Test
    void holdsTheServerForDownInAlphaMode() {
      assertThat(begin(CHECK.alpha()).up()).isFalse();
    }

    @Test
    void takesTheServerDownWithTheVeryFirstFailure() {
      var state = play(begin(CHECK), CHECK, BAD);
      assertThat(state.up()).isFalse();
      assertThat(secondsToNextAttempt(state)).isEqualTo(10);
    }

    @Test
    void neitherForgivesTheFirstFailureInAlphaMode() {
      var state = play(begin(CHECK.alpha()), CHECK.alpha(), BAD);
      assertThat(state.up()).isFalse();
      assertThat(secondsToNextAttempt(state)).isEqualTo(10);
    }

    @Test
    void takesTheServerUpWithTheFirstSuccessInAlphaMode() {
      var state = play(begin(CHECK.alpha()), CHECK.alpha(), BAD, BAD, GOOD);
      assertThat(state.up()).isTrue();
      assertThat(secondsToNextAttempt(state)).isEqualTo(10);
    }
  }

  @Nested
  class WhileUp {
    private final CheckState up = play(begin(CHECK), CHECK, GOOD);

    @Test
    void asksAgainAfterTheDelayLoop() {
      assertThat(up.up()).isTrue();
      assertThat(secondsToNextAttempt(up)).isEqualTo(10);
    }

    @Test
    void forgivesAsManyFailuresInARowAsThereAreRetries() {
      var once = play(up, CHECK, BAD);
      assertThat(once.up()).isTrue();
      assertThat(secondsToNextAttempt(once)).isEqualTo(3);
      var twice = play(once, CHECK, BAD);
      assertThat(twice.up()).isTrue();
      assertThat(secondsToNextAttempt(twice)).isEqualTo(3);
      var thrice = play(twice, CHECK, BAD);
      assertThat(thrice.up()).isFalse();
      assertThat(secondsToNextAttempt(thrice)).isEqualTo(10);
    }

    @Test
    void beginsToCountAnewAfterASuccess() {
      var state = play(up, CHECK, BAD, BAD, GOOD, BAD, BAD);
      assertThat(state.up()).isTrue();
      assertThat(play(state, CHECK, BAD).up()).isFalse();
    }

    @Test
    void forgivesNothingWithoutRetries() {
      var state = play(up, CHECK.retries(0), BAD);
      assertThat(state.up()).isFalse();
      assertThat(secondsToNextAttempt(state)).isEqualTo(10);
    }

    @Test
    void triesAgainAtOnceWithoutADelayBeforeRetry() {
      var state = play(up, CHECK.delayBeforeRetry(Duration.ZERO), BAD);
      assertThat(secondsToNextAttempt(state)).isZero();
      assertThat(state.up()).isTrue();
    }

    @Test
    void takesRetriesTimesTheDelayBetweenToNoticeTheDeathOfAServer() {
      long before = now;
      var state = play(up, CHECK, BAD, BAD, BAD);
      assertThat(state.up()).isFalse();
      // one delay loop until the first failure, two delays before the retries
      assertThat((now - before) / SECOND).isEqualTo(10 + 2 * 3);
    }
  }

  @Nested
  class WhileDown {
    private final CheckState down = play(begin(CHECK), CHECK, GOOD, BAD, BAD, BAD);

    @Test
    void asksOncePerDelayLoopWithoutRetries() {
      var state = down;
      for (int i = 0; i < 5; i++) {
        state = play(state, CHECK, BAD);
        assertThat(state.up()).isFalse();
        assertThat(secondsToNextAttempt(state)).isEqualTo(10);
      }
    }

    @Test
    void takesTheServerUpWithOneSuccess() {
      var state = play(down, CHECK, BAD, GOOD);
      assertThat(state.up()).isTrue();
      assertThat(secondsToNextAttempt(state)).isEqualTo(10);
    }

    @Test
    void forgivesAsManyFailuresAsBeforeOnceItIsUpAgain() {
      assertThat(play(down, CHECK, GOOD, BAD, BAD).up()).isTrue();
      assertThat(play(down, CHECK, GOOD, BAD, BAD, BAD).up()).isFalse();
    }
  }

  @Nested
  class WhenAnAttemptSaysNothing {
    @Test
    void keepsItsVerdictAndItsCount() {
      var forgiven = play(begin(CHECK), CHECK, GOOD, BAD, BAD);
      var after = play(forgiven, CHECK, NOTHING, NOTHING);
      assertThat(after.up()).isTrue();
      assertThat(after.failures()).isEqualTo(2);
      assertThat(after.inconclusive()).isEqualTo(2);
      assertThat(play(after, CHECK, BAD).up()).isFalse();
    }

    @Test
    void keepsWaitingForTheFirstResult() {
      var state = play(begin(CHECK), CHECK, NOTHING);
      assertThat(state.checked()).isFalse();
      assertThat(play(state, CHECK, BAD).up()).isFalse();
    }

    @Test
    void stopsCountingThemAtTheNextResult() {
      assertThat(play(begin(CHECK), CHECK, NOTHING, GOOD).inconclusive()).isZero();
    }

    @Test
    void asksAgainInItsOwnRhythm() {
      var state = play(begin(CHECK), CHECK, GOOD);
      long due = state.attemptAt();
      // Begun when due, ended 23 s later: the beats at 10 and 20 s are gone.
      assertThat(state.after(CHECK, NOTHING, due, due + 23 * SECOND).attemptAt())
          .isEqualTo(due + 30 * SECOND);
    }
  }

  @Nested
  class AfterAPauseOfTheProcess {
    private final CheckState up = play(begin(CHECK), CHECK, GOOD);

    @ParameterizedTest(name = "of {0} ms")
    @CsvSource({"0", "100", "1250"})
    void goesAtOnceIfItIsLateByUpToAnEighthOfItsDelay(long late) {
      assertThat(up.whenDue(up.attemptAt() + late * 1_000_000)).isSameAs(up);
    }

    @ParameterizedTest(name = "of {0} ms")
    @CsvSource({"1251,10", "9999,10", "10000,20", "10001,20", "35000,40"})
    void waitsForItsNextTurnIfItIsLater(long late, long next) {
      long due = up.attemptAt();
      var postponed = up.whenDue(due + late * 1_000_000);
      assertThat(postponed.attemptAt()).isEqualTo(due + next * SECOND);
      assertThat(postponed.up()).isTrue();
      assertThat(postponed.failures()).isZero();
    }

    @Test
    void doesNotWaitTwice() {
      var postponed = up.whenDue(up.attemptAt() + 5 * SECOND);
      assertThat(postponed.whenDue(postponed.attemptAt() + 5 * SECOND)).isSameAs(postponed);
    }

    @Test
    void mayWaitAgainOnceItHasAsked() {
      var postponed = up.whenDue(up.attemptAt() + 5 * SECOND);
      var asked = postponed.after(CHECK, GOOD, postponed.attemptAt(), postponed.attemptAt());
      assertThat(asked.whenDue(asked.attemptAt() + 5 * SECOND)).isNotSameAs(asked);
    }

    @Test
    void keepsTheSpreadOfTheFirstAttempts() {
      var first = CheckState.begin(CHECK, 0.2, now);
      assertThat(first.whenDue(now + 6 * SECOND).attemptAt()).isEqualTo(now + 12 * SECOND);
    }

    @Test
    void toleratesATenthOfASecondHoweverShortTheDelay() {
      var often = CHECK.every(Duration.ofMillis(10));
      var state = begin(often).after(often, GOOD, now, now);
      assertThat(state.whenDue(state.attemptAt() + 100_000_000)).isSameAs(state);
      assertThat(state.whenDue(state.attemptAt() + 100_000_001)).isNotSameAs(state);
    }

    @Test
    void goesAtOnceWhereThereIsNoDelayToWaitFor() {
      var atOnce = CHECK.warmUp(Duration.ZERO);
      var state = begin(atOnce).whenDue(now + 5 * SECOND);
      assertThat(state.attemptAt()).isEqualTo(now + 5 * SECOND);
    }
  }

  @Test
  void countsOnAClockThatWrapsAround() {
    now = Long.MAX_VALUE - SECOND;
    var state = play(begin(CHECK), CHECK, GOOD);
    assertThat(state.attemptAt()).isNegative();
    assertThat(secondsToNextAttempt(state)).isEqualTo(10);
    assertThat(state.whenDue(state.attemptAt() + SECOND)).isSameAs(state);
    assertThat(state.whenDue(state.attemptAt() + 2 * SECOND).attemptAt() - state.attemptAt())
        .isEqualTo(10 * SECOND);
  }

  @ParameterizedTest(name = "attempts until down with {0} retries: {1}")
  @CsvSource({"0,1", "1,2", "2,3", "1000,1001"})
  void saysHowManyAttemptsMayFail(int retries, int attempts) {
    var check = CHECK.retries(retries);
    assertThat(begin(check).attemptsUntilDown(check)).as("at first").isEqualTo(1);
    assertThat(play(begin(check), check, GOOD).attemptsUntilDown(check)).isEqualTo(attempts);
    assertThat(play(begin(check), check, BAD).attemptsUntilDown(check)).as("down").isEqualTo(1);
  }

  @Test
  void togetherWithOthersTakesAServerUpOnlyIfAllDo() {
    var up = begin(CHECK);
    var down = begin(CHECK.alpha());
    assertThat(CheckState.allUp(List.of())).isTrue();
    assertThat(CheckState.allUp(List.of(up))).isTrue();
    assertThat(CheckState.allUp(List.of(up, up))).isTrue();
    assertThat(CheckState.allUp(List.of(up, down))).isFalse();
    assertThat(CheckState.allUp(List.of(down, down))).isFalse();
  }
}
