package io.lvs4j.health.probe;

import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The log of health checks. It never throws: a logger that fails, as one may that needs a file and
 * finds no descriptor, must not end the thread on which all checks are made, nor keep a verdict
 * back.
 */
public final class HealthLog {
  private static final System.Logger LOG = System.getLogger("io.lvs4j.health");
  private static final AtomicLong LOST = new AtomicLong();
  private static final Map<String, Repeated> OFTEN = new ConcurrentHashMap<>();
  private static final long PAUSE = TimeUnit.MINUTES.toNanos(1);

  private HealthLog() {}

  /**
   * Loads what the JDK's loggers read at their first record. A class whose initializer fails, for
   * want of a descriptor say, stays broken for as long as the JVM lives.
   */
  static void prepare() {
    try {
      LOG.log(System.Logger.Level.TRACE, () -> "time zone " + TimeZone.getDefault().getID());
      var _ = TimeZone.getDefault();
    } catch (RuntimeException | Error failed) {
      // Told with the next record that can be written.
      LOST.incrementAndGet();
    }
  }

  /**
   * Writes a record of something that may happen often: the first, and then one a minute with the
   * number of those in between.
   *
   * @param key what counts as the same; there are few of them
   */
  public static void often(
      System.Logger.Level level, String key, String text, @Nullable Throwable thrown) {
    try {
      long now = System.nanoTime();
      var before = OFTEN.computeIfAbsent(key, _ -> new Repeated(now - PAUSE));
      long more;
      synchronized (before) {
        if (now - before.at < PAUSE) {
          before.since++;
          return;
        }
        before.at = now;
        more = before.since;
        before.since = 0;
      }
      log(level, more == 0 ? text : text + " (" + more + " more since)", thrown);
    } catch (RuntimeException | Error failed) {
      LOST.incrementAndGet();
    }
  }

  private static final class Repeated {
    private long at;
    private long since;

    private Repeated(long at) {
      this.at = at;
    }
  }

  /** Writes a record. */
  public static void log(System.Logger.Level level, String text) {
    log(level, text, null);
  }

  /** Writes a record with an exception. */
  public static void log(System.Logger.Level level, String text, @Nullable Throwable thrown) {
    try {
      long lost = LOST.getAndSet(0);
      if (lost > 0) {
        LOG.log(System.Logger.Level.WARNING, lost + " records were lost, as the logger failed");
      }
      if (thrown == null) {
        LOG.log(level, text);
      } else {
        LOG.log(level, text, thrown);
      }
    } catch (RuntimeException | Error failed) {
      // Told with the next record that can be written.
      LOST.incrementAndGet();
    }
  }
}
