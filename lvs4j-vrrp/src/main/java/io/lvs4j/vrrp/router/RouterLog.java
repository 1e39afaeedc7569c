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
   * Warns of something that may happen often. On the router's thread only.
   *
   * @param key what counts as the same warning
   */
  void warn(String key, String message) {
    var now = clock.now();
    var before = told.get(key);
    if (before == null) {
      told.put(key, new Told(now));
      log(Level.WARNING, message, null);
    } else if (before.at.until(now).compareTo(PAUSE) < 0) {
      before.since++;
    } else {
      log(
          Level.WARNING,
          before.since == 0 ? message : message + " (" + before.since + " more since)",
          null);
      before.at = now;
      before.since = 0;
    }
  }

  void log(Level level, String message, @Nullable Throwable cause) {
    try {
      executor.execute(() -> LOG.log(level, message, cause));
    } catch (RejectedExecutionException ended) {
      LOG.log(level, message, cause);
    }
  }
}
