package io.lvs4j.run.signal;

import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Everything that the process has to say, a line each, with the time and how grave it is. Until the
 * director is ready lines are held back, so that the first one says that it is.
 *
 * <p>Thread-safe.
 */
public final class EventLines {
  private static final String ABOUT_US = "io.lvs4j";

  /** What is odd about VRRP's configuration is told with its line in the file, once. */
  private static final Logger CONFIGURATION = Logger.getLogger("io.lvs4j.vrrp.configuration");

  private final PrintStream out;
  private final List<String> held = new ArrayList<>();
  private boolean holding = true;

  /** Creates lines that are written to a stream. */
  public EventLines(PrintStream out) {
    this.out = out;
  }

  /** Takes over what all of the process logs. */
  public void takeLog() {
    LogManager.getLogManager().reset();
    var root = Logger.getLogger("");
    root.setLevel(Level.INFO);
    root.addHandler(new LogLines());
    CONFIGURATION.setLevel(Level.OFF);
  }

  /** Writes a line about the process itself. */
  public void tell(System.Logger.Level level, String text) {
    line(Instant.now(), level.name(), text);
  }

  /** Writes a line as it stands. */
  public synchronized void raw(String text) {
    write(oneLine(text));
  }

  /** Writes a line now, and then those that were held back for it. */
  public synchronized void open(String first) {
    out.println(first);
    release();
  }

  /** Writes those that were held back; further ones are written at once. */
  public synchronized void release() {
    holding = false;
    held.forEach(out::println);
    held.clear();
    out.flush();
  }

  private synchronized void line(Instant time, String level, String text) {
    write(
        "%s %-7s %s"
            .formatted(
                time.truncatedTo(ChronoUnit.MILLIS),
                level.toLowerCase(Locale.ROOT),
                oneLine(text)));
  }

  private void write(String line) {
    if (holding) {
      held.add(line);
    } else {
      out.println(line);
      out.flush();
    }
  }

  /** Returns a text without line ends and other control characters. */
  static String oneLine(String text) {
    return text.strip()
        .replaceAll("\\R\\s*(?:- )?", "; ")
        .replaceAll(":; ", ": ")
        .replaceAll("\\p{Cntrl}", "?");
  }

  private final class LogLines extends Handler {
    private final SimpleFormatter formatter = new SimpleFormatter();

    @Override
    public void publish(LogRecord record) {
      if (isLoggable(record)) {
        var thrown = record.getThrown();
        line(
            record.getInstant(),
            level(record.getLevel()),
            source(record.getLoggerName())
                + formatter.formatMessage(record)
                + (thrown == null ? "" : " (" + cause(thrown) + ")"));
      }
    }

    @Override
    public void flush() {
      out.flush();
    }

    @Override
    public void close() {
      out.flush();
    }
  }

  private static String source(String logger) {
    return logger == null || logger.isEmpty() || logger.startsWith(ABOUT_US) ? "" : logger + ": ";
  }

  private static String level(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return "error";
    }
    return level.intValue() >= Level.WARNING.intValue() ? "warning" : "info";
  }

  /** The exception and where it comes from, as far as one line goes. */
  private static String cause(Throwable thrown) {
    var text = new StringBuilder(thrown.toString());
    var trace = thrown.getStackTrace();
    for (int i = 0; i < Math.min(3, trace.length); i++) {
      text.append(" at ").append(trace[i]);
    }
    var cause = thrown.getCause();
    return cause == null || cause.equals(thrown)
        ? text.toString()
        : text + ", caused by " + cause(cause);
  }
}
