package io.lvs4j.core.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The wheel on a clock that only the test moves. */
class TimeoutWheelTest {
  private static final long MILLISECOND = 1_000_000;
  private static final long TICK = 16 * MILLISECOND;

  private long now;
  private long ringsAt;
  private boolean armed;
  private int rings;
  private TimeoutWheel wheel = newWheel();

  @BeforeEach
  void start() {
    now = Long.MAX_VALUE - Duration.ofMinutes(1).toNanos(); // the clock may overflow
    wheel = newWheel();
  }

  private TimeoutWheel newWheel() {
    armed = false;
    return new TimeoutWheel(
        now,
        delay -> {
          armed = true;
          ringsAt = now + delay;
        });
  }

  private final class Waiting extends TimeoutWheel.Entry {
    long deadline;
    long expiredAt = -1;
    int expirations;
    int faults;
    @Nullable Error thrown;

    Waiting(long deadline) {
      this.deadline = deadline;
    }

    @Override
    long deadline() {
      return deadline;
    }

    @Override
    void expired() {
      expiredAt = now;
      expirations++;
      if (thrown != null) {
        throw thrown;
      }
    }

    @Override
    void fault(Throwable fault) {
      assertThat(fault).isSameAs(thrown);
      faults++;
    }
  }

  @Test
  void anEntryThatThrowsKeepsNoOtherFromExpiring() {
    var first = schedule(Duration.ofMillis(100));
    var second = schedule(Duration.ofMillis(100));
    var later = schedule(Duration.ofMillis(500));
    first.thrown = new StackOverflowError();
    second.thrown = new OutOfMemoryError();

    pass(Duration.ofSeconds(1));

    assertThat(first.faults).isOne();
    assertThat(second.faults).isOne();
    assertThat(later.expirations).isOne();
  }

  private Waiting schedule(Duration in) {
    var entry = new Waiting(now + in.toNanos());
    wheel.schedule(entry, now);
    return entry;
  }

  /** Lets time pass, and the alarm ring when it is due. */
  private void pass(Duration time) {
    long until = now + time.toNanos();
    while (armed && ringsAt - until <= 0) {
      now = ringsAt;
      armed = false;
      rings++;
      wheel.turn(now);
    }
    now = until;
  }

  @Test
  void expiresWithinATickAfterTheDeadlineAndNeverBefore() {
    for (var time :
        List.of(
            Duration.ofMillis(1),
            Duration.ofMillis(16),
            Duration.ofMillis(200),
            Duration.ofSeconds(5),
            Duration.ofSeconds(16),
            Duration.ofSeconds(40))) {
      var entry = schedule(time);
      pass(Duration.ofSeconds(50));
      assertThat(entry.expirations).as("%s", time).isOne();
      assertThat(entry.expiredAt - entry.deadline).as("%s", time).isBetween(0L, TICK);
    }
  }

  @Test
  void expiresLaterWhenTheDeadlineHasMovedWithoutAWord() {
    var entry = schedule(Duration.ofMillis(100));
    pass(Duration.ofMillis(90));
    entry.deadline = now + Duration.ofMillis(500).toNanos();

    pass(Duration.ofMillis(499));
    assertThat(entry.expirations).isZero();
    pass(Duration.ofMillis(20));
    assertThat(entry.expirations).isOne();
  }

  @Test
  void expiresEarlierWhenItIsScheduledAnew() {
    var entry = schedule(Duration.ofSeconds(30));
    entry.deadline = now + Duration.ofMillis(50).toNanos();
    wheel.schedule(entry, now);

    pass(Duration.ofMillis(70));
    assertThat(entry.expirations).isOne();
  }

  @Test
  void aCancelledEntryDoesNotExpire() {
    var first = schedule(Duration.ofMillis(50));
    var second = schedule(Duration.ofMillis(50));
    var third = schedule(Duration.ofMillis(50));
    wheel.cancel(second);
    wheel.cancel(second);

    pass(Duration.ofMillis(100));
    assertThat(List.of(first.expirations, second.expirations, third.expirations))
        .containsExactly(1, 0, 1);
  }

  @Test
  void anIdleConnectionIsLookedAtOnceATurn() {
    schedule(Duration.ofSeconds(50));
    pass(Duration.ofSeconds(49));
    assertThat(rings).isLessThanOrEqualTo(4);
  }

  @Test
  void anEmptyWheelDoesNotRing() {
    schedule(Duration.ofMillis(50));
    pass(Duration.ofSeconds(1));
    int before = rings;
    pass(Duration.ofSeconds(40));
    assertThat(rings).isEqualTo(before);
    var late = schedule(Duration.ofMillis(50));
    pass(Duration.ofMillis(70));
    assertThat(late.expirations).isOne();
  }

  @Test
  void aStalledLoopCatchesUp() {
    var entries = new ArrayList<Waiting>();
    for (int i = 0; i < 3000; i++) {
      entries.add(schedule(Duration.ofMillis(10 * i)));
    }
    now += Duration.ofSeconds(25).toNanos();
    wheel.turn(now);

    assertThat(entries)
        .allSatisfy(
            entry -> assertThat(entry.expirations).isEqualTo(entry.deadline - now <= 0 ? 1 : 0));
    pass(Duration.ofSeconds(6));
    assertThat(entries).allSatisfy(entry -> assertThat(entry.expirations).isOne());
  }

  @Test
  void anyHistoryOfSchedulingMovingAndCancellingExpiresWhatIsDueAndNothingElse() {
    var random = Seed.random();
    var entries = new ArrayList<Waiting>();
    for (int step = 0; step < 20_000; step++) {
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> entries.add(schedule(Duration.ofMillis(random.nextInt(20_000))));
        case 3 -> {
          if (!entries.isEmpty()) {
            var entry = entries.get(random.nextInt(entries.size()));
            entry.deadline += random.nextLong(5_000_000_000L);
          }
        }
        case 4 -> {
          if (!entries.isEmpty()) {
            wheel.cancel(entries.remove(random.nextInt(entries.size())));
          }
        }
        default -> pass(Duration.ofNanos(random.nextLong(40 * MILLISECOND)));
      }
      entries.removeIf(entry -> {
        if (entry.expirations > 0) {
          assertThat(entry.expiredAt - entry.deadline).as(Seed.hint()).isBetween(0L, 2 * TICK);
          return true;
        }
        assertThat(now - entry.deadline).as(Seed.hint()).isLessThanOrEqualTo(2 * TICK);
        return false;
      });
    }
  }
}
