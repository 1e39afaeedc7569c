package io.lvs4j.keepalived.syntax;

import io.lvs4j.keepalived.diagnostic.Diagnostics;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a file as their keywords see them: comments gone, files included, conditions
 * decided, sequences written out, definitions put in.
 *
 * <p>The order is keepalived's: a file is included before anything else is done to the line, then
 * comes the condition, the sequence, the definition, and last the substitution, whose outcome may
 * begin with a condition or a sequence again.
 */
final class LogicalLines implements AutoCloseable {
  private static final int DEEPEST = 200;

  private final Deque<Frame> frames = new ArrayDeque<>();
  private final Includes includes;
  private final Definitions definitions;
  private final SourceOptions options;
  private final Diagnostics diagnostics;
  private final ReadingBudget budget;

  LogicalLines(
      Includes includes, SourceOptions options, ReadingBudget budget, Diagnostics diagnostics) {
    this.includes = includes;
    this.budget = budget;
    this.definitions = new Definitions(options, budget, diagnostics);
    this.options = options;
    this.diagnostics = diagnostics;
  }

  /** Where lines come from until there are no more. */
  private sealed interface Frame {}

  private record FileFrame(SourceFile file) implements Frame {}

  private record BodyFrame(Iterator<Line> lines) implements Frame {}

  private record SequenceFrame(Sequence sequence) implements Frame {}

  /** Begins with this file. */
  void open(SourceFile file) {
    frames.push(new FileFrame(file));
  }

  /** Returns the next line that says something, or null when there is none. */
  @Nullable Line next() throws IOException {
    while (true) {
      Line raw = raw();
      if (raw == null) {
        return null;
      }
      Line line = raw.text().isEmpty() ? null : processed(raw);
      if (line == null || line.text().isEmpty()) {
        continue;
      }
      if (line.text().startsWith("random_seed")
          && line.text().matches("random_seed[ \t]+[0-9]{1,18}")) {
        definitions.seed(Long.parseLong(line.text().substring("random_seed".length()).trim()));
      }
      budget.line(line.text().length());
      return line;
    }
  }

  private @Nullable Line raw() throws IOException {
    while (true) {
      var frame = frames.peek();
      if (frame == null) {
        return null;
      }
      Line line =
          switch (frame) {
            case FileFrame(SourceFile file) -> fromFile(file);
            case BodyFrame(Iterator<Line> body) -> body.hasNext() ? body.next() : null;
            case SequenceFrame(Sequence sequence) -> fromSequence(sequence);
          };
      if (line != null) {
        budget.step(line.position());
        return line;
      }
      frames.remove(frame);
      if (frame instanceof FileFrame(SourceFile file)) {
        includes.leave(file);
      }
    }
  }

  /** Returns the next line of a file that isn't an include. */
  private @Nullable Line fromFile(SourceFile file) throws IOException {
    includes.enter(file);
    Line line = file.next(budget, diagnostics);
    if (line == null || !line.text().startsWith("include")) {
      return line;
    }
    var opened = includes.resolve(file, line);
    if (opened == null) {
      return line;
    }
    if (!opened.isEmpty() && frames.size() >= DEEPEST) {
      diagnostics.error(
          line.position(), "include: too deep (expected: at most " + DEEPEST + " files)");
      return line.replacedBy("");
    }
    opened.reversed().forEach(included -> frames.push(new FileFrame(included)));
    return line.replacedBy("");
  }

  private @Nullable Line fromSequence(Sequence sequence) {
    if (!sequence.values().hasNext()) {
      return null;
    }
    var values = sequence.values().next();
    for (int i = 0; i < values.size(); i++) {
      definitions.define(sequence.names().get(i), values.get(i), sequence.rest());
    }
    return sequence.rest();
  }

  /** Returns what is left of a line for the keywords, or null when nothing is. */
  private @Nullable Line processed(Line raw) throws IOException {
    Line line = raw;
    boolean included = true;
    if (line.text().startsWith("@")) {
      int end = endOfWord(line.text());
      included = isMeant(line.text().substring(1, end));
      line = line.from(end);
    }
    int value = valueOfDefinition(line.text());
    if (value > 0) {
      var body = body(line, value);
      if (included) {
        String name = line.text().substring(1, value - 1);
        definitions.define(name, body);
      }
      return null;
    }
    if (!included) {
      return null;
    }
    if (Sequence.begins(line.text())) {
      var sequence = Sequence.parse(line, definitions, budget, diagnostics);
      if (sequence != null) {
        push(new SequenceFrame(sequence), line);
      }
      return null;
    }
    var substituted = definitions.substitute(line, directory());
    if (substituted == null) {
      return null;
    }
    if (!substituted.more().isEmpty()) {
      push(new BodyFrame(substituted.more().iterator()), line);
    }
    Line replaced = substituted.line();
    boolean again =
        !replaced.verbatim()
            && (replaced.text().startsWith("@") || Sequence.begins(replaced.text()))
            && !replaced.text().equals(line.text());
    return again ? processed(replaced) : replaced;
  }

  private void push(Frame frame, Line line) {
    if (frames.size() >= DEEPEST) {
      diagnostics.error(
          line.position(), "definitions without end (expected: none that names itself)");
      frames.removeIf(each -> !(each instanceof FileFrame));
      return;
    }
    frames.push(frame);
  }

  private boolean isMeant(String condition) {
    return condition.startsWith("^")
        ? !condition.substring(1).equals(options.configurationId())
        : condition.equals(options.configurationId());
  }

  private static int endOfWord(String text) {
    int end = 0;
    while (end < text.length() && !Characters.isBlank(text.charAt(end))) {
      end++;
    }
    return end;
  }

  /** Returns the index behind {@code $NAME=}, or 0 when the line isn't a definition. */
  private static int valueOfDefinition(String text) {
    if (!text.startsWith("$")) {
      return 0;
    }
    int end = Characters.endOfName(text, 1);
    return end > 1 && text.startsWith("=", end) ? end + 1 : 0;
  }

  /** Returns what is defined: the rest of the line, or the lines that follow a lone backslash. */
  private List<Line> body(Line line, int value) throws IOException {
    String text = line.text().substring(value);
    if (!text.trim().equals("\\")) {
      return List.of(line.from(value));
    }
    var body = new ArrayList<Line>();
    while (true) {
      var frame = frames.peek();
      Line next =
          frame instanceof FileFrame(SourceFile file)
              ? file.next(budget, diagnostics)
              : frame instanceof BodyFrame(Iterator<Line> lines) && lines.hasNext()
                  ? lines.next()
                  : null;
      if (next == null) {
        return body;
      }
      budget.step(next.position());
      boolean last = !next.text().endsWith("\\");
      String kept =
          last
              ? next.text()
              : Characters.trimEnd(next.text().substring(0, next.text().length() - 1));
      if (!kept.isEmpty()) {
        body.add(new Line(kept, next.position(), next.verbatim()));
      }
      if (last || body.size() > ReadingBudget.MOST_LINES) {
        return body;
      }
    }
  }

  private String directory() {
    for (var frame : frames) {
      if (frame instanceof FileFrame(SourceFile file)) {
        return file.directory().toString();
      }
    }
    return "";
  }

  @Override
  public void close() throws IOException {
    for (var frame : frames) {
      if (frame instanceof FileFrame(SourceFile file)) {
        includes.leave(file);
      }
    }
    frames.clear();
  }
}
