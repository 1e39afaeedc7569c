package io.lvs4j.keepalived.syntax;

import io.lvs4j.keepalived.diagnostic.Diagnostics;
import io.lvs4j.keepalived.diagnostic.Position;
import io.lvs4j.keepalived.syntax.LineParts.Part;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads files into statements. Blocks are found by their braces alone, known keyword or not, so
 * that what isn't understood can be left out as a whole: no line changes what another one belongs
 * to.
 */
public final class StatementTree {
  private static final int DEEPEST = 64;

  /** Kinds of file systems whose files are made up while they are read; some never end. */
  private static final Set<String> MADE_UP =
      Set.of(
          "proc",
          "sysfs",
          "debugfs",
          "tracefs",
          "securityfs",
          "configfs",
          "cgroup",
          "cgroup2",
          "devtmpfs",
          "devpts",
          "bpf",
          "pstore",
          "fusectl",
          "mqueue");

  private final Diagnostics diagnostics;
  private final LineParts lineParts;
  private final Deque<Open> open = new ArrayDeque<>();
  private int tooDeep;

  private StatementTree(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
    this.lineParts = new LineParts(diagnostics);
    open.push(new Open(null));
  }

  /** A block that is being read, and the statement before its brace. */
  private static final class Open {
    private final @Nullable Statement opener;
    private final List<Statement> statements = new ArrayList<>();
    private boolean blockMayFollow;

    private Open(@Nullable Statement opener) {
      this.opener = opener;
    }
  }

  /**
   * Says whether a file is a regular one, which ends: not a pipe, a device or a directory, nor one
   * that the kernel makes up, such as /proc/kmsg, whose next line may come tomorrow.
   */
  public static boolean isPlain(Path file) {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try {
      return !MADE_UP.contains(Files.getFileStore(file).type());
    } catch (IOException unknown) {
      // Where the mounts can't be seen, as in some containers, a file is what it says.
      return true;
    }
  }

  /**
   * Reads a file and what it includes.
   *
   * @throws ReadingLimitException when there is more of it than any configuration needs
   * @throws IOException when the file can't be read; what goes wrong with included ones is told
   */
  public static List<Statement> read(Path file, SourceOptions options, Diagnostics diagnostics)
      throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (!isPlain(file)) {
      throw new IOException(file + " is not a regular file");
    }
    var source =
        new SourceFile(file.toString(), Includes.absolute(file), () -> Files.newInputStream(file));
    return read(source, options, diagnostics);
  }

  /**
   * Reads a text and what it includes.
   *
   * @param name what positions call it
   * @param directory where the files are that it includes by a relative name
   * @throws IOException when a file that was opened can't be read to its end
   */
  public static List<Statement> read(
      String name, Path directory, String text, SourceOptions options, Diagnostics diagnostics)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    var source =
        new SourceFile(
            name,
            Includes.absolute(directory).resolve("text"),
            () -> new ByteArrayInputStream(bytes));
    return read(source, options, diagnostics);
  }

  private static List<Statement> read(
      SourceFile source, SourceOptions options, Diagnostics diagnostics) throws IOException {
    var tree = new StatementTree(diagnostics);
    var budget = new ReadingBudget(source.name());
    budget.file(source.size());
    try (var lines =
        new LogicalLines(new Includes(budget, diagnostics), options, budget, diagnostics)) {
      lines.open(source);
      for (Line line = lines.next(); line != null; line = lines.next()) {
        for (Part part : tree.lineParts.of(line)) {
          if (part instanceof Part.Text text) {
            budget.kept(text.words().size());
          }
          tree.add(part);
        }
      }
    }
    return tree.finished();
  }

  private void add(Part part) {
    switch (part) {
      case Part.Text(Line line, List<Word> words, boolean told) -> {
        if (tooDeep == 0) {
          block().statements.add(statement(line, words, told));
          block().blockMayFollow = true;
        }
      }
      case Part.Open(Line line, boolean told) -> open(line, told);
      case Part.Close(Line line) -> close(line.position());
    }
  }

  private Open block() {
    return open.getFirst();
  }

  private static Statement statement(Line line, List<Word> words, boolean told) {
    Word keyword = words.getFirst();
    int behind = keyword.text().length() + (keyword.quoted() ? 2 : 0);
    Line rest = line.from(Math.min(behind, line.text().length()));
    return new Statement(
        keyword,
        words.subList(1, words.size()),
        new Statement.Rest(rest.text(), rest.position()),
        Optional.empty(),
        told);
  }

  private void open(Line line, boolean told) {
    if (tooDeep > 0 || open.size() > DEEPEST) {
      if (tooDeep++ == 0) {
        diagnostics.error(line.position(), "block too deep (expected: at most " + DEEPEST + ")");
      }
      return;
    }
    Statement opener;
    if (block().blockMayFollow) {
      var before = block().statements.removeLast();
      opener =
          new Statement(
              before.keyword(),
              before.arguments(),
              before.rest(),
              Optional.empty(),
              before.told() || told);
    } else {
      diagnostics.error(
          line.position(), "'{' without a keyword: the block is left out (expected: a keyword)");
      opener = statement(line, List.of(new Word("{", line.position(), false)), true);
    }
    block().blockMayFollow = false;
    open.push(new Open(opener));
  }

  private void close(Position position) {
    if (tooDeep > 0) {
      tooDeep--;
      return;
    }
    var opener = block().opener;
    if (opener == null) {
      diagnostics.error(position, "'}' without '{' (expected: one for each)");
      block().blockMayFollow = false;
      return;
    }
    var closed = open.pop();
    block()
        .statements
        .add(
            new Statement(
                opener.keyword(),
                opener.arguments(),
                opener.rest(),
                Optional.of(closed.statements),
                opener.told()));
    block().blockMayFollow = false;
  }

  private List<Statement> finished() {
    tooDeep = 0;
    while (open.size() > 1) {
      var opener = block().opener;
      if (opener != null) {
        diagnostics.error(
            opener.position(),
            "block "
                + Diagnostics.quoted(opener.name())
                + " has no end (expected: '}' before the end of the file)");
        close(opener.position());
      }
    }
    return block().statements;
  }
}
