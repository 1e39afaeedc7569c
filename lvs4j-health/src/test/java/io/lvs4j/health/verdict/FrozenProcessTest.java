package io.lvs4j.health.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.HealthCheck;
import io.lvs4j.health.Seed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * A thousand checkers on virtual time in a process that stands still for three seconds, as in a
 * full collection or a suspended machine: nothing is read, no timer fires, and what arrives
 * meanwhile is lost.
 */
class FrozenProcessTest {
  private static final int CHECKERS = 1_000;
  private static final long SECOND = 1_000_000_000L;
  private static final long MILLISECOND = 1_000_000L;
  private static final long ANSWER_TIME = 20 * MILLISECOND;
  private static final HealthCheck CHECK =
      HealthCheck.tcp()
          .every(Duration.ofSeconds(2))
          .connectTimeout(Duration.ofSeconds(1))
          .retries(0)
          .warmUp(Duration.ofSeconds(2));
  private static final long TIMEOUT = CHECK.connectTimeout().toNanos();
  private static final long FREEZE = 10 * SECOND;
  private static final long THAW = 13 * SECOND;

  private final Seed seed = Seed.get();
  private final RandomGenerator random = seed.random();
  private final PriorityQueue<Due> agenda = new PriorityQueue<>();
  private final CheckState[] states = new CheckState[CHECKERS];
  private final List<Long> starts = new ArrayList<>();
  private final List<Long> downs = new ArrayList<>();

  /** The begin of an attempt, or the end of the one that was begun then. */
  private record Due(long at, int checker, OptionalLong begun) implements Comparable<Due> {
    static Due begin(long at, int checker) {
      return new Due(at, checker, OptionalLong.empty());
    }

    static Due end(long at, int checker, long begun) {
      return new Due(at, checker, OptionalLong.of(begun));
    }

    @Override
    public int compareTo(Due other) {
      return Long.compare(at, other.at);
    }
  }

  @Test
  void noServerGoesDownAndNoBurstOfAttemptsFollows() {
    run(20 * SECOND, Long.MAX_VALUE);

    assertThat(downs).as("went down, %s", seed).isEmpty();
    assertThat(startsFrom(8 * SECOND, FREEZE)).as("before, %s", seed).isBetween(900L, 1100L);
    assertThat(startsFrom(THAW, THAW + 1)).as("at the thaw, %s", seed).isLessThan(200);
    for (long slot = THAW + 1; slot < 16 * SECOND; slot += 100 * MILLISECOND) {
      // 50 in a tenth of a second is the usual rate.
      assertThat(startsFrom(slot, slot + 100 * MILLISECOND))
          .as("%d, %s", slot, seed)
          .isLessThan(120);
    }
    assertThat(startsFrom(16 * SECOND, 18 * SECOND)).as("later, %s", seed).isBetween(900L, 1100L);
  }

  @Test
  void serversThatReallyDiedMeanwhileAreFoundOut() {
    run(20 * SECOND, 11 * SECOND);

    assertThat(downs).as("%s", seed).hasSize(CHECKERS).allMatch(at -> at > THAW);
    // one turn, one that was missed, the timeout
    assertThat(downs.getLast()).as("%s", seed).isLessThanOrEqualTo(THAW + 5 * SECOND);
  }

  private long startsFrom(long from, long to) {
    return starts.stream().filter(at -> at >= from && at < to).count();
  }

  private void run(long until, long deathOfServers) {
    for (int i = 0; i < CHECKERS; i++) {
      states[i] = CheckState.begin(CHECK, random.nextDouble(), 0);
      agenda.add(Due.begin(states[i].attemptAt(), i));
    }
    while (agenda.element().at() < until) {
      var due = agenda.remove();
      long now = frozen(due.at()) ? THAW : due.at();
      if (due.begun().isPresent()) {
        end(due, now);
      } else {
        begin(due.checker(), now, deathOfServers);
      }
    }
  }

  private void begin(int checker, long now, long deathOfServers) {
    var next = states[checker].whenDue(now);
    if (!next.equals(states[checker])) {
      states[checker] = next;
      agenda.add(Due.begin(next.attemptAt(), checker));
      return;
    }
    starts.add(now);
    long answer = now + ANSWER_TIME;
    boolean answered = answer < deathOfServers && !frozen(answer);
    agenda.add(Due.end(answered ? answer : now + TIMEOUT, checker, now));
  }

  private void end(Due due, long now) {
    long begun = due.begun().getAsLong();
    Outcome outcome;
    if (due.at() == begun + ANSWER_TIME) {
      outcome = new Outcome.Success("");
    } else if (Stall.discredits(due.at(), now, CHECK.connectTimeout())) {
      outcome = new Outcome.Inconclusive("");
    } else {
      outcome = new Outcome.Failure("");
    }
    var before = states[due.checker()];
    var after = before.after(CHECK, outcome, now, now);
    states[due.checker()] = after;
    if (before.up() && !after.up()) {
      downs.add(now);
    }
    agenda.add(Due.begin(after.attemptAt(), due.checker()));
  }

  private static boolean frozen(long moment) {
    return moment >= FREEZE && moment < THAW;
  }
}
