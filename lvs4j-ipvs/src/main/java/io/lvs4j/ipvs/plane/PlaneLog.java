package io.lvs4j.ipvs.plane;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the plane has to say in the log. No call throws, whatever the logger does. What may go on
 * for ever, such as a fight with another program, is said once in full and then counted: each
 * minute one line sums it up.
 */
final class PlaneLog {
  private static final Logger LOG = System.getLogger("io.lvs4j.ipvs");
  private static final long WINDOW = Duration.ofMinutes(1).toNanos();

  /** After so long without it, something is new again. */
  private static final long FORGOTTEN = Duration.ofMinutes(10).toNanos();

  private static final int IN_FULL = 10;
  private static final int SUBJECTS = 10_000;

  private final LongSupplier clock;
  private final Map<String, Long> last = new HashMap<>();
  private final AtomicLong failures = new AtomicLong();
  private long windowBegan;
  private int inFull;
  private int more;
  private @Nullable Said lastOfThem;

  /** What was not said in full. */
  private record Said(Level level, String text) {}

  /**
   * Creates one.
   *
   * @param clock nanoseconds
   */
  PlaneLog(LongSupplier clock) {
    this.clock = clock;
    this.windowBegan = clock.getAsLong();
  }

  /** Says something that happens once. */
  void say(Level level, Supplier<String> text) {
    try {
      LOG.log(level, text);
    } catch (Throwable broken) {
      failures.incrementAndGet();
    }
  }

  /**
   * Says something that may happen again and again.
   *
   * @param subject what it is about
   */
  synchronized void repeat(Level level, String subject, Supplier<String> text) {
    try {
      long now = clock.getAsLong();
      var before = last.get(subject);
      boolean known = before != null && now - before < FORGOTTEN;
      if (known || last.size() < SUBJECTS) {
        last.put(subject, now);
      }
      if (now - windowBegan >= WINDOW) {
        sumUp();
      }
      if (known || inFull >= IN_FULL) {
        more++;
        lastOfThem = new Said(level, text.get());
      } else {
        inFull++;
        LOG.log(level, text);
      }
    } catch (Throwable broken) {
      failures.incrementAndGet();
    }
  }

  /** Counts something that went wrong inside, and says so; it may be an error of the JVM's. */
  void failed(String what, Throwable failure) {
    failures.incrementAndGet();
    try {
      repeat(Level.ERROR, what + failure.getClass(), () -> what + " failed: " + trace(failure));
    } catch (Throwable again) {
      failures.incrementAndGet();
    }
  }

  private static String trace(Throwable failure) {
    var trace = failure.getStackTrace();
    return failure + (trace.length == 0 ? "" : " at " + trace[0]);
  }

  /** Returns how often something went wrong inside. */
  long failures() {
    return failures.get();
  }

  /** Sums up what was not said in full, when its minute is over. */
  synchronized void settle() {
    try {
      long now = clock.getAsLong();
      if (now - windowBegan >= WINDOW) {
        sumUp();
        last.values().removeIf(at -> now - at >= FORGOTTEN);
      }
    } catch (Throwable broken) {
      failures.incrementAndGet();
    }
  }

  private void sumUp() {
    int count = more;
    var said = lastOfThem;
    windowBegan = clock.getAsLong();
    inFull = 0;
    more = 0;
    lastOfThem = null;
    if (said != null) {
      LOG.log(
          said.level(),
          () -> count + " more of the kind within a minute, the last of them: " + said.text());
    }
  }
}
