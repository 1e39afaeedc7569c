package io.lvs4j.lab.ipvs;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** The lines that a part of lvs4j writes to its log while a test looks. */
final class LogLines extends Handler implements AutoCloseable {
  private final Logger logger;
  private final List<String> lines = new CopyOnWriteArrayList<>();

  private LogLines(String name) {
    this.logger = Logger.getLogger(name);
    logger.addHandler(this);
  }

  static LogLines of(String name) {
    return new LogLines(name);
  }

  List<String> all() {
    return List.copyOf(lines);
  }

  /** Returns those that have this in them, and forgets all. */
  List<String> take(String part) {
    var found = lines.stream().filter(line -> line.contains(part)).toList();
    lines.clear();
    return found;
  }

  @Override
  public void publish(LogRecord line) {
    lines.add(line.getMessage());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
  }
}
