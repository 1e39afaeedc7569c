package io.lvs4j.vrrp.router;

import io.lvs4j.vrrp.machine.Moment;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What the router's thread has to say, written by another thread: a log that blocks must not delay
 * an advert. A warning that comes again and again is written once a minute, with a count.
 */
final class RouterLog {
  private static final Logger LOG = System.getLogger("io.lvs4j.vrrp");

  /** Who has told of the configuration already, such as the reader of a file, turns this off. */
  private static final Logger CONFIGURATION = System.getLogger("io.lvs4j.vrrp.configuration");

  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final Executor executor;
  private final RouterClock clock;
  private final Map<String, Told> told = new HashMap<>();

  private static final class Told {
    Moment at;
    long since;

    Told(Moment at) {
      this.at = at;
    }
  }

  RouterLog(Executor executor, RouterClock clock) {
    this.executor = executor;
    this.clock = clock;
  }

  /**
   * Warns of something that may happen often, from any thread.
   *
   * @param key what counts as the same warning
   */
  void warn(String key, String message) {
    warn(key, message, null);
  }

  /** Warns of an error that nobody expected; it may come again with each message. */
  void failed(String what, Throwable cause) {
    try {
      warn("failed " + what, what + ": internal error: " + words(cause), cause);
    } catch (RuntimeException | Error again) {
      // Without the memory for a line, it goes unsaid; it has been counted.
    }
  }

  private void warn(String key, String message, @Nullable Throwable cause) {
    var now = clock.now();
    synchronized (told) {
      var before = told.get(key);
      if (before == null) {
        told.put(key, new Told(now));
        log(Level.WARNING, message, cause);
      } else if (before.at.until(now).compareTo(PAUSE) < 0) {
        before.since++;
      } else {
        log(
            Level.WARNING,
            before.since == 0 ? message : message + " (" + before.since + " more since)",
            cause);
        before.at = now;
        before.since = 0;
      }
    }
  }

  /** Warns of what is odd but allowed about the configuration. */
  void warnOfConfiguration(String message) {
    log(CONFIGURATION, Level.WARNING, message, null);
  }

  /** Writes a line. Whatever becomes of it, the caller goes on. */
  void log(Level level, String message, @Nullable Throwable cause) {
    log(LOG, level, message, cause);
  }

  private void log(Logger logger, Level level, String message, @Nullable Throwable cause) {
    try {
      executor.execute(() -> write(logger, level, message, cause));
    } catch (RejectedExecutionException ended) {
      write(logger, level, message, cause);
    } catch (RuntimeException | Error failed) {
      // There is no thread for it, or no memory.
    }
  }

  private static void write(Logger logger, Level level, String message, @Nullable Throwable cause) {
    try {
      logger.log(level, message, cause);
    } catch (RuntimeException | Error failed) {
      // A logger that fails, or a class of it that can't be loaded, is no reason to.
    }
  }

  /** Returns an error in words; one that can't say them is known by its class. */
  static String words(Throwable cause) {
    try {
      return cause.toString();
    } catch (RuntimeException | Error silent) {
      return cause.getClass().getName();
    }
  }
}
