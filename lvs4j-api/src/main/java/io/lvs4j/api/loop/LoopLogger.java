package io.lvs4j.api.loop;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A logger for code on a loop: no call throws, and no call site floods the log.
 *
 * <p>A log call runs foreign code, and needs what may have run out. The JDK's own opens files when
 * its first line is written, and throws an Error where there is no descriptor left for them. Here
 * such a line is lost, and the loop goes on.
 *
 * <p>A call site writes a line at once and then none for a second; the pause doubles up to a minute
 * while it goes on calling, and the next line says how many were left out. Such a line tells of an
 * exception without its stack. What is logged below INFO is not bounded: whoever turns that on
 * wants to see it all.
 *
 * <p>Thread-safe.
 */
public final class LoopLogger implements System.Logger {
  private static final long SHORTEST_PAUSE = Duration.ofSeconds(1).toNanos();
  private static final long LONGEST_PAUSE = Duration.ofMinutes(1).toNanos();

  /** Call sites that are told apart; those that come later share one. */
  private static final int MOST_SITES = 64;

  private final String name;
  private final @Nullable LongSupplier nanoTime;
  private final Map<Object, Site> sites = new HashMap<>();
  private volatile System.@Nullable Logger delegate;

  private static final class Site {
    private long quietUntil;
    private long pause;
    private long leftOut;
    private boolean used;
  }

  private LoopLogger(String name, @Nullable LongSupplier nanoTime) {
    this.name = name;
    this.nanoTime = nanoTime;
  }

  /**
   * Returns a logger of this class's name.
   *
   * @param nanoTime the clock, {@code System::nanoTime} but for tests
   */
  public static LoopLogger of(Class<?> type, LongSupplier nanoTime) {
    return new LoopLogger(type.getName(), nanoTime);
  }

  /** Returns a logger of this name. */
  public static LoopLogger of(String name, LongSupplier nanoTime) {
    return new LoopLogger(name, nanoTime);
  }

  /**
   * Returns a logger that leaves no line out, for what an application causes one by one, such as a
   * start. Its calls don't throw either.
   */
  public static LoopLogger unbounded(String name) {
    return new LoopLogger(name, null);
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public boolean isLoggable(Level level) {
    try {
      return delegate().isLoggable(level);
    } catch (Throwable _) {
      return false;
    }
  }

  @Override
  public void log(Level level, String message) {
    write(message, level, () -> message, null);
  }

  @Override
  public void log(Level level, Supplier<String> message) {
    write(message.getClass(), level, message, null);
  }

  @Override
  public void log(Level level, Object object) {
    write(object.getClass(), level, object::toString, null);
  }

  @Override
  public void log(Level level, String message, @Nullable Throwable thrown) {
    write(message, level, () -> message, thrown);
  }

  @Override
  public void log(Level level, Supplier<String> message, @Nullable Throwable thrown) {
    write(message.getClass(), level, message, thrown);
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String message,
      @Nullable Throwable thrown) {
    write(String.valueOf(message), level, () -> String.valueOf(message), thrown);
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String format,
      @Nullable Object @Nullable ... parameters) {
    var pattern = String.valueOf(format);
    write(
        pattern,
        level,
        () -> parameters == null ? pattern : java.text.MessageFormat.format(pattern, parameters),
        null);
  }

  private void write(
      Object site, Level level, Supplier<String> message, @Nullable Throwable thrown) {
    try {
      var log = delegate();
      if (!log.isLoggable(level)) {
        return;
      }
      long leftOut = level.getSeverity() < Level.INFO.getSeverity() ? 0 : leftOut(site);
      if (leftOut < 0) {
        return;
      }
      var text = message.get() + (leftOut == 0 ? "" : " (and " + leftOut + " times before)");
      if (thrown == null) {
        log.log(level, text);
      } else if (leftOut > 0) {
        // Its stack was there the first time.
        log.log(level, text + ": " + thrown);
      } else {
        log.log(level, text, thrown);
      }
    } catch (Throwable _) {
      // The line is lost. To tell of that would take a log that works.
    }
  }

  /** Returns how many lines a site has left out and may tell of now, or -1: this one as well. */
  private long leftOut(Object key) {
    if (nanoTime == null) {
      return 0;
    }
    long now = nanoTime.getAsLong();
    synchronized (sites) {
      var site = sites.get(key);
      if (site == null) {
        // The last place is for all that come when the others are taken.
        Object kept = sites.size() < MOST_SITES ? key : this;
        site = sites.computeIfAbsent(kept, _ -> new Site());
      }
      if (site.used && now - site.quietUntil < 0) {
        site.leftOut++;
        return -1;
      }
      boolean again = site.used && now - site.quietUntil < LONGEST_PAUSE;
      site.pause = again ? Math.min(2 * site.pause, LONGEST_PAUSE) : SHORTEST_PAUSE;
      site.quietUntil = now + site.pause;
      site.used = true;
      long leftOut = site.leftOut;
      site.leftOut = 0;
      return leftOut;
    }
  }

  private System.Logger delegate() {
    var log = delegate;
    if (log == null) {
      log = System.getLogger(name);
      delegate = log;
    }
    return log;
  }
}
