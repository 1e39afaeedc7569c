package io.lvs4j.keepalived.diagnostic;

import io.lvs4j.api.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Collects diagnostics in the order in which they are found, and no more of them than a person
 * would read. Not safe for use by several threads at once.
 */
public final class Diagnostics {
  /** How many are kept; of the others only the number is told. */
  public static final int MOST = 1000;

  private static final int LONGEST_VALUE = 80;

  private final List<Diagnostic> found = new ArrayList<>();
  private int untold;
  private Severity worstUntold = Severity.NOTE;
  private @Nullable Position firstUntold;

  /** Tells that a line is understood and has no effect. */
  public void note(Position position, String text) {
    add(new Diagnostic(Severity.NOTE, position, text, Optional.empty()));
  }

  /** Tells that something is taken in another way than it is written, or is worth a look. */
  public void warning(Position position, String text) {
    add(new Diagnostic(Severity.WARNING, position, text, Optional.empty()));
  }

  /** The same, and what was probably meant. */
  public void warning(Position position, String text, Optional<String> suggestion) {
    add(new Diagnostic(Severity.WARNING, position, text, suggestion));
  }

  /** Tells that what keepalived doesn't know either is left out, and what was probably meant. */
  public void leftOut(Position position, String text, Optional<String> suggestion) {
    add(new Diagnostic(Severity.LEFT_OUT, position, text, suggestion));
  }

  /** Tells that something that was asked for is left out. */
  public void error(Position position, String text) {
    add(new Diagnostic(Severity.ERROR, position, text, Optional.empty()));
  }

  /** The same, and what was probably meant. */
  public void error(Position position, String text, Optional<String> suggestion) {
    add(new Diagnostic(Severity.ERROR, position, text, suggestion));
  }

  /** Tells everything that is wrong with something that is therefore left out. */
  public void errors(Position position, List<Problem> problems) {
    problems.forEach(problem -> error(position, FileWords.of(problem).toString()));
  }

  /** Tells what is odd about something that is taken all the same. */
  public void warnings(Position position, List<Problem> problems) {
    problems.stream()
        .distinct()
        .forEach(problem -> warning(position, FileWords.of(problem).toString()));
  }

  /** Adds one. */
  public void add(Diagnostic diagnostic) {
    if (found.size() < MOST) {
      found.add(diagnostic);
      return;
    }
    untold++;
    if (firstUntold == null) {
      firstUntold = diagnostic.position();
    }
    if (diagnostic.severity().compareTo(worstUntold) > 0) {
      worstUntold = diagnostic.severity();
    }
  }

  /** Says whether there are so many that of further ones only the number is told. */
  public boolean isFull() {
    return found.size() >= MOST;
  }

  /** Returns all, with a last one that stands for those that were too many. */
  public List<Diagnostic> all() {
    if (firstUntold == null) {
      return List.copyOf(found);
    }
    var all = new ArrayList<>(found);
    all.add(
        new Diagnostic(worstUntold, firstUntold, untold + " more, from here on", Optional.empty()));
    return List.copyOf(all);
  }

  /** Returns a word of the text as messages show it: in quotes, and not without end. */
  public static String quoted(String word) {
    return '\''
        + (word.length() > LONGEST_VALUE ? word.substring(0, LONGEST_VALUE) + "..." : word)
        + '\'';
  }
}
