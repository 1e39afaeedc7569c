package io.lvs4j.health.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.HealthCheck;
import io.lvs4j.health.Seed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * 10,000 random lives of a checker, each step compared with what the whole history so far says: a
 * rule about lists of results, which knows of no state.
 */
class CheckStateOracleTest {
  private static final int LIVES = 10_000;
  private static final int STEPS = 60;

  @Test
  void aCheckerIsAtEachMomentWhatItsHistorySays() {
    var seed = Seed.get();
    var random = seed.random();
    for (int life = 0; life < LIVES; life++) {
      live(randomCheck(random), random, "life " + life + ", " + seed);
    }
  }

  private static HealthCheck randomCheck(RandomGenerator random) {
    var check =
        HealthCheck.tcp()
            .every(Duration.ofMillis(random.nextInt(10, 60_000)))
            .retries(random.nextInt(6))
            .delayBeforeRetry(Duration.ofMillis(random.nextInt(5_000)))
            .warmUp(Duration.ofMillis(random.nextInt(10_000)));
    return random.nextBoolean() ? check : check.alpha();
  }

  private static void live(HealthCheck check, RandomGenerator random, String name) {
    // Half of the clocks wrap around in the middle of it.
    long now = random.nextBoolean() ? random.nextLong() : Long.MAX_VALUE - random.nextInt();
    double badness = random.nextDouble();
    double phase = random.nextDouble();
    var state = CheckState.begin(check, phase, now);
    assertThat(state.up()).as(name).isEqualTo(!check.isAlpha());
    assertThat(state.attemptAt() - now).as(name).isBetween(0L, check.warmUp().toNanos());
    List<Boolean> history = new ArrayList<>();
    long loop = firstLoop(check, phase);
    for (int step = 0; step < STEPS; step++) {
      long begun = state.attemptAt();
      now = begun + random.nextLong(6_000_000_000L);
      if (random.nextInt(10) == 0) {
        state = state.after(check, new Outcome.Inconclusive(""), now, now);
        long wait = state.attemptAt() - now;
        assertThat(wait).as(name).isBetween(1L, check.delayLoop().toNanos());
        assertThat((state.attemptAt() - begun) % check.delayLoop().toNanos()).as(name).isZero();
      } else {
        boolean good = random.nextDouble() >= badness;
        history.add(good);
        state =
            state.after(check, good ? new Outcome.Success("") : new Outcome.Failure(""), now, now);
        long expected = expectedDelay(check, history);
        if (expected == check.delayLoop().toNanos()) {
          expected = loop;
          loop = check.delayLoop().toNanos();
        }
        assertThat(state.attemptAt() - now).as(name).isEqualTo(expected);
      }
      assertThat(state.up()).as(name).isEqualTo(expectedUp(check, history));
    }
  }

  /** Up if it was ever up, and not more of the latest results are bad than are forgiven. */
  private static boolean expectedUp(HealthCheck check, List<Boolean> history) {
    if (history.isEmpty()) {
      return !check.isAlpha();
    }
    int lastGood = history.lastIndexOf(true);
    int badSince = history.size() - 1 - lastGood;
    return lastGood >= 0 && badSince <= check.retries();
  }

  /** Shorter the earlier the first attempt was, where the warm-up is shorter than the loop. */
  private static long firstLoop(HealthCheck check, double phase) {
    long loop = check.delayLoop().toNanos();
    long warmUp = check.warmUp().toNanos();
    boolean spread = warmUp > 0 && warmUp < loop;
    return spread ? warmUp + (long) (phase * (loop - warmUp)) : loop;
  }

  private static long expectedDelay(HealthCheck check, List<Boolean> history) {
    boolean retrying = !history.getLast() && expectedUp(check, history);
    return (retrying ? check.delayBeforeRetry() : check.delayLoop()).toNanos();
  }
}
