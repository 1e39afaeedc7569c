package io.lvs4j.health.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.HttpGet;
import io.lvs4j.api.HttpUrl;
import io.lvs4j.api.ProcessRun;
import io.lvs4j.health.Seed;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkers of several steps, of a rise, and of programs, on a clock that the test moves. */
class RoundsTest {
  private static final long SECOND = 1_000_000_000L;
  private static final HttpGet THREE =
      HttpGet.of(HttpUrl.of("/0"), HttpUrl.of("/1"), HttpUrl.of("/2")).fastRecovery(false);

  /**
   * Plays attempts, each {@code STEP+} (passes) or {@code STEP-} (fails) with the step that has to
   * be due, and returns what follows: the verdict, and the seconds to the next attempt.
   */
  private static String play(HealthCheck check, String attempts) {
    long now = 1_000 * SECOND;
    var state = CheckState.begin(check.warmUp(Duration.ZERO), 0, now);
    for (var attempt : attempts.split(" ")) {
      now = state.attemptAt();
      assertThat(attempt.charAt(0) - '0')
          .as("step before %s in %s", attempt, attempts)
          .isEqualTo(state.step());
      Outcome outcome =
          switch (attempt.charAt(1)) {
            case '+' -> new Outcome.Success("");
            case '-' -> new Outcome.Failure("");
            default -> new Outcome.Inconclusive("");
          };
      state = state.after(check, outcome, now, now);
    }
    return (state.up() ? "up" : "down") + " " + (state.attemptAt() - now) / SECOND;
  }

  private static HealthCheck slow(HttpGet get) {
    return HealthCheck.of(get)
        .every(Duration.ofSeconds(10))
        .retries(2)
        .delayBeforeRetry(Duration.ofSeconds(3));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    // One URL at each check, in order, over and over.
    "0+, up 10",
    "0+ 1+ 2+, up 10",
    "0+ 1+ 2+ 0+ 1+, up 10",
    // No retry in the first round, whichever URL it is.
    "0-, down 10",
    "0+ 1-, down 10",
    "0+ 1+ 2-, down 10",
    // Afterwards the same URL is tried again.
    "0+ 1+ 2+ 0-, up 3",
    "0+ 1+ 2+ 0+ 1- 1-, up 3",
    "0+ 1+ 2+ 0+ 1- 1- 1-, down 10",
    "0+ 1+ 2+ 0+ 1- 1- 1+ 2+ 0- 0- 0+, up 10",
    // While down only the failed URL is asked for; then all are, from the first one on.
    "0+ 1- 1- 1-, down 10",
    "0+ 1- 1+, down 10",
    "0+ 1- 1+ 0+ 1+, down 10",
    "0+ 1- 1+ 0+ 1+ 2+, up 10",
    // A failure on that way begins it anew.
    "0+ 1- 1+ 0+ 1+ 2- 2- 2+ 0+ 1+, down 10",
    "0+ 1- 1+ 0+ 1+ 2- 2+ 0+ 1+ 2+, up 10",
    "0+ 1- 1? 1+ 0? 0+ 1+ 2+, up 10",
  })
  void severalUrlsAreAskedForInRounds(String attempts, String then) {
    assertThat(play(slow(THREE), attempts)).isEqualTo(then);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "0+, up 0",
    "0+ 1+, up 0",
    "0+ 1+ 2+, up 10",
    "0+ 1+ 2+ 0+, up 10",
    "0+ 1-, down 10",
    "0+ 1- 1+, down 0",
    "0+ 1- 1+ 0+ 1+, down 0",
    "0+ 1- 1+ 0+ 1+ 2+, up 10",
  })
  void fastRecoveryAsksForThemBackToBack(String attempts, String then) {
    assertThat(play(slow(THREE.fastRecovery(true)), attempts)).isEqualTo(then);
  }

  @Test
  void aServerOfOneUrlIsAskedTwiceBeforeItIsUpAgain() {
    var one = slow(HttpGet.of("/").fastRecovery(false));
    assertThat(play(one, "0- 0- 0+")).isEqualTo("down 10");
    assertThat(play(one, "0- 0- 0+ 0+")).isEqualTo("up 10");
    assertThat(play(slow(HttpGet.of("/")), "0- 0+")).isEqualTo("down 0");
  }

  @Test
  void whileDownTheLongerOfBothDelaysCounts() {
    var patient = slow(THREE).delayBeforeRetry(Duration.ofSeconds(30));
    assertThat(play(patient, "0-")).isEqualTo("down 30");
    assertThat(play(HealthCheck.tcp().delayBeforeRetry(Duration.ofSeconds(30)), "0-"))
        .isEqualTo("down 5");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void aRiseTakesThatManySuccessesInARow(int rise) {
    var check = HealthCheck.tcp().rise(rise);
    assertThat(play(check, "0-" + " 0+".repeat(rise))).isEqualTo("up 5");
    if (rise > 1) {
      assertThat(play(check, "0-" + " 0+".repeat(rise - 1))).isEqualTo("down 5");
      assertThat(play(check, "0-" + " 0+".repeat(rise - 1) + " 0- 0+")).isEqualTo("down 5");
      assertThat(play(check.alpha(), "0+")).isEqualTo("down 5");
    }
    assertThat(play(check.alpha(), "0+" + " 0+".repeat(rise - 1))).isEqualTo("up 5");
  }

  @Test
  void aFallIsAnotherWordForRetries() {
    assertThat(HealthCheck.tcp().fall(3)).isEqualTo(HealthCheck.tcp().retries(2));
  }

  @Test
  void programsAreRunFromBeginToBegin() {
    var check = HealthCheck.of(ProcessRun.of("/bin/true")).every(Duration.ofSeconds(10));
    var state = CheckState.begin(check.warmUp(Duration.ZERO), 0, 0);
    var good = new Outcome.Success("");
    assertThat(state.after(check, good, 0, 4 * SECOND).attemptAt()).isEqualTo(10 * SECOND);
    assertThat(state.after(check, good, 0, 13 * SECOND).attemptAt()).isEqualTo(13 * SECOND);
    var tcp = HealthCheck.tcp().every(Duration.ofSeconds(10));
    assertThat(state.after(tcp, good, 0, 4 * SECOND).attemptAt()).isEqualTo(14 * SECOND);
  }

  @Test
  void aWeightIsThatOfTheLastSuccessAndNothingWhileDown() {
    var check = HealthCheck.of(ProcessRun.of("/bin/true").dynamic()).retries(1);
    var bad = new Outcome.Failure("");
    var state = CheckState.begin(check, 0, 0);
    assertThat(state.weight()).isEqualTo(WeightReport.NONE);
    state = state.after(check, new Outcome.Success("", WeightReport.of(7)), 0, 0);
    assertThat(state.weight()).isEqualTo(WeightReport.of(7));
    state = state.after(check, bad, 0, 0);
    assertThat(state.up()).isTrue();
    assertThat(state.weight()).isEqualTo(WeightReport.of(7));
    state = state.after(check, new Outcome.Inconclusive(""), 0, 0);
    assertThat(state.weight()).isEqualTo(WeightReport.of(7));
    state = state.after(check, bad, 0, 0);
    assertThat(state.up()).isFalse();
    assertThat(state.weight()).isEqualTo(WeightReport.NONE);
    state = state.after(check, new Outcome.Success(""), 0, 0);
    assertThat(state.weight()).isEqualTo(WeightReport.NONE);
  }

  /** keepalived's issue 2720: weights of dynamic scripts that are killed add up over the days. */
  @Test
  void noHistoryOfOutcomesLeavesAWeightBehind() {
    var seed = Seed.get();
    var random = seed.random();
    for (int game = 0; game < 200; game++) {
      var check =
          HealthCheck.of(ProcessRun.of("/bin/true").dynamic())
              .retries(random.nextInt(3))
              .rise(1 + random.nextInt(3));
      var state = CheckState.begin(check, 0, 0);
      for (int i = 0; i < 100; i++) {
        Outcome outcome =
            switch (random.nextInt(4)) {
              case 0 -> new Outcome.Failure("");
              case 1 -> new Outcome.Inconclusive("");
              case 2 -> new Outcome.Success("", WeightReport.of(random.nextInt(254)));
              default -> new Outcome.Success("", WeightReport.added(random.nextInt(-9, 9)));
            };
        state = state.after(check, outcome, i, i);
        if (outcome instanceof Outcome.Success success) {
          assertThat(state.weight()).as("%s", seed).isEqualTo(success.weight());
        }
        assertThat(
                state.up()
                    || outcome instanceof Outcome.Success
                    || state.weight().equals(WeightReport.NONE)
                    || !state.checked()
                    || outcome instanceof Outcome.Inconclusive)
            .as("%s", seed)
            .isTrue();
      }
      state = state.after(check, new Outcome.Success(""), 0, 0);
      assertThat(state.weight().effective(5)).as("%s", seed).isEqualTo(5);
    }
  }
}
