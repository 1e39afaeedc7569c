package io.lvs4j.lab.ipvs;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.time.Duration;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;

/**
 * Watches whether this guest gets its processor: a thread that wants to run every few milliseconds
 * takes down each time that it was much too late. Nobody's checks are in time in such a moment.
 */
final class Standstill implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofMillis(20);
  private static final Duration MUCH = Duration.ofMillis(250);

  private final CountDownLatch closed = new CountDownLatch(1);
  private final NavigableMap<Instant, Duration> late = new ConcurrentSkipListMap<>();

  private Standstill() {}

  static Standstill watch() {
    var watch = new Standstill();
    Thread.ofPlatform().daemon().name("standstill").start(watch::run);
    return watch;
  }

  private void run() {
    try {
      long before = System.nanoTime();
      while (!closed.await(PERIOD.toMillis(), MILLISECONDS)) {
        long now = System.nanoTime();
        var lateness = Duration.ofNanos(now - before).minus(PERIOD);
        if (lateness.compareTo(MUCH) > 0) {
          late.put(Instant.now(), lateness);
        }
        before = now;
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says whether it has ever been much too late since then. */
  boolean since(Instant begin) {
    return !late.tailMap(begin).isEmpty();
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
