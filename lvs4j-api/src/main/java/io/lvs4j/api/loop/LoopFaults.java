package io.lvs4j.api.loop;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The faults that a loop has survived: counted, and logged at a bounded rate. No method throws, not
 * even where there is no memory left.
 *
 * <p>Thread-safe.
 */
public final class LoopFaults {
  private final String loop;
  private final LoopLogger log;
  private final AtomicLong count = new AtomicLong();
  private volatile String last = "";

  /**
   * Creates the faults of a loop, none so far.
   *
   * @param loop the name of its thread
   * @param log where they are logged
   */
  public LoopFaults(String loop, LoopLogger log) {
    this.loop = loop;
    this.log = log;
  }

  /** Returns the name of the loop's thread. */
  public String loop() {
    return loop;
  }

  /**
   * Counts a throwable that would have ended the loop, and logs it.
   *
   * @param where what was being done, such as "a connection of 10.0.0.1:80/tcp"
   */
  public void survived(String where, Throwable fault) {
    count(where, fault);
    log.log(Level.ERROR, () -> loop + ": fault in " + where, fault);
  }

  /** Counts a throwable that somebody else logs. */
  public void count(String where, Throwable fault) {
    count.incrementAndGet();
    try {
      last = where + ": " + fault;
    } catch (Throwable _) {
      // No memory for the words, or a toString that throws: it is counted all the same.
    }
  }

  /** Runs a task and survives whatever it throws. */
  public void guard(String where, Runnable task) {
    try {
      task.run();
    } catch (Throwable fault) {
      survived(where, fault);
    }
  }

  /** Returns how many there were. */
  public long count() {
    return count.get();
  }

  /** Returns the loop as it is now. */
  public LoopSnapshot snapshot(boolean alive, Duration behind) {
    return new LoopSnapshot(loop, alive, behind, count.get(), last);
  }
}
