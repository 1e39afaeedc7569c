package io.lvs4j.keepalived.ipvsadm;

import io.lvs4j.keepalived.diagnostic.Diagnostics;
import io.lvs4j.keepalived.diagnostic.Position;

/** Reads the numbers of one command line, and remembers whether all were good. */
final class NumberReader {
  private final Options options;
  private final Diagnostics diagnostics;
  private final Position position;
  private boolean good = true;

  NumberReader(Options options, Diagnostics diagnostics, Position position) {
    this.options = options;
    this.diagnostics = diagnostics;
    this.position = position;
  }

  /** Returns the number behind an option, or the default. */
  int number(String option, int otherwise, int least, int most) {
    var text = options.value(option).filter(value -> !value.isEmpty());
    if (text.isEmpty()) {
      return otherwise;
    }
    if (text.get().matches("[0-9]{1,10}")) {
      long value = Long.parseLong(text.get());
      if (value >= least && value <= most) {
        return (int) value;
      }
    }
    wrong(option, text.get(), least + "-" + most);
    return otherwise;
  }

  void wrong(String option, String value, String expected) {
    good = false;
    diagnostics.error(
        position,
        "ipvsadm: "
            + option
            + ": "
            + value
            + " (expected: "
            + expected
            + "); the line is left out");
  }

  boolean good() {
    return good;
  }
}
