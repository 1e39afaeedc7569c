package io.lvs4j.examples.gateway;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Tells what happens and when, and keeps count of the claims that were not true. */
final class Timeline {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final PrintStream out;
  private final long began;
  private int claims;
  private int untrue;

  Timeline(PrintStream out, long began) {
    this.out = out;
    this.began = began;
  }

  /** Begins a part of the show. */
  synchronized void part(String title) {
    out.println();
    out.println(title);
  }

  /** Tells something. */
  synchronized void tell(String text) {
    out.printf(Locale.ROOT, "%8.3f s  %s%n", (System.nanoTime() - began) / 1e9, text);
  }

  /** Tells something that is claimed, and whether it is true. */
  synchronized void claim(String text, boolean isTrue) {
    claims++;
    if (!isTrue) {
      untrue++;
    }
    tell((isTrue ? "ok     " : "FALSE  ") + text);
  }

  /** Waits for something that is claimed to come true, and tells whether it did. */
  void claimEventually(String text, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
      if (Thread.interrupted()) {
        throw new InterruptedException("while waiting for: " + text);
      }
    }
    claim(text, condition.getAsBoolean());
  }

  /** Tells how it went. */
  void conclude() {
    part(
        allTrue()
            ? "All " + claims + " claims were true."
            : untrue + " of " + claims + " claims were NOT true.");
  }

  synchronized boolean allTrue() {
    return untrue == 0;
  }
}
